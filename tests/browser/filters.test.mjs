// A marketer narrows the list of contacts down line by line, by keyboard, keeps it as a view, and makes a segment of
// it; the same without scripts.
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

const contacts = `/w/${slug}/contacts`;

describe('the filter of contacts', { concurrency: false }, () => {
  const it = steps();
  let watched;
  let page;
  let storageState;
  before(async () => {
    storageState = await sessionOf(browser, app, marketer);
    watched = await watchedPage(await newContext(browser, { baseURL: app.url, storageState }), app.url);
    page = watched.page;
  });

  const rows = (count) => page.waitForFunction((n) => document.querySelectorAll('tbody tr').length === n, count);

  it('a line is added by keyboard, and the list follows what is typed while the cursor stays', async () => {
    await page.goto(contacts);
    await page.locator('#filter').focus();
    await page.keyboard.press('Enter');
    const value = page.locator('[id="value.0.0.0"]');
    await value.waitFor();
    await value.focus();
    await page.keyboard.type('denver');
    await rows(5);
    assert.equal(await value.inputValue(), 'denver');
    assert.equal(await value.evaluate((input) => input === document.activeElement), true);
    assert.match(page.url(), /value\.0\.0\.0=denver$/);
    await assertGood(watched, 'a filtered list', { themes });
  });

  it('it is still there after loading the page again, sorting it, and going back to it', async () => {
    await page.reload();
    await rows(5);
    await page.getByRole('link', { name: 'Name', exact: true }).click();
    await page.waitForURL(/sort=name/);
    await rows(5);
    await page.locator('tbody a').first().click();
    await page.waitForURL(/contacts\/[0-9a-f-]{36}/);
    await page.goBack();
    await page.waitForURL(/sort=name/);
    await rows(5);
  });

  it('two lines of a group of its own are either true', async () => {
    await page.locator('[id="do-group.0"]').click();
    await page.locator('[id="about.0.1.0"]').selectOption('field:lifecycle_stage');
    await page.locator('select[id="value.0.1.0.0"]').selectOption('customer');
    await rows(1);
    await page.getByText('People whose city is “denver”, and whose stage is “Customer”.').waitFor();
  });

  it('it is kept as a view, and leads to a segment', async () => {
    await page.getByRole('button', { name: 'Save view' }).click();
    await page.locator('#view-name').fill('Denver’s customers');
    await page.locator('#save-view').getByRole('button', { name: 'Save view' }).click();
    await page.getByRole('link', { name: 'Denver’s customers' }).waitFor();
    await rows(1);
    await page.getByRole('link', { name: 'Save as a segment' }).click();
    await page.locator('#held', { hasText: /^1$/ }).waitFor();
  });

  it('all of it works without scripts', async () => {
    const plain = await newContext(browser, { baseURL: app.url, storageState, js: false });
    const bare = await plain.newPage();
    await bare.goto(contacts);
    await bare.locator('#filter').click();
    await bare.locator('[id="value.0.0.0"]').fill('Denver');
    await bare.locator('#search').click();
    await bare.waitForURL(/Denver/);
    assert.equal(await bare.locator('tbody tr').count(), 5);
    await bare.locator('#unfilter').click();
    await bare.locator('#filter').waitFor();
    await plain.close();
  });
});
