// A notice in the corner: leaves by itself after a while unless it is an error, waits while it is
// pointed at or holds the focus, and stays longer when it offers to undo.
const SECONDS = 6;
const SECONDS_WITH_UNDO = 10;

class Toast extends HTMLElement {
  connectedCallback() {
    const corner = document.getElementById('toasts');
    if (corner && !corner.contains(this)) {
      corner.append(this);
      return;
    }
    this.querySelector('.toast__close')?.addEventListener('click', () => this.remove());
    if (this.getAttribute('role') === 'alert') return;
    for (const held of ['pointerenter', 'focusin']) this.addEventListener(held, () => this.hold());
    for (const left of ['pointerleave', 'focusout']) this.addEventListener(left, () => this.wait());
    this.querySelector('form')?.addEventListener('submit', () => queueMicrotask(() => this.hidden = true));
    this.wait();
  }

  disconnectedCallback() {
    this.hold();
  }

  wait() {
    this.hold();
    const seconds = this.querySelector('form') ? SECONDS_WITH_UNDO : SECONDS;
    this.timer = setTimeout(() => this.remove(), seconds * 1000);
  }

  hold() {
    clearTimeout(this.timer);
  }
}
customElements.define('gw-toast', Toast);

// A notice of our own, for what the server could not say.
export function toast(text, { error = false, action = null } = {}) {
  const notice = document.createElement('gw-toast');
  notice.className = `toast toast--${error ? 'error' : 'ok'}`;
  notice.setAttribute('role', error ? 'alert' : 'status');
  const words = document.createElement('span');
  words.className = 'toast__text';
  words.textContent = text;
  const close = document.createElement('button');
  close.className = 'btn btn--small toast__close';
  close.type = 'button';
  close.textContent = 'Close';
  notice.append(words);
  if (action) {
    const go = document.createElement('button');
    go.className = 'btn btn--small';
    go.type = 'button';
    go.textContent = action.label;
    go.addEventListener('click', () => { notice.remove(); action.run(); });
    notice.append(go);
  }
  notice.append(close);
  document.getElementById('toasts').append(notice);
}
