// Fields of the design editor with a little more than text: buttons over rich text, a swatch beside a
// colour. Made here, so that there is nothing to see without JavaScript that does not work.
const BUTTONS = [
  ['B', 'Bold', '<b>', '</b>'], ['I', 'Italic', '<i>', '</i>'], ['U', 'Underlined', '<u>', '</u>'],
  ['Link', 'Link', '<a href="https:', '</a>'], ['List', 'List', '<ul>\n<li>', '</li>\n</ul>'], ['{ }', 'Merge field', '{{ ', ''],
];

function typed(input) {
  input.dispatchEvent(new Event('input', { bubbles: true }));
}

// Around what is selected; of a link, the address is what is typed next.
function wrap(area, before, after) {
  const { selectionStart: start, selectionEnd: end } = area;
  const opening = before.startsWith('<a ') ? `${before}//">` : before;
  area.setRangeText(opening + area.value.slice(start, end) + after, start, end, 'end');
  const caret = start + (before.startsWith('<a ') ? opening.length - 2 : opening.length);
  area.focus();
  area.setSelectionRange(caret, before.startsWith('<a ') ? caret : caret + end - start);
  typed(area);
}

function tools(area) {
  const bar = document.createElement('div');
  bar.className = 'rich-tools';
  bar.setAttribute('role', 'toolbar');
  bar.setAttribute('aria-label', 'Format');
  for (const [label, name, before, after] of BUTTONS) {
    const button = document.createElement('button');
    button.type = 'button';
    button.className = `btn btn--small rich-tools__button rich-tools__button--${name.split(' ')[0].toLowerCase()}`;
    button.textContent = label;
    button.title = name;
    button.setAttribute('aria-label', name);
    button.addEventListener('click', () => wrap(area, before, after));
    bar.append(button);
  }
  area.before(bar);
}

function swatch(input) {
  const picker = document.createElement('input');
  picker.type = 'color';
  picker.className = 'swatch';
  picker.setAttribute('aria-label', `Choose: ${input.labels[0]?.textContent ?? 'colour'}`);
  // What is empty is not black: it is the design's own.
  const follow = () => {
    const colour = input.value || input.placeholder;
    if (/^#[0-9a-f]{6}$/i.test(colour)) picker.value = colour;
  };
  picker.addEventListener('input', () => { input.value = picker.value; typed(input); });
  picker.addEventListener('change', () => input.dispatchEvent(new Event('change', { bubbles: true })));
  input.addEventListener('input', follow);
  follow();
  const row = document.createElement('div');
  row.className = 'swatch-row';
  input.replaceWith(row);
  row.append(picker, input);
}

function dress() {
  for (const area of document.querySelectorAll('textarea[data-rich]')) {
    if (!area.previousElementSibling?.matches('.rich-tools')) tools(area);
  }
  for (const input of document.querySelectorAll('input[data-colour]')) {
    if (!input.parentElement.matches('.swatch-row')) swatch(input);
  }
}
dress();
document.addEventListener('htmx:after:swap', dress);
document.addEventListener('htmx:after:process', dress);
