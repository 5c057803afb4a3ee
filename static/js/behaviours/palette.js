// Search or jump to, on top of any page: the same address is a page of its own without this file.
const library = new URL('../vendor/combobox-nav.js', import.meta.url);

let combobox;
let timer;
let asking = new AbortController();

async function answerTo(url, signal) {
  const answer = await fetch(url, { headers: { 'HX-Request': 'true', 'HX-Request-Type': 'partial' }, signal });
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}`);
  return answer.text();
}

// The list is busy from the key until its answer. A question that another follows is given up, before it is asked
// and after: an answer that nobody reads would keep its connection.
function isAsked(list) {
  clearTimeout(timer);
  asking.abort();
  asking = new AbortController();
  list.setAttribute('aria-busy', 'true');
  return asking.signal;
}

async function results(dialog, q) {
  const list = dialog.querySelector('[role=listbox]');
  const signal = isAsked(list);
  const answer = await answerTo(`${dialog.dataset.url}?q=${encodeURIComponent(q)}`, signal).catch(() => null);
  if (signal.aborted) return;
  list.removeAttribute('aria-busy');
  const part = new DOMParser().parseFromString(answer ?? '<p class="jumps__none">Nothing could be searched now. Type on to try again.</p>', 'text/html');
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
  isAsked(list);
  input.addEventListener('input', () => {
    isAsked(list);
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
