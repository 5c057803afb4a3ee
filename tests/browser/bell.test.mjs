// The bell of two open tabs: it rings without a reload, politely and without moving anything; what is read in one tab is
// read in the other.
import assert from 'node:assert/strict';
import { after, before, describe } from 'node:test';
import { startApp } from './support/app.mjs';
import { launch, newContext, watchedPage } from './support/browser.mjs';
import { assertGood } from './support/look.mjs';
import { marketer, owner, sessionOf, slug } from './support/people.mjs';
import { steps } from './support/steps.mjs';

const app = await startApp();
const browser = await launch();
after(async () => { await browser.close(); await app.stop(); });

describe('the bell', { concurrency: false }, () => {
  const it = steps();
  let mine;
  let one;
  let two;
  let first;
  before(async () => {
    mine = await newContext(browser, { baseURL: app.url, storageState: await sessionOf(browser, app, marketer) });
    [one, two] = [await watchedPage(mine, app.url), await watchedPage(mine, app.url)];
    const theirs = await newContext(browser, { baseURL: app.url, storageState: await sessionOf(browser, app, owner) });
    first = (await watchedPage(theirs, app.url)).page;
  });

  const count = (page) => page.locator('#side .bell__count');
  // Asked by the clock: a tab behind others draws no frames to ask with.
  const shows = (page, number) => page.waitForFunction(
    (wanted) => document.querySelector('#side .bell__count').textContent === wanted, String(number), { polling: 100 });
  const give = async (title) => {
    await first.goto(`/w/${slug}/tasks/new`);
    await first.locator('#title').fill(title);
    await first.locator('#assignee').selectOption({ label: 'Mateo Castellano' });
    await first.getByRole('button', { name: 'Add the task' }).click();
    await first.locator('#toasts .toast', { hasText: 'Added the task' }).waitFor();
  };

  it('begins with nothing unread', async () => {
    await one.page.goto('/notifications');
    const all = one.page.getByRole('button', { name: 'Mark all as read' });
    if (await all.count()) await all.click();
    await one.page.goto(`/w/${slug}/tasks`);
    await two.page.goto(`/w/${slug}/contacts`);
    for (const { page } of [one, two]) assert.equal(await page.locator('.bell:visible').count(), 0);
  });

  it('rings in both tabs without a reload, is said politely, and nothing moves', async () => {
    const marks = [one, two].map(({ page }) => page.evaluate(() => { window.stayed = true; }));
    await Promise.all(marks);
    const boxes = (page) => page.locator('#side .nav__item, #main, h1').evaluateAll((all) => all
      .map((box) => JSON.stringify(box.getBoundingClientRect())));
    const at = await Promise.all([one, two].map(({ page }) => boxes(page)));
    await give('Ring the bell');
    for (const [n, { page }] of [one, two].entries()) {
      await shows(page, 1);
      assert.equal(await page.locator('#side .bell').isVisible(), true);
      assert.equal(await page.locator('#live').innerText(), '1 unread notification');
      assert.equal(await page.locator('#live').getAttribute('role'), 'status');
      assert.equal(await page.evaluate(() => window.stayed), true);
      assert.deepEqual(await boxes(page), at[n]);
    }
    await give('Ring it again');
    for (const { page } of [one, two]) await shows(page, 2);
    assert.equal(await one.page.locator('#live').innerText(), '2 unread notifications');
    // A tab behind others draws nothing, and its colours stay between two themes.
    await one.page.bringToFront();
    await assertGood(one, 'a page whose bell rang', { themes: ['light', 'dark'] });
  });

  it('keeps what it said when the next page comes in without a reload', async () => {
    await two.page.locator('#side').getByRole('link', { name: 'Companies' }).click();
    await two.page.getByRole('heading', { name: 'Companies' }).waitFor();
    assert.equal(await count(two.page).innerText(), '2');
  });

  it('what is read in one tab is read in the other', async () => {
    await one.page.goto('/notifications');
    await one.page.getByRole('button', { name: 'Mark all as read' }).click();
    await one.page.getByText('Marked everything as read').waitFor();
    await shows(two.page, 0);
    assert.equal(await two.page.locator('.bell:visible').count(), 0);
    assert.equal(await two.page.evaluate(() => window.stayed), true);
  });

  it('a tab that was away is right once it is back', async () => {
    await two.page.evaluate(() => {
      Object.defineProperty(document, 'hidden', { value: true, configurable: true });
      document.dispatchEvent(new Event('visibilitychange'));
    });
    await give('While nobody looked');
    await two.page.evaluate(() => {
      Object.defineProperty(document, 'hidden', { value: false, configurable: true });
      document.dispatchEvent(new Event('visibilitychange'));
    });
    await shows(two.page, 1);
  });
});
