// A design in the block editor, by keyboard alone.
import assert from 'node:assert/strict';
import { enter, retype, tabTo } from './keys.mjs';

const saved = (page) => page.locator('#save-state', { hasText: 'Saved' }).waitFor();

// Makes a letter out of the blank one: a heading, a sentence with a merge field, a button that leads to `target`.
export async function makeLetter(page, name, target) {
  await retype(page, '#name', name);
  await page.keyboard.press('Enter');
  await page.locator('#editor').waitFor();
  await retype(page, '#f-text', 'Regatta on Sunday');
  await saved(page);
  await enter(page, '.outline__item[data-kind=Text]');
  await page.locator('#f-html').waitFor();
  await tabTo(page, '#f-html');
  await page.keyboard.press('Control+End');
  await page.keyboard.type('\n<p>See you in {{ci');
  await page.locator('.merge-menu [role=option]').first().waitFor();
  await page.keyboard.press('Enter');
  await page.keyboard.type('Oxford');
  await page.keyboard.press('Control+End');
  await page.keyboard.type('!</p>');
  await saved(page);
  assert.match(await page.locator('#f-html').inputValue(), /See you in \{\{ contact\.city \| default\("Oxford"\) \}\}!<\/p>$/);
  await enter(page, '#p-add');
  await enter(page, '#add-button');
  await retype(page, '#f-label', 'Row with us');
  assert.match(await page.locator('#p-checks').innerText(), /^Checks\s+1/, 'a button that leads nowhere');
  await retype(page, '#f-href', target);
  await saved(page);
  await page.locator('#p-checks', { hasText: /^Checks$/ }).waitFor();
}

// Waits until the blocks stand like this; each is named by what its line begins with.
async function stand(page, ...wanted) {
  await page.waitForFunction((begin) => {
    const lines = [...document.querySelectorAll('.outline__item')].map((one) => one.textContent.trim());
    return lines.length === begin.length && lines.every((line, at) => line.startsWith(begin[at]));
  }, wanted);
}

// Moves the button up, removes it, undoes both, does one again and undoes that; and looks again.
export async function undoAndRedo(page) {
  const [title, text, button, footer] = ['Regatta on Sunday', 'Hi', 'Row with us', 'Footer'];
  await stand(page, title, text, button, footer);
  await tabTo(page, '.outline__item[aria-current]', 'Shift+Tab');
  await page.keyboard.press('Alt+ArrowUp');
  await stand(page, title, button, text, footer);
  await page.waitForFunction(() => document.activeElement.matches('.outline__item[aria-current]'));
  await page.keyboard.press('Delete');
  await stand(page, title, text, footer);
  await page.keyboard.press('Control+z');
  await stand(page, title, button, text, footer);
  await page.keyboard.press('Control+z');
  await stand(page, title, text, button, footer);
  await page.keyboard.press('Control+Shift+z');
  await stand(page, title, button, text, footer);
  await page.keyboard.press('Control+z');
  await stand(page, title, text, button, footer);
  await page.reload();
  await stand(page, title, text, button, footer);
}
