// Search or jump to, on top of any page: the same address is a page of its own without this file.
const library = new URL('../vendor/combobox-nav.js', import.meta.url);

let combobox;
let asked = 0;

async function results(dialog, q) {
  const mine = ++asked;
  const answer = await fetch(`${dialog.dataset.url}?q=${encodeURIComponent(q)}`, {
    headers: { 'HX-Request': 'true', 'HX-Request-Type': 'partial' },
  }).catch(() => null);
  if (!answer?.ok || mine !== asked) return;
  const part = new DOMParser().parseFromString(await answer.text(), 'text/html');
  const list = dialog.querySelector('[role=listbox]');
  list.replaceChildren(...part.body.childNodes);
  list.querySelectorAll('a').forEach((link, number) => {
    link.id = `jump-${number}`;
    link.setAttribute('role', 'option');
  });
  combobox?.resetSelection();
}

async function build(dialog) {
  dialog.innerHTML = '';
  const input = document.createElement('input');
  input.className = 'input jumps__search';
  input.type = 'search';
  input.placeholder = 'Search or jump to…';
  input.setAttribute('aria-label', 'Search or jump to');
  const list = document.createElement('div');
  list.className = 'jumps__results';
  list.id = 'jumps';
  list.setAttribute('role', 'listbox');
  list.setAttribute('aria-label', 'Matches');
  dialog.append(input, list);
  let timer;
  input.addEventListener('input', () => {
    clearTimeout(timer);
    timer = setTimeout(() => results(dialog, input.value), 120);
  });
  input.focus();
  const { default: Combobox } = await import(library);
  combobox?.destroy();
  combobox = new Combobox(input, list, { firstOptionSelectionMode: 'active', tabInsertsSuggestions: false });
  combobox.start();
  results(dialog, input.value);
}

export function openPalette() {
  const dialog = document.getElementById('palette');
  if (!dialog || dialog.open) return Boolean(dialog);
  document.getElementById('menu')?.close();
  dialog.showModal();
  build(dialog);
  return true;
}

document.addEventListener('click', (event) => {
  if (!event.target.closest?.('[data-palette]') || event.ctrlKey || event.metaKey) return;
  if (openPalette()) event.preventDefault();
});
