// A marketer chooses the columns of the list of contacts by keyboard, sorts by one of them and keeps it as a view; the
// same without scripts.
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

describe('views of the contacts', { concurrency: false }, () => {
  const it = steps();
  let watched;
  let page;
  let storageState;
  before(async () => {
    storageState = await sessionOf(browser, app, marketer);
    watched = await watchedPage(await newContext(browser, { baseURL: app.url, storageState }), app.url);
    page = watched.page;
  });

  const heads = (of = page) => of.locator('.table thead th[scope=col]').allInnerTexts();
  const shown = (wanted) => page.waitForFunction((text) => [...document.querySelectorAll('.table thead th[scope=col]')]
    .map((head) => head.innerText.trim()).join(' ') === text, wanted);

  it('columns are added, moved and hidden by keyboard, and the panel stays where it is', async () => {
    await page.goto(contacts);
    await page.locator('#choose-columns').focus();
    await page.keyboard.press('Enter');
    await page.locator('#add-lead_score').focus();
    await page.keyboard.press('Enter');
    await shown('Name E-mail Company Stage Added Tags Lead score');
    await page.locator('#up-tags').focus();
    await page.keyboard.press('Enter');
    await shown('Name E-mail Company Stage Tags Added Lead score');
    assert.equal(await page.evaluate(() => document.activeElement.id), 'up-tags');
    await page.locator('#drop-added').click();
    await shown('Name E-mail Company Stage Tags Lead score');
    assert.equal(await page.locator('#columns').getAttribute('open'), '');
    await assertGood(watched, 'the columns of the list', { themes });
  });

  it('sorting by a column keeps them, and a saved view brings both back', async () => {
    await page.reload();
    await shown('Name E-mail Company Stage Tags Lead score');
    await page.getByRole('link', { name: 'Lead score' }).click();
    await page.waitForURL(/sort=lead_score/);
    await page.getByRole('button', { name: 'Save view' }).first().click();
    await page.locator('#view-name').fill('By points');
    await page.keyboard.press('Enter');
    await page.getByRole('link', { name: 'By points (only you)' }).waitFor();
    await page.goto(contacts);
    await page.getByRole('link', { name: 'By points (only you)' }).click();
    await page.waitForURL(/cols=/);
    await shown('Name E-mail Company Stage Tags Lead score');
    assert.equal(await page.locator('th[aria-sort=descending]').innerText(), 'Lead score');
  });

  it('without scripts the buttons lead to the same list', async () => {
    const plain = await watchedPage(await newContext(browser, { baseURL: app.url, storageState, js: false, width: 390 }), app.url);
    await plain.page.goto(`${contacts}?cols=email,city`);
    await plain.page.locator('#choose-columns').click();
    await plain.page.locator('#up-city').click();
    assert.deepEqual((await heads(plain.page)).map((head) => head.trim()), ['Name', 'City', 'E-mail']);
    assert.equal(await plain.page.locator('#columns').getAttribute('open'), '');
    await plain.page.locator('#usual-columns').click();
    assert.equal((await heads(plain.page)).length, 6);
  });
});
