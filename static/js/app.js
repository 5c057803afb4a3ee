// What every page does beyond its HTML. Each behaviour is a file of its own; all of it is extra: the
// pages work without.
import './elements/toast.js';
import './elements/reveal.js';
import './elements/copy.js';
import './behaviours/navigation.js';
import './behaviours/dialogs.js';
import './behaviours/confirm.js';
import './behaviours/palette.js';
import './behaviours/shortcuts.js';
import './behaviours/selection.js';
import './behaviours/network.js';
import './behaviours/unsaved.js';
import './behaviours/preview.js';

// Dates in the reader's words are the one thing that is heavier than it is urgent.
if (document.querySelector('relative-time')) import('../vendor/relative-time.js');
document.addEventListener('htmx:after:process', () => {
  if (document.querySelector('relative-time') && !customElements.get('relative-time')) import('../vendor/relative-time.js');
});
