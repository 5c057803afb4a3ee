// A button that copies the text of its sibling, and says that it did.
class Copy extends HTMLElement {
  connectedCallback() {
    const button = this.querySelector('button');
    const source = this.querySelector('[data-copy]');
    if (!button || !source || !navigator.clipboard) return;
    button.hidden = false;
    const label = button.textContent;
    button.addEventListener('click', async () => {
      await navigator.clipboard.writeText(source.textContent.trim().replace(/\s*\n\s*/g, '\n'));
      button.textContent = 'Copied';
      setTimeout(() => { button.textContent = label; }, 2000);
    });
  }
}
customElements.define('gw-copy', Copy);
