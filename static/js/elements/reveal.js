// A password field whose content can be looked at.
class Reveal extends HTMLElement {
  connectedCallback() {
    const input = this.querySelector('input');
    const button = this.querySelector('button');
    if (!input || !button) return;
    button.hidden = false;
    button.addEventListener('click', () => {
      const shown = input.type === 'password';
      input.type = shown ? 'text' : 'password';
      button.setAttribute('aria-pressed', String(shown));
      input.focus();
    });
    // Browsers offer to keep what was typed only from a field that hides it.
    input.form?.addEventListener('submit', () => { input.type = 'password'; });
  }
}
customElements.define('gw-reveal', Reveal);
