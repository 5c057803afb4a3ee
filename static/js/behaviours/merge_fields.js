// Typing {{ in a field lists the merge fields; the list is chosen from with arrows and Enter.
let menu;
let input;

const upToCaret = () => input.value.slice(0, input.selectionStart);

function close() {
  const open = menu;
  menu = null;
  open?.remove();
}

function insert(tag) {
  const start = upToCaret().lastIndexOf('{{');
  const end = input.value.slice(input.selectionStart).match(/^\s*\}\}/)?.[0].length ?? 0;
  input.setRangeText(tag, start, input.selectionStart + end, 'end');
  const fallback = tag.indexOf('""');
  if (fallback > 0) input.setSelectionRange(start + fallback + 1, start + fallback + 1);
  input.dispatchEvent(new Event('input', { bubbles: true }));
  close();
  input.focus();
}

function offer(found) {
  close();
  menu = document.createElement('div');
  menu.className = 'menu merge-menu';
  menu.setAttribute('role', 'listbox');
  menu.setAttribute('aria-label', 'Merge fields');
  for (const option of found) {
    const item = document.createElement('button');
    item.type = 'button';
    item.className = 'menu__item';
    item.setAttribute('role', 'option');
    item.textContent = option.label;
    item.addEventListener('mousedown', (event) => event.preventDefault());
    item.addEventListener('click', () => insert(option.value));
    menu.append(item);
  }
  input.after(menu);
}

document.addEventListener('input', (event) => {
  if (!event.target.matches?.('[data-merge]')) return;
  input = event.target;
  const open = upToCaret().match(/\{\{\s*([\w.]*)$/);
  if (!open) { close(); return; }
  const said = open[1].toLowerCase();
  const all = [...document.querySelectorAll('#merge-fields option')];
  const found = all.filter((one) => `${one.value} ${one.label}`.toLowerCase().includes(said)).slice(0, 12);
  if (found.length) offer(found); else close();
});

document.addEventListener('keydown', (event) => {
  if (!menu) return;
  const items = [...menu.children];
  const at = items.indexOf(document.activeElement);
  if (event.key === 'Escape') { close(); input.focus(); } else if (event.key === 'ArrowDown') items[(at + 1) % items.length].focus();
  else if (event.key === 'ArrowUp') items.at(at - 1).focus();
  else if (event.key === 'Enter' && at < 0) items[0].click();
  else return;
  event.preventDefault();
  event.stopPropagation();
}, true);
document.addEventListener('focusout', (event) => {
  if (menu && !menu.contains(event.relatedTarget) && event.relatedTarget !== input) close();
});
