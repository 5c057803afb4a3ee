// What every page does beyond its HTML. Each behaviour is a file of its own; all of it is extra: the
// pages work without.
import './elements/toast.js';
import './elements/reveal.js';
import './elements/copy.js';
import './elements/menu.js';
import './elements/canvas.js';
import './elements/countdown.js';
import './behaviours/navigation.js';
import './behaviours/dialogs.js';
import './behaviours/confirm.js';
import './behaviours/palette.js';
import './behaviours/shortcuts.js';
import './behaviours/selection.js';
import './behaviours/network.js';
import './behaviours/unsaved.js';
import './behaviours/preview.js';
import './behaviours/editor.js';
import './behaviours/merge_fields.js';
import './behaviours/design_fields.js';
import './behaviours/checklist.js';
import './behaviours/focus.js';
import './behaviours/board.js';
import './behaviours/looks.js';

// Dates in the reader's words are the one thing that is heavier than it is urgent.
const dates = new URL('../vendor/relative-time.js', import.meta.url);
const need = () => document.querySelector('relative-time') && !customElements.get('relative-time') && import(dates);
need();
document.addEventListener('htmx:after:process', need);
