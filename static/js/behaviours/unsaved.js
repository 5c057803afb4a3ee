// A form that was changed asks before it is left. Forms that only search or filter do not.
let dirty = null;

document.addEventListener('input', (event) => {
  const form = event.target.form;
  if (form && form.method === 'post' && form.dataset.guard !== undefined) dirty = form;
});
document.addEventListener('submit', () => { dirty = null; });
window.addEventListener('beforeunload', (event) => {
  if (dirty?.isConnected) event.preventDefault();
});
document.addEventListener('htmx:before:request', (event) => {
  if (!dirty?.isConnected || dirty.contains(event.target)) return;
  if (!event.target.matches?.('a[href]')) return;
  if (window.confirm('Leave this page? What you changed here is not saved.')) dirty = null;
  else event.preventDefault();
});
