// After a part of a campaign was saved, the keyboard stands where it stood: at that part.
let part = '';
document.addEventListener('htmx:before:request', ({ target }) => { part = target.closest?.('.part')?.id ?? ''; });
document.addEventListener('htmx:after:swap', () => {
  if (!part || document.activeElement !== document.body) return;
  const head = document.getElementById(`${part}-head`);
  part = '';
  head?.focus();
});
