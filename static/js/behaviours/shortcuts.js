// Keys: what a control answers to stands on the control itself (data-hotkey="g p"), so that hint and
// behaviour cannot differ. Never while somebody types; off altogether in the preferences.
import { openPalette } from './palette.js';

const WITHIN = 1200;
let pressed = [];
let timer;

const isOn = () => document.documentElement.dataset.shortcuts !== 'off';
const isTyping = (target) => target.closest?.('input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]');

document.addEventListener('keydown', (event) => {
  if ((event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === 'k') {
    if (openPalette()) event.preventDefault();
    return;
  }
  if (!isOn() || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
  if (document.querySelector('dialog:modal')) return;
  if (event.key === '?') {
    document.getElementById('shortcuts')?.showModal();
    event.preventDefault();
    return;
  }
  if (event.key.length !== 1) return;
  pressed.push(event.key.toLowerCase());
  clearTimeout(timer);
  timer = setTimeout(() => { pressed = []; }, WITHIN);
  const said = pressed.slice(-2).join(' ');
  const control = [...document.querySelectorAll('[data-hotkey]')].find((one) => one.dataset.hotkey === said || one.dataset.hotkey === event.key);
  if (!control) return;
  pressed = [];
  event.preventDefault();
  control.click();
});
