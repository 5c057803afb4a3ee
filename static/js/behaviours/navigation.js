// After htmx swapped a page in: the focus goes to it, its title is said, the sidebar follows.
import { unread } from './bell.js';

let boosted = false;

document.addEventListener('htmx:after:history:push', () => { boosted = true; });
document.addEventListener('htmx:after:history:replace', follow);
window.addEventListener('popstate', () => setTimeout(follow, 50));

document.addEventListener('htmx:finally:request', () => {
  follow();
  document.getElementById('menu')?.close?.();
  if (!boosted) return;
  boosted = false;
  const main = document.getElementById('main');
  const wanted = main?.querySelector('[autofocus]');
  if (wanted) wanted.focus(); else main?.focus({ preventScroll: true });
  document.getElementById('live').textContent = document.title;
});

function follow() {
  const { section } = document.getElementById('main')?.dataset ?? {};
  unread();
  for (const item of document.querySelectorAll('.nav__item[data-key]')) {
    if (item.dataset.key === section) item.setAttribute('aria-current', 'page');
    else item.removeAttribute('aria-current');
  }
}
