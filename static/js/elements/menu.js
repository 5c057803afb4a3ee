// A menu that arrow keys walk through.
class Menu extends HTMLElement {
  connectedCallback() {
    this.addEventListener('toggle', (event) => { if (event.newState === 'open') this.items()[0]?.focus(); });
    this.addEventListener('keydown', (event) => {
      const items = this.items();
      const at = items.indexOf(document.activeElement);
      const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 }[event.key];
      if (to === undefined) return;
      event.preventDefault();
      items.at(to % items.length).focus();
    });
  }

  items() {
    return [...this.querySelectorAll('a, button')];
  }
}
customElements.define('gw-menu', Menu);
