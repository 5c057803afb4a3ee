// Seconds until something begins, counted down. Without it they stand as they were when the page came.
class Countdown extends HTMLElement {
  connectedCallback() {
    const end = performance.now() + Number(this.dataset.seconds) * 1000;
    const show = () => {
      const left = Math.max(0, Math.ceil((end - performance.now()) / 1000));
      const words = `${left} s`;
      if (this.textContent !== words) this.textContent = words;
      if (left === 0) clearInterval(this.timer);
    };
    this.timer = setInterval(show, 250);
  }

  disconnectedCallback() { clearInterval(this.timer); }
}
customElements.define('gw-countdown', Countdown);
