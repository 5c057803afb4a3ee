// Two records of one person, from the list that tells of them to the merge and back: by keyboard, on a narrow screen,
// and without a script.
import assert from 'node:assert/strict';
import { after, before, describe } from 'node:test';
import { startApp } from './support/app.mjs';
import { launch, newContext, watchedPage } from './support/browser.mjs';
import { assertGood } from './support/look.mjs';
import { owner, sessionOf, slug } from './support/people.mjs';
import { enter, tabTo } from './support/keys.mjs';
import { steps } from './support/steps.mjs';

const app = await startApp();
const browser = await launch();
after(async () => { await browser.close(); await app.stop(); });

const contacts = `/w/${slug}/contacts`;
const everywhere = { themes: ['light', 'dark'] };

describe('duplicates', { concurrency: false }, () => {
  const it = steps();
  let watched;
  let page;
  let storageState;
  before(async () => {
    storageState = await sessionOf(browser, app, owner);
    watched = await watchedPage(await newContext(browser, { baseURL: app.url, storageState }), app.url);
    page = watched.page;
  });

  const said = (words) => page.locator('#toasts .toast', { hasText: words }).waitFor();
  const pair = (name, on = page) => on.locator('#standing li', { hasText: name });

  it('the contacts tell of them, and the list says why', async () => {
    await page.goto(contacts);
    await page.getByRole('link', { name: '2 duplicates to review' }).click();
    assert.match(await pair('Harriet').innerText(), /Likely\s+60 of 100[^]*The same e-mail address but for dots or a tag/);
    assert.match(await pair('Bjørn').innerText(), /The same name and company/);
    await assertGood(watched, 'the duplicates', everywhere);
  });

  it('who are two are said to be, and that is taken back', async () => {
    await pair('Bjørn').getByRole('button', { name: 'Not the same person' }).click();
    await said('are two people');
    assert.equal(await pair('Bjørn').count(), 0);
    await enter(page, '#toasts .toast form button');
    await pair('Bjørn').waitFor();
  });

  it('the record says who might be the same, and another is found by hand', async () => {
    await pair('Harriet').getByRole('link', { name: 'harriet' }).or(pair('Harriet').locator('a').first()).first().click();
    await page.getByRole('heading', { name: 'Might be the same as' }).waitFor();
    await assertGood(watched, 'a record that might be the same', everywhere);
    await page.getByRole('link', { name: 'Merge with…' }).click();
    await page.getByRole('heading', { name: 'Called the same' }).waitFor();
    await assertGood(watched, 'finding the other record');
  });

  it('by keyboard alone both are compared, made one, and taken apart', async () => {
    await enter(page, 'main .person .btn');
    await page.getByRole('heading', { name: 'Merge two records' }).waitFor();
    await assertGood(watched, 'both side by side', everywhere);
    await tabTo(page, 'input[name="field.email"]');
    await page.keyboard.press('ArrowRight');
    await enter(page, '.merge .form__actions .btn--primary');
    await said('Merged with Harriet Pemberton-Smythe.');
    await page.getByText('Merged with Harriet Pemberton-Smythe on').waitFor();
    await enter(page, '#toasts .toast form button');
    await said('is a record of their own again');
    assert.equal(await page.getByText('Merged with Harriet Pemberton-Smythe on').count(), 0);
  });

  it('the record takes it apart when the notice has long gone', async () => {
    await page.goto(`${contacts}/duplicates`);
    await pair('Harriet').getByRole('link', { name: 'Review' }).click();
    await page.getByRole('button', { name: 'Merge', exact: true }).click();
    await page.getByText('Merged with Harriet Pemberton-Smythe on').waitFor();
    await assertGood(watched, 'a record after a merge', everywhere);
    await page.getByRole('button', { name: 'Undo the merge' }).click();
    await page.locator('#confirm').getByRole('button', { name: 'Undo the merge' }).click();
    await said('is a record of their own again');
  });

  it('all of it works without a script', async () => {
    const context = await newContext(browser, { baseURL: app.url, storageState, js: false, width: 390 });
    const plain = await context.newPage();
    await plain.goto(`${contacts}/duplicates`);
    await plain.locator('#standing li', { hasText: 'Harriet' }).getByRole('link', { name: 'Review' }).click();
    await plain.getByRole('button', { name: 'Merge', exact: true }).click();
    await plain.getByText('Merged with Harriet Pemberton-Smythe on').waitFor();
    await plain.locator('form[action*="/merges/"] button').first().click();
    await plain.getByText('is a record of their own again').first().waitFor();
    await context.close();
  });
});
