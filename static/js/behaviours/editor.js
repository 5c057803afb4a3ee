// Keys of the editor, and the state of saving while somebody types. Inside a field, keys stay the field's.
const isTyping = (target) => target.closest?.('input, textarea, select, [contenteditable]');

function wanted({ key, ctrlKey, metaKey, altKey, shiftKey }) {
  const withCtrl = ctrlKey || metaKey;
  if (withCtrl && key.toLowerCase() === 'z') return shiftKey ? 'redo' : 'undo';
  if (withCtrl && key.toLowerCase() === 'y') return 'redo';
  if (withCtrl && key.toLowerCase() === 'd') return 'copy';
  if (altKey && key === 'ArrowUp') return 'up';
  if (altKey && key === 'ArrowDown') return 'down';
  return key === 'Delete' ? 'remove' : null;
}

document.addEventListener('keydown', (event) => {
  if (!document.getElementById('editor') || isTyping(event.target) || document.querySelector('dialog:modal')) return;
  const act = wanted(event);
  const button = act && document.querySelector(`#editor [data-act=${act}]`);
  if (!button) return;
  event.preventDefault();
  if (button.getAttribute('aria-disabled') !== 'true') button.click();
});

// What is typed and not yet saved: whatever else is done waits until it is.
let typed = null;
document.addEventListener('input', (event) => {
  typed = event.target.closest?.('[data-autosave]') ?? typed;
  const state = typed && document.getElementById('save-state');
  if (state) state.textContent = 'Saving…';
});
document.addEventListener('htmx:finally:request', ({ detail }) => {
  if (detail?.ctx?.sourceElement === typed) typed = null;
});
document.addEventListener('click', (event) => {
  const control = event.target.closest?.('#editor a, #editor button');
  if (!typed?.isConnected || !control || typed.contains(control) || control.form === typed) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  const form = typed;
  const goOn = ({ detail }) => {
    if (detail?.ctx?.sourceElement !== form) return;
    document.removeEventListener('htmx:finally:request', goOn);
    typed = null;
    control.click();
  };
  document.addEventListener('htmx:finally:request', goOn);
  form.requestSubmit();
}, true);
window.addEventListener('beforeunload', (event) => { if (typed?.isConnected) event.preventDefault(); });

// The place somebody works at stays under their fingers when the page around it is new.
let held = '';
document.addEventListener('htmx:before:request', () => { held = document.activeElement?.id ?? ''; });
document.addEventListener('htmx:after:swap', () => {
  if (!document.getElementById('editor') || document.activeElement !== document.body) return;
  const same = held && document.getElementById(held);
  (same || document.querySelector('.outline__item[aria-current]'))?.focus();
});
