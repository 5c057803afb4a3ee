// A rule in the making is looked at a while after typing. What a button of it does is not undone by that: its request
// takes all that was typed along.
document.addEventListener('htmx:config:request', (event) => {
  if (event.target.matches?.('[data-look]') && event.target.querySelector('button.htmx-request')) event.preventDefault();
});
