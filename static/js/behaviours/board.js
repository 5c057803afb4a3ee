// Dragging a deal to another column presses the button of its menu that names the column: one way for mouse,
// keyboard and pages without script. The card stays until the answer says where it is, so that one that was
// refused has never left.
let dragged;
let moved = '';

document.addEventListener('dragstart', (event) => {
  dragged = event.target.closest?.('[data-deal]');
  if (!dragged) return;
  event.dataTransfer.effectAllowed = 'move';
  event.dataTransfer.setData('text/plain', dragged.id);
  dragged.classList.add('deal--dragged');
});

document.addEventListener('dragover', (event) => {
  const column = over(event);
  if (!column) return;
  event.preventDefault();
  light(column);
});

document.addEventListener('drop', (event) => {
  const column = over(event);
  if (!column) return;
  event.preventDefault();
  button(column).form.requestSubmit(button(column));
});

document.addEventListener('dragend', () => {
  dragged?.classList.remove('deal--dragged');
  dragged = undefined;
  light();
});

// The card that was moved has the focus in its new column, and not the top of the page.
document.addEventListener('submit', (event) => {
  moved = event.target.closest?.('[data-deal]')?.id ?? '';
}, true);
document.addEventListener('htmx:after:swap', () => {
  const card = moved && document.getElementById(moved);
  if (card && document.activeElement === document.body) card.querySelector('.deal__menu')?.focus();
  moved = '';
});

// The column under the pointer, where the card may go.
function over(event) {
  const column = dragged && event.target.closest?.('[data-stage]');
  return column && button(column) ? column : null;
}

function button(column) {
  return dragged.querySelector(`button[name=to][value="${column.dataset.stage}"]`);
}

function light(column) {
  document.querySelectorAll('.board__column--over').forEach((one) => one.classList.toggle('board__column--over', one === column));
  column?.classList.add('board__column--over');
}
