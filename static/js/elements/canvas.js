// The editor's frame: as high as the mail, drawn anew without a flicker, and a pane of glass over it that
// finds the block under the pointer. Nothing runs inside the frame.
class Canvas extends HTMLElement {
  static observedAttributes = ['data-src', 'data-selected'];

  connectedCallback() {
    this.glass = this.pane('canvas__glass');
    this.over = this.pane('canvas__box canvas__box--over');
    this.chosen = this.pane('canvas__box canvas__box--chosen');
    this.glass.addEventListener('pointermove', (event) => this.mark(this.over, this.blockAt(event)));
    this.glass.addEventListener('pointerleave', () => this.mark(this.over, null));
    this.glass.addEventListener('click', (event) => this.choose(this.blockAt(event)));
    this.sizes = new ResizeObserver(() => this.fit());
    this.sizes.observe(this);
    const frame = this.querySelector('iframe');
    frame.addEventListener('load', () => this.fit());
    this.fit();
  }

  disconnectedCallback() {
    this.sizes.disconnect();
    for (const pane of [this.glass, this.over, this.chosen]) pane.remove();
  }

  attributeChangedCallback(name, before, after) {
    if (!this.glass || before === after) return;
    if (name === 'data-src') this.show(after); else this.fit();
  }

  pane(names) {
    const pane = document.createElement('div');
    pane.className = names;
    pane.hidden = names.includes('box');
    pane.setAttribute('aria-hidden', 'true');
    this.append(pane);
    return pane;
  }

  // The new frame takes the old one's place once it is there.
  show(src) {
    this.querySelector('iframe[hidden]')?.remove();
    const old = this.querySelector('iframe');
    const next = old.cloneNode();
    next.hidden = true;
    next.src = src;
    next.addEventListener('load', () => {
      if (!next.isConnected) return;
      next.hidden = false;
      old.remove();
      this.fit();
    }, { once: true });
    old.after(next);
  }

  get page() {
    return this.querySelector('iframe:not([hidden])')?.contentDocument;
  }

  fit() {
    const body = this.page?.body;
    if (!body?.firstChild) return;
    const frame = this.querySelector('iframe:not([hidden])');
    frame.style.height = `${Math.max(body.scrollHeight, 200)}px`;
    this.mark(this.chosen, this.page.querySelector(`[class*="gw-b-${this.dataset.selected || 'none'}"]`));
    const item = document.getElementById(`o-${this.dataset.selected}`);
    this.chosen.dataset.name = item?.dataset.kind ?? '';
  }

  blockAt(event) {
    const box = this.glass.getBoundingClientRect();
    const found = this.page?.elementFromPoint(event.clientX - box.x, event.clientY - box.y);
    return found?.closest('[class*="gw-b-"]') ?? null;
  }

  mark(pane, block) {
    pane.hidden = !block;
    if (!block) return;
    const { x, y, width, height } = block.getBoundingClientRect();
    pane.classList.toggle('canvas__box--low', y < 20);
    Object.assign(pane.style, { left: `${x}px`, top: `${y}px`, width: `${width}px`, height: `${height}px` });
  }

  choose(block) {
    const id = block?.className.match(/gw-b-([0-9a-f-]{36})/)?.[1];
    if (id) document.getElementById(`o-${id}`)?.click();
  }
}
customElements.define('gw-canvas', Canvas);

document.addEventListener('canvas-changed', (event) => {
  const canvas = document.querySelector('gw-canvas');
  if (canvas && typeof event.detail?.value === 'string') canvas.dataset.src = event.detail.value;
});
