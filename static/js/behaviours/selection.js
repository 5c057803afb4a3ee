// Ticking rows: the box in the head ticks all, shift ticks a run, the bar counts.
let last;

document.addEventListener('click', (event) => {
  const box = event.target.closest?.('.list tbody input[type=checkbox]');
  if (!box) return;
  const boxes = rows(box);
  if (event.shiftKey && last && boxes.includes(last)) {
    const [from, to] = [boxes.indexOf(last), boxes.indexOf(box)].sort((a, b) => a - b);
    boxes.slice(from, to + 1).forEach((one) => { one.checked = box.checked; });
  }
  last = box;
});

document.addEventListener('change', (event) => {
  const list = event.target.closest?.('.list');
  if (!list) return;
  if (event.target.matches('[data-all]')) rows(list).forEach((one) => { one.checked = event.target.checked; });
  count(list);
});

document.addEventListener('click', (event) => {
  const clear = event.target.closest?.('[data-clear]');
  if (!clear) return;
  const list = clear.closest('.list');
  rows(list).forEach((one) => { one.checked = false; });
  count(list);
});

function rows(inside) {
  return [...inside.closest('.list').querySelectorAll('tbody input[type=checkbox]')];
}

function count(list) {
  const ticked = rows(list).filter((one) => one.checked).length;
  const counter = list.querySelector('[data-count]');
  if (counter) counter.textContent = `${ticked} selected`;
  const all = list.querySelector('[data-all]');
  if (all) {
    all.checked = ticked > 0 && ticked === rows(list).length;
    all.indeterminate = ticked > 0 && !all.checked;
  }
}
