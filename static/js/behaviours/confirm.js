// Questions before something is done: our own dialog, which says what will happen. With data-typed the
// word has to be typed. Serves htmx's hx-confirm and plain forms with data-confirm alike.
function ask(text, word, label) {
  const dialog = document.getElementById('confirm');
  const typed = dialog.querySelector('.confirm__typed');
  const input = dialog.querySelector('#confirm-word');
  const go = dialog.querySelector('.confirm__go');
  dialog.querySelector('.dialog__title').textContent = text;
  dialog.querySelector('.confirm__word').textContent = word ?? '';
  go.textContent = label ?? 'Go on';
  typed.hidden = !word;
  input.value = '';
  go.disabled = Boolean(word);
  input.oninput = () => { go.disabled = input.value.trim() !== word; };
  dialog.returnValue = 'no';
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener('close', () => resolve(dialog.returnValue === 'yes'), { once: true });
  });
}

document.addEventListener('htmx:confirm', async (event) => {
  event.preventDefault();
  const { ctx, issueRequest, dropRequest } = event.detail;
  const source = ctx.sourceElement ?? event.target;
  const yes = await ask(ctx.confirm, source.dataset?.typed, source.dataset?.confirmLabel);
  if (yes) issueRequest(); else dropRequest();
});

document.addEventListener('submit', async (event) => {
  const form = event.target;
  const submitter = event.submitter;
  const text = submitter?.dataset.confirm ?? form.dataset?.confirm;
  if (!text || form.dataset.confirmed) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  const source = submitter?.dataset.confirm ? submitter : form;
  if (!await ask(text, source.dataset.typed, source.dataset.confirmLabel)) return;
  form.dataset.confirmed = 'yes';
  form.requestSubmit(submitter ?? undefined);
  delete form.dataset.confirmed;
}, true);
