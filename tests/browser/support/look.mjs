// What has to be right with a page that somebody passes on their way, as it is at that moment.
import assert from 'node:assert/strict';
import { axeProblems } from './axe.mjs';
import { assertNothingWrong, settle, sidewaysProblems, widths } from './browser.mjs';

// In each of these forms: nothing for axe to tell, nothing beyond the edge, nothing wrong on the page.
export async function assertGood(watched, where, { at = widths, themes = ['light'] } = {}) {
  const { page } = watched;
  const found = [];
  for (const width of at) {
    for (const colorScheme of themes) {
      await page.setViewportSize({ width, height: 900 });
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await settle(page);
      const problems = [...await axeProblems(page), ...await sidewaysProblems(page)];
      found.push(...problems.map((problem) => `[${colorScheme} ${width}] ${problem}`));
    }
  }
  await page.setViewportSize({ width: widths[0], height: 900 });
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
  assert.deepEqual(found, [], where);
  await assertNothingWrong(watched, where);
}

// Takes a refusal that was meant to come off the list of what went wrong.
export function forgive({ wrong }, refusal) {
  const at = wrong.findIndex((one) => one.startsWith(refusal));
  assert.ok(at >= 0, `${refusal} did not come: ${wrong.join('; ')}`);
  wrong.splice(at, 1);
}

// Labels and numbers of a page that counts: as { New: 5201 }.
export async function numbersOn(page) {
  const pairs = await page.locator('.numbers__one').evaluateAll((all) => all.map((one) => [
    one.querySelector('dt').textContent, Number(one.querySelector('dd').textContent.replaceAll(',', '')),
  ]));
  return Object.fromEntries(pairs);
}
