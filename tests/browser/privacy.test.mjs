// Somebody asks what is kept of them, and then to be forgotten: found, handed out and erased by keyboard, and the
// same page without a script.
import assert from 'node:assert/strict';
import { after, before, describe } from 'node:test';
import { startApp } from './support/app.mjs';
import { launch, newContext, watchedPage } from './support/browser.mjs';
import { assertGood, forgive } from './support/look.mjs';
import { owner, sessionOf, slug } from './support/people.mjs';
import { enter } from './support/keys.mjs';
import { steps } from './support/steps.mjs';

const app = await startApp();
const browser = await launch();
after(async () => { await browser.close(); await app.stop(); });

const data = `/w/${slug}/settings/data`;
const everywhere = { themes: ['light', 'dark'] };

describe('privacy', { concurrency: false }, () => {
  const it = steps();
  let watched;
  let page;
  let storageState;
  const opened = async (options = {}) => watchedPage(await newContext(browser, { baseURL: app.url, storageState, ...options }), app.url);
  before(async () => {
    storageState = await sessionOf(browser, app, owner);
    watched = await opened();
    page = watched.page;
  });

  it('the page of a contact leads to what is kept of them', async () => {
    await page.goto(`/w/${slug}/contacts?q=lindgren`);
    await page.locator('tbody a').first().click();
    await page.locator('h1', { hasText: 'Noah Lindgren' }).waitFor();
    await enter(page, 'a[href$="/privacy"]');
    await page.locator('h1', { hasText: 'What is kept of Noah Lindgren' }).waitFor();
    await page.locator('tbody th', { hasText: 'The contact' }).waitFor();
    await assertGood(watched, 'what is kept of somebody', everywhere);
  });

  it('everything about them comes as one file', async () => {
    const [download] = await Promise.all([page.waitForEvent('download'), enter(page, '#hand-out')]);
    assert.match(download.suggestedFilename(), /^everything-about-[0-9a-f-]{36}\.zip$/);
  });

  it('something else than their address erases nobody', async () => {
    await page.locator('#confirmation').fill('noah');
    await page.keyboard.press('Enter');
    await page.locator('#confirmation-error', { hasText: 'Nobody was erased' }).waitFor();
    forgive(watched, '422 for POST');
    assert.equal(await page.locator('#confirmation').inputValue(), 'noah');
    await assertGood(watched, 'an erasure that was refused', everywhere);
  });

  it('their address erases them, and the report names nobody', async () => {
    await page.locator('#confirmation').fill('noah@lindgren.example');
    await page.keyboard.press('Enter');
    await page.getByText('What was done').waitFor({ timeout: 20_000 });
    assert.doesNotMatch((await page.locator('#main').innerText()).toLowerCase(), /noah|lindgren/);
    await assertGood(watched, 'the report of an erasure', everywhere);
    await page.goto(`/w/${slug}/contacts?q=lindgren`);
    assert.equal(await page.locator('tbody a').count(), 0);
  });

  it('a rule is made without a script, and out of reach it is refused beside its field', async () => {
    const plain = await opened({ javaScriptEnabled: false });
    await plain.page.goto(data);
    await plain.page.locator('#kept_mail-on').check();
    await plain.page.locator('#kept_mail-days').fill('0');
    await plain.page.locator('#kept_mail-days').press('Enter');
    await plain.page.locator('#kept_mail-error').waitFor();
    await plain.page.locator('#kept_mail-days').fill('30');
    await plain.page.locator('#kept_mail-days').press('Enter');
    await plain.page.getByText('Mails kept in the built-in mailbox go after 30 days').first().waitFor();
    assert.equal(await plain.page.locator('#kept_mail-on').isChecked(), true);
    await plain.page.locator('#erasures ~ div a, section[aria-labelledby=erasures] a').first().waitFor();
    await page.goto(data);
    await assertGood(watched, 'data and privacy', everywhere);
  });
});
