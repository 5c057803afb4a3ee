// A part that looks again by itself: the focus stays on what has it, which htmx finds again by its id. Where
// that is gone, such as a button whose time is over, the part's heading has it, and not the top of the page.
let part = '';

document.addEventListener('htmx:before:swap', () => {
  part = document.activeElement?.closest?.('[hx-trigger^="every"]')?.id ?? '';
});
document.addEventListener('htmx:after:swap', () => {
  if (!part || document.activeElement !== document.body) return;
  document.getElementById(part)?.querySelector('h2[tabindex="-1"]')?.focus({ preventScroll: true });
  part = '';
});
