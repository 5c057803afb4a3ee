// Everything by keyboard: each control is reached in turn and seen when it is, dialogs close with Esc and
// give the focus back.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { startApp } from './support/app.mjs';
import { launch, newContext, watchedPage } from './support/browser.mjs';
import { reachable, walk } from './support/focus.mjs';
import { owner, sessionOf, slug } from './support/people.mjs';
import { jumpsFor } from './support/workspace.mjs';

const app = await startApp();
const browser = await launch();
after(async () => { await browser.close(); await app.stop(); });
const storageState = await sessionOf(browser, app, owner);

const pages = [
  `/w/${slug}`, `/w/${slug}/people`, `/w/${slug}/people/invite`, `/w/${slug}/settings`, `/w/${slug}/settings/roles`,
  `/w/${slug}/settings/audit-log`, '/account', '/account/preferences', '/account/security',
  '/account/sessions', '/dev/components', '/sign-in', '/sign-up', '/forgot',
];
const isVisitors = (path) => ['/sign-in', '/sign-up', '/forgot'].includes(path);

describe('the walk with Tab', () => {
  for (const path of pages) {
    for (const width of [1360, 390]) {
      it(`${path} at ${width} px`, async () => {
        const context = await newContext(browser, { width, baseURL: app.url, storageState: isVisitors(path) ? undefined : storageState });
        const { page } = await watchedPage(context, app.url);
        await page.goto(path);
        const wanted = await reachable(page);
        const stops = await walk(page, wanted.length + 40);
        const reached = new Set(stops.map(({ id }) => id));
        assert.ok(stops.length > 0, 'Tab reaches nothing');
        assert.deepEqual(wanted.filter(({ id }) => !reached.has(id)).map(({ html }) => html), [], 'never reached by Tab');
        assert.deepEqual(stops.filter((stop) => !stop.isVisible).map(({ html }) => html), [], 'focused, but not to be seen');
        assert.deepEqual(stops.filter((stop) => !stop.isMarked).map(({ html }) => html), [], 'focused, but looks as before');
        assert.deepEqual(stops.filter((stop) => stop.isCovered).map(({ html, isCovered }) => `${html} under ${isCovered}`), [], 'focused, but covered');
        await context.close();
      });
    }
  }
});

describe('dialogs', () => {
  let context;
  let page;
  before(async () => {
    context = await newContext(browser, { baseURL: app.url, storageState });
    ({ page } = await watchedPage(context, app.url));
    await page.goto(`/w/${slug}/people`);
  });
  after(() => context.close());

  // Opens with the keyboard what `opener` controls, closes it with Esc, and finds the focus back.
  async function opensAndCloses(opener, dialog) {
    await opener.focus();
    await page.keyboard.press('Enter');
    await dialog.waitFor({ state: 'visible' });
    assert.ok(await dialog.evaluate((one) => one.contains(document.activeElement)), 'the focus is in the dialog');
    const inside = await walk(page, 12);
    assert.ok(inside.every(({ dialogId, isOutside }) => dialogId || isOutside), 'Tab stays in the dialog');
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'hidden' });
    assert.ok(await opener.evaluate((one) => one === document.activeElement), 'the focus is back where it was');
  }

  it('the sheet of shortcuts, from its button', () =>
    opensAndCloses(page.locator('#side [commandfor=shortcuts]'), page.locator('#shortcuts')));

  it('the workspace switcher', () => opensAndCloses(page.locator('#side [data-dialog]'), page.locator('#dialog')));

  it('the palette, from its button', () => opensAndCloses(page.locator('#side [data-palette]'), page.locator('#palette')));

  it('the skip link leads to the content', async () => {
    await page.goto(`/w/${slug}/people`);
    await page.keyboard.press('Tab');
    assert.equal(await page.evaluate(() => document.activeElement.className), 'skip');
    await page.keyboard.press('Enter');
    assert.equal(await page.evaluate(() => document.activeElement.id), 'main');
  });

  it('? shows the shortcuts, and not while somebody types', async () => {
    await page.locator('#main').focus();
    await page.keyboard.press('?');
    await page.locator('#shortcuts').waitFor({ state: 'visible' });
    await page.keyboard.press('Escape');
    await page.locator('#shortcuts').waitFor({ state: 'hidden' });
    await page.locator('#main input[type=search]').first().focus();
    await page.keyboard.press('?');
    assert.ok(await page.locator('#shortcuts').isHidden());
  });

  it('Ctrl-K finds a page, Enter goes there', async () => {
    await page.goto(`/w/${slug}`);
    await page.keyboard.press('Control+k');
    const search = page.locator('#palette input');
    await search.waitFor();
    await search.fill('people');
    // The list of everything stands there until the answer to what was typed replaces it.
    await page.waitForFunction(() => document.querySelector('#palette [role=option]')?.pathname.endsWith('/people'));
    await page.locator('#palette [role=option]:is([aria-selected=true], [data-combobox-option-default])').first().waitFor();
    await page.keyboard.press('Enter');
    await page.waitForURL(`**/w/${slug}/people*`);
  });

  it('Ctrl-K finds what was typed before all of it was there', async () => {
    await page.goto(`/w/${slug}`);
    await page.route('**/combobox-nav*', async (route) => {
      await new Promise((done) => { setTimeout(done, 400); });
      await route.continue();
    });
    const found = await jumpsFor(page, 'vance');
    await page.unrouteAll();
    assert.ok(found.some((jump) => jump.includes('Priscilla Vance')), found.join());
  });

  // Nothing that Priscilla Vance is known by has these digits in a row.
  for (const [words, by] of [['vance pri', 'a name'], ['(303) 5550142', 'the end of a number']]) {
    it(`Ctrl-K finds somebody by ${by}`, async () => {
      await page.goto(`/w/${slug}`);
      await page.keyboard.press('Control+k');
      const search = page.locator('#palette input');
      await search.waitFor();
      await search.fill(words);
      await page.waitForFunction(() => document.querySelector('#palette [role=option]')?.textContent.includes('Priscilla Vance'));
      await page.locator('#palette [role=option]:is([aria-selected=true], [data-combobox-option-default])').first().waitFor();
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { name: 'Priscilla Vance' }).waitFor();
    });
  }
});
