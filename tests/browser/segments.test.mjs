// A marketer makes a segment by keyboard and mouse, sees whom it holds while it changes, asks why somebody is in
// it, and finds it where lists are chosen; the same without scripts.
import assert from 'node:assert/strict';
import { after, before, describe } from 'node:test';
import { startApp } from './support/app.mjs';
import { launch, newContext, themes, watchedPage } from './support/browser.mjs';
import { assertGood } from './support/look.mjs';
import { marketer, sessionOf, slug } from './support/people.mjs';
import { steps } from './support/steps.mjs';

const app = await startApp();
const browser = await launch();
after(async () => { await browser.close(); await app.stop(); });

const segments = `/w/${slug}/contacts/segments`;

describe('segments', { concurrency: false }, () => {
  const it = steps();
  let watched;
  let page;
  let storageState;
  before(async () => {
    storageState = await sessionOf(browser, app, marketer);
    watched = await watchedPage(await newContext(browser, { baseURL: app.url, storageState }), app.url);
    page = watched.page;
  });

  const held = (count) => page.locator('#held', { hasText: new RegExp(`^${count}$`) }).waitFor();

  it('the sample has segments, each with its rule in a sentence', async () => {
    await page.goto(segments);
    await page.locator('li', { hasText: 'People whose city is “Denver”.' }).waitFor();
    await assertGood(watched, 'the segments', { themes });
  });

  it('whom a rule holds is counted as it is typed, and the cursor stays where it was', async () => {
    await page.goto(`${segments}/new`);
    const value = page.getByLabel('Value', { exact: true });
    await value.focus();
    await page.keyboard.type('denv');
    await held(0);
    await page.keyboard.type('er');
    await held(5);
    assert.equal(await value.inputValue(), 'denver');
    assert.equal(await value.evaluate((input) => input === document.activeElement), true);
    await assertGood(watched, 'a rule in the making', { themes });
  });

  it('a line is added and chosen by keyboard alone', async () => {
    await page.locator('[id="do-line.0"]').focus();
    await page.keyboard.press('Enter');
    const about = page.locator('[id="about.0.1"]');
    await about.waitFor();
    await about.focus();
    await about.selectOption('field:lifecycle_stage');
    await page.locator('select[id="value.0.1.0"]').selectOption('customer');
    await held(1);
    await page.getByText('People whose city is “denver”, and whose stage is “Customer”.').waitFor();
  });

  it('a group of its own turns a rule around', async () => {
    await page.locator('[id="do-group.0"]').click();
    await page.locator('[id="join.0.2"]').selectOption('none');
    await page.locator('[id="about.0.2.0"]').selectOption('consent:');
    await page.locator('[id="is.0.2.0"]').selectOption('reachable');
    await held(0);
    await page.locator('[id="drop.0.2.0"]').click();
    await page.getByText('Add a line to this group, or take it away.').waitFor();
    await page.locator('[id="do-drop.0.2"]').click();
    await held(1);
  });

  it('it is saved, explained, and offered where lists are chosen', async () => {
    await page.locator('#name').fill('Customers in Denver');
    // Enter saves; it presses no button of the rule.
    await page.keyboard.press('Enter');
    await page.locator('h1', { hasText: 'Customers in Denver' }).waitFor();
    await page.getByRole('searchbox', { name: 'Name or address' }).fill('Wei');
    await page.getByRole('button', { name: 'Explain' }).click();
    await page.getByText('is not in it').waitFor();
    assert.match(await page.locator('#main').innerText(), /true\s+whose city is “denver”[^]*not true\s+whose stage is “Customer”/);
    await assertGood(watched, 'a segment', { themes });
    await page.getByRole('link', { name: 'All of them' }).click();
    await page.locator('tbody tr', { hasText: 'Dana Whitfield' }).waitFor();
    assert.equal(await page.locator('tbody tr').count(), 1);
  });

  it('all of it works without scripts', async () => {
    const plain = await newContext(browser, { baseURL: app.url, storageState, js: false });
    const bare = await plain.newPage();
    await bare.goto(`${segments}/new`);
    await bare.locator('[id="value.0.0.0"]').fill('Golden');
    await bare.locator('[id="do-line.0"]').click();
    await bare.locator('[id="drop.0.1"]').waitFor();
    assert.equal(await bare.locator('[id="value.0.0.0"]').inputValue(), 'Golden');
    await bare.locator('[id="drop.0.1"]').click();
    // What is typed before the answer is there goes with the page it was typed on.
    await bare.locator('[id="drop.0.1"]').waitFor({ state: 'detached' });
    await bare.locator('#name').fill('Golden');
    await bare.locator('#save').click();
    await bare.locator('h1', { hasText: 'Golden' }).waitFor();
    await plain.close();
  });
});
