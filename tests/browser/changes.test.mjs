// A marketer ticks people, sets their stage at once, sees it in the list and takes it back; the same without scripts.
import assert from 'node:assert/strict';
import { after, before, describe } from 'node:test';
import { startApp } from './support/app.mjs';
import { launch, newContext, themes, watchedPage, widths } from './support/browser.mjs';
import { assertGood } from './support/look.mjs';
import { marketer, sessionOf, slug } from './support/people.mjs';
import { steps } from './support/steps.mjs';

const app = await startApp();
const browser = await launch();
after(async () => { await browser.close(); await app.stop(); });

const contacts = `/w/${slug}/contacts`;
const list = `${contacts}?sort=name&cols=stage%2Cowner`;

describe('changes to many', { concurrency: false }, () => {
  const it = steps();
  let watched;
  let page;
  let storageState;
  let before_;
  before(async () => {
    storageState = await sessionOf(browser, app, marketer);
    watched = await watchedPage(await newContext(browser, { baseURL: app.url, storageState }), app.url);
    page = watched.page;
  });

  const stages = (of = page) => of.locator('tbody .badge').allInnerTexts();
  const first = (n) => page.locator('tbody input[type=checkbox]').nth(n);
  const inactive = (count) => page.waitForFunction((n) => [...document.querySelectorAll('tbody .badge')]
    .filter((badge) => badge.innerText.trim() === 'Inactive').length === n, count);

  it('people who are ticked get a stage at once, by keyboard', async () => {
    await page.goto(list);
    before_ = await stages();
    await first(0).focus();
    await page.keyboard.press('Space');
    await first(1).check();
    await page.locator('.bulk__more > summary').focus();
    await page.keyboard.press('Enter');
    await assertGood(watched, 'what can be done to several', { at: widths, themes });
    await page.locator('#their-stage').selectOption('inactive');
    await page.getByRole('button', { name: 'Set the stage' }).focus();
    await page.keyboard.press('Enter');
    await page.getByText('Set the stage of 2 people to “Inactive”.').waitFor();
    await inactive(before_.filter((stage) => stage.trim() === 'Inactive').length + 2);
  });

  it('the notice takes it back, and the page of changes says so', async () => {
    await page.locator('.toast').getByRole('button', { name: 'Undo' }).click();
    await page.getByText('Undone: 2 people are as before.').waitFor();
    await inactive(before_.filter((stage) => stage.trim() === 'Inactive').length);
    assert.deepEqual(await stages(), before_);
    await page.locator('#changes').click();
    await page.waitForURL(/contacts\/changes$/);
    await page.getByRole('link', { name: 'Set the stage of 2 people to “Inactive”' }).click();
    await page.locator('#standing').getByText('Undone: 2 people are as before.').waitFor();
    await assertGood(watched, 'a change that was taken back', { at: widths, themes });
  });

  it('without scripts the same buttons do it', async () => {
    const plain = await watchedPage(await newContext(browser, { baseURL: app.url, storageState, js: false }), app.url);
    await plain.page.goto(list);
    await plain.page.locator('tbody input[type=checkbox]').first().check();
    await plain.page.locator('.bulk__more > summary').click();
    await plain.page.locator('#their-stage').selectOption('evangelist');
    await plain.page.getByRole('button', { name: 'Set the stage' }).click();
    assert.equal((await stages(plain.page))[0].trim(), 'Evangelist');
    await plain.page.locator('.toast').getByRole('button', { name: 'Undo' }).click();
    await plain.page.waitForURL(/contacts\/changes\/[0-9a-f-]{36}$/);
    await plain.page.goto(list);
    assert.deepEqual(await stages(plain.page), before_);
  });
});
