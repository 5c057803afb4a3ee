// A marketer makes fields of their own, fills one in, gives it another kind, and tags people: one, and many at
// once, with and without scripts.
import assert from 'node:assert/strict';
import { after, before, describe } from 'node:test';
import { startApp } from './support/app.mjs';
import { launch, newContext, themes, watchedPage } from './support/browser.mjs';
import { assertGood, forgive } from './support/look.mjs';
import { marketer, sessionOf, slug } from './support/people.mjs';
import { steps } from './support/steps.mjs';

const app = await startApp();
const browser = await launch();
after(async () => { await browser.close(); await app.stop(); });

const contacts = `/w/${slug}/contacts`;
const fields = `/w/${slug}/settings/fields`;

describe('fields and tags', { concurrency: false }, () => {
  const it = steps();
  let watched;
  let page;
  let storageState;
  before(async () => {
    storageState = await sessionOf(browser, app, marketer);
    watched = await watchedPage(await newContext(browser, { baseURL: app.url, storageState }), app.url);
    page = watched.page;
  });

  const notice = (words) => page.locator('#toasts .toast', { hasText: words });
  const press = (name, inside = '#main') => page.locator(inside).getByRole('button', { name, exact: true }).click();

  it('fields stand in their groups, and each kind asks for what belongs to it alone', async () => {
    await page.goto(fields);
    await page.locator('h2', { hasText: 'Roof' }).waitFor();
    assert.equal(await page.locator('#new_options').isVisible(), false, 'a text has no choices');
    await page.locator('#kind').selectOption('choice');
    assert.equal(await page.locator('#new_options').isVisible(), true);
    await page.locator('#kind').selectOption('money');
    assert.equal(await page.locator('#currency').isVisible(), true);
    await assertGood(watched, 'the fields', { themes });
  });

  it('a choice without choices is refused, and added with them', async () => {
    await page.locator('#label').fill('Came by');
    await page.locator('#kind').selectOption('choice');
    await press('Add the field');
    await page.locator('#new_options-error').waitFor();
    forgive(watched, '422 for POST');
    await page.locator('#new_options').fill('Car\nFoot\nBicycle');
    await press('Add the field');
    await notice('Added the field “Came by”.').waitFor();
  });

  it('a field is moved by its button', async () => {
    const order = () => page.locator('section[aria-labelledby^="group-"] li strong').allInnerTexts();
    const was = await order();
    await press('Move Roofed on up');
    await page.waitForFunction((first) => document.querySelector('section[aria-labelledby^="group-"] li strong').textContent !== first, was[0]);
    assert.equal((await order())[0], 'Roofed on');
  });

  it('it is filled in on a contact, and shown in words', async () => {
    await page.goto(`${contacts}?q=Whitfield`);
    await page.locator('#contacts tbody a', { hasText: 'Dana' }).click();
    await page.locator('#facts').waitFor();
    await assertGood(watched, 'a contact with fields and tags', { themes });
    await page.getByRole('link', { name: 'Change', exact: true }).click();
    await page.locator('#custom\\.came_by').selectOption({ label: 'Bicycle' });
    await page.locator('[name="custom.interested_in"][value=solar]').check();
    await page.locator('#custom\\.last_estimate').fill('a lot');
    await press('Save');
    await page.locator('#custom\\.last_estimate-error').waitFor();
    forgive(watched, '422 for POST');
    await assertGood(watched, 'the form of a contact', { themes });
    await page.locator('#custom\\.last_estimate').fill('12,500');
    await press('Save');
    await page.locator('#facts').waitFor();
    const shown = await page.locator('#main').innerText();
    for (const words of ['Bicycle', 'Gutters, Solar', '$12,500.00']) assert.match(shown, new RegExp(words.replace(/[$.]/g, '\\$&')));
  });

  it('another kind is looked at before it is done', async () => {
    await page.goto(fields);
    await page.getByRole('link', { name: 'Material' }).click();
    await page.locator('#used').waitFor();
    await assertGood(watched, 'a field');
    await page.locator('#kind').selectOption('number');
    await press('See what would happen');
    await page.locator('h2', { hasText: 'Values that do not fit' }).waitFor();
    await assertGood(watched, 'a look at another kind');
  });

  it('many people are tagged at once, and the undo takes it back', async () => {
    await page.goto(`${contacts}?sort=name`);
    await page.locator('#contacts tbody input[type=checkbox]').first().waitFor();
    for (const at of [0, 1, 2]) await page.locator('#contacts tbody input[type=checkbox]').nth(at).check();
    await page.locator('#the-tag').fill('Spring letter');
    await assertGood(watched, 'people ticked', { themes });
    await press('Add the tag', '.bulk');
    await notice('Put the tag “Spring letter” on 3 people.').waitFor();
    await page.locator('#contacts .tag', { hasText: 'Spring letter' }).nth(2).waitFor();
    await page.locator('#toasts').getByRole('button', { name: 'Undo' }).last().click();
    await notice('Undone').waitFor();
    await page.locator('#contacts .tag', { hasText: 'Spring letter' }).first().waitFor({ state: 'detached' });
  });

  it('tags stand by category, and one is merged into another after a look', async () => {
    await page.goto(`${contacts}/tags`);
    await assertGood(watched, 'the tags', { themes });
    await page.getByRole('link', { name: 'Change Call back' }).click();
    await page.locator('#into').selectOption({ label: 'VIP' });
    await assertGood(watched, 'a tag', { themes });
    await press('See what would happen');
    await page.locator('#look').waitFor();
    await assertGood(watched, 'a look at merging');
    await press('Merge 2 people');
    await notice('is part of “VIP” now: 5 people have it.').waitFor();
  });

  it('without scripts people are tagged, and it is undone, all the same', async () => {
    const context = await newContext(browser, { js: false, baseURL: app.url, storageState });
    const plain = await context.newPage();
    await plain.goto(`${contacts}?sort=name`);
    await plain.locator('#contacts tbody input[type=checkbox]').first().check();
    await plain.locator('#the-tag').fill('By hand');
    await plain.locator('.bulk').getByRole('button', { name: 'Add the tag' }).click();
    await plain.locator('.toast', { hasText: 'Put the tag “By hand” on 1 person.' }).waitFor();
    assert.equal(await plain.locator('#contacts .tag', { hasText: 'By hand' }).count(), 1);
    await plain.locator('.toast').getByRole('button', { name: 'Undo' }).click();
    await plain.locator('.toast', { hasText: 'Undone' }).waitFor();
    assert.equal(await plain.locator('#contacts .tag', { hasText: 'By hand' }).count(), 0);
    await context.close();
  });
});
