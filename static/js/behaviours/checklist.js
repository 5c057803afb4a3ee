// The parts of a campaign: one is open at a time, since saving it brings all of them anew; and after that the
// keyboard stands where it stood. Not the attribute `name`: what is swapped in open would come in closed.
let part = '';

document.addEventListener('toggle', ({ target }) => {
  if (!target.matches?.('.part[open]')) return;
  for (const other of document.querySelectorAll('.part[open]')) if (other !== target) other.open = false;
}, true);
document.addEventListener('htmx:before:request', ({ target }) => { part = target.closest?.('.part')?.id ?? ''; });
document.addEventListener('htmx:after:swap', () => {
  if (!part || document.activeElement !== document.body) return;
  const head = document.querySelector(`#${part} > .part__head`);
  part = '';
  head?.focus();
});
