// How many notices are unread, on every bell of the page: as the page says, and from then on as its stream does when
// somebody is told something or reads it in another tab. More of them are said politely, fewer are only shown.
let said = null;
let saidAt = 0;
let askedAt = 0;

document.addEventListener('htmx:before:request', ({ target }) => { if (target.id !== 'sse') askedAt = performance.now(); });

document.addEventListener('unread', ({ detail }) => {
  const before = shown();
  said = detail.data;
  saidAt = performance.now();
  document.getElementById('main').dataset.unread = said;
  unread();
  if (!(Number.parseInt(said, 10) > Number.parseInt(before, 10))) return;
  document.getElementById('live').textContent = `${said} unread ${said === '1' ? 'notification' : 'notifications'}`;
});

const shown = () => document.querySelector('.bell__count')?.textContent;

// A page that was asked for before the stream said more knows less than the stream.
export function unread() {
  const number = said && saidAt > askedAt ? said : document.getElementById('main')?.dataset.unread;
  if (!number || number === shown()) return;
  for (const bell of document.querySelectorAll('.bell')) {
    bell.querySelector('.bell__count').textContent = number;
    bell.hidden = number === '0';
  }
}
