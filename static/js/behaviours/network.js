// What is said when no answer of ours came: a proxy's error page, no connection, no time. And the page
// leaves when its session was ended elsewhere.
import { toast } from '../elements/toast.js';

document.addEventListener('htmx:before:response', (event) => {
  const { response } = event.detail.ctx;
  const isOurs = response.headers?.get?.('x-gw') === '1';
  if (response.status < 500 || isOurs) return;
  event.preventDefault();
  unreachable(event.detail.ctx);
});

document.addEventListener('htmx:error', (event) => {
  if (event.detail.ctx) unreachable(event.detail.ctx);
});

function unreachable(ctx) {
  const source = ctx.sourceElement;
  const retry = source && (() => (source.requestSubmit ? source.requestSubmit() : source.click()));
  toast('The server cannot be reached. What you typed is still here.', {
    error: true,
    action: retry ? { label: 'Try again', run: retry } : null,
  });
}

document.addEventListener('signed-out', () => location.reload());
