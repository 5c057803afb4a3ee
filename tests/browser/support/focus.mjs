// Walking a page with Tab, and what there is to reach.
import { settle } from './browser.mjs';

// Numbers every control that a keyboard must reach, and says which they are. A group of radios is one stop.
export function reachable(page) {
  return page.evaluate(() => {
    const all = 'a[href], button, input, select, textarea, summary, [tabindex="0"], [contenteditable=true]';
    const groups = new Set();
    const controls = [...document.querySelectorAll(all)].filter((one) => {
      if (one.disabled || one.type === 'hidden' || one.tabIndex < 0) return false;
      if (!one.checkVisibility({ visibilityProperty: true }) || one.closest('[inert], dialog:not([open])')) return false;
      if (one.type !== 'radio') return true;
      const key = `${one.form?.action} ${one.name}`;
      const hasChecked = document.querySelector(`input[type=radio][name="${CSS.escape(one.name)}"]:checked`);
      if (groups.has(key) || (hasChecked && !one.checked)) return false;
      groups.add(key);
      return true;
    });
    return controls.map((one, number) => {
      one.dataset.stop = String(number);
      return { id: one.dataset.stop, html: one.outerHTML.replace(/\s+/g, ' ').slice(0, 120) };
    });
  });
}

// Presses Tab until the page is left or a stop comes twice; says of every stop how it looks.
export async function walk(page, most) {
  const stops = [];
  for (let pressed = 0; pressed < most; pressed += 1) {
    await page.keyboard.press('Tab');
    // What slides in when it is focused has to be there first.
    await settle(page);
    const stop = await page.evaluate(look);
    if (stop.isOutside) {
      stops.push(stop);
      break;
    }
    // A date is several stops inside of one.
    if (stop.id && stops.at(-1)?.id === stop.id) continue;
    if (stops.some(({ id }) => id && id === stop.id)) break;
    stops.push(stop);
  }
  return stops.filter(({ isOutside }) => !isOutside);
}

// Runs in the page: what has the focus now, and whether a person can tell.
function look() {
  const one = document.activeElement;
  if (!one || one === document.body || one === document.documentElement) return { isOutside: true };
  const box = one.getBoundingClientRect();
  const style = getComputedStyle(one);
  // Many a control marks its label or its row for it.
  const marks = [one, one.parentElement, one.closest('label'), one.nextElementSibling].filter(Boolean);
  const isMarked = marks.some((near) => {
    const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(near);
    return (outlineStyle !== 'none' && parseFloat(outlineWidth) >= 1) || (near === one && boxShadow !== 'none');
  });
  const at = document.elementFromPoint(box.left + box.width / 2, box.top + Math.min(box.height / 2, 10));
  const isCovered = at && !one.contains(at) && !at.contains(one) && !one.closest('label')?.contains(at) ? at.outerHTML.slice(0, 60) : null;
  return {
    id: one.dataset.stop ?? null,
    html: one.outerHTML.replace(/\s+/g, ' ').slice(0, 120),
    dialogId: one.closest('dialog')?.id ?? null,
    isVisible: box.width > 0 && box.height > 0 && style.visibility === 'visible' && box.bottom > 0 && box.top < innerHeight,
    isMarked,
    isCovered,
  };
}
