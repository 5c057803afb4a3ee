// Dialogs whose content is fetched: a link with data-dialog or data-drawer opens what it leads to in
// place; without this file it leads there. The server closes them with the event `dialog-close`.
const frames = { dialog: 'dialog', drawer: 'drawer' };

document.addEventListener('click', (event) => {
  if (event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const link = event.target.closest?.('a[data-dialog], a[data-drawer]');
  if (!link) return;
  event.preventDefault();
  open(link, link.hasAttribute('data-drawer') ? frames.drawer : frames.dialog);
});

async function open(link, id) {
  const frame = document.getElementById(id);
  const answer = await fetch(link.href, { headers: { 'HX-Request': 'true', 'HX-Request-Type': 'partial' } }).catch(() => null);
  if (!answer?.ok) { location.href = link.href; return; }
  const part = new DOMParser().parseFromString(await answer.text(), 'text/html');
  frame.replaceChildren(...part.body.childNodes);
  window.htmx?.process(frame);
  frame.showModal();
  frame.querySelector('[autofocus], input, a, button')?.focus();
}

document.addEventListener('dialog-close', () => {
  for (const id of Object.values(frames)) document.getElementById(id)?.close();
});
