// Without scripts: signing in and out, and changing settings, work all the same.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { startApp } from './support/app.mjs';
import { launch, newContext } from './support/browser.mjs';
import { send } from './support/journeys.mjs';
import { owner, signIn, slug } from './support/people.mjs';

const app = await startApp();
const browser = await launch();
after(async () => { await browser.close(); await app.stop(); });

describe('without JavaScript', { concurrency: false }, () => {
  let context;
  let page;
  before(async () => {
    context = await newContext(browser, { js: false, baseURL: app.url });
    page = await context.newPage();
  });
  after(() => context.close());

  const path = () => new URL(page.url()).pathname;
  const save = () => send(page, '#main form.form');

  it('a wrong password comes back with the address still there', async () => {
    await signIn(page, owner, 'not the password at all');
    assert.equal(path(), '/sign-in');
    assert.equal(await page.locator('#main input[type=email]').inputValue(), owner);
    assert.equal(await page.locator('#main input[type=password]').inputValue(), '');
    assert.ok(await page.locator('#main [role=alert], #main .field__error').first().isVisible(), 'it says what is wrong');
  });

  it('the right one leads to the workspace', async () => {
    await signIn(page, owner);
    assert.equal(path(), `/w/${slug}`);
  });

  it('the workspace can be renamed, and says so', async () => {
    await page.goto(`/w/${slug}/settings`);
    await page.locator('#name').fill('Summit Roofing & Gutters');
    await save();
    assert.match(path(), new RegExp(`^/w/${slug}/settings$`));
    assert.equal(await page.locator('#name').inputValue(), 'Summit Roofing & Gutters');
    assert.ok(await page.locator('.toast').first().isVisible(), 'a notice says that it was saved');
  });

  it('a name left empty is refused beside the field', async () => {
    await page.locator('#name').fill('   ');
    await save();
    assert.ok(await page.locator('#name-error').isVisible());
    assert.equal(await page.locator('#name').getAttribute('aria-invalid'), 'true');
  });

  it('the theme is kept', async () => {
    await page.goto('/account/preferences');
    await page.locator('input[name=theme][value=dark]').check();
    await save();
    await page.goto(`/w/${slug}`);
    assert.equal(await page.locator('html').getAttribute('data-theme'), 'dark');
  });

  it('search, and the palette, are pages', async () => {
    await page.goto(`/w/${slug}/people?q=vera`);
    assert.match(await page.locator('#people').innerText(), /vera@/);
    await page.goto(`/w/${slug}/palette?q=people`);
    assert.ok(await page.locator('.jumps a').first().isVisible());
  });

  it('signing out ends it', async () => {
    await page.goto(`/w/${slug}`);
    await Promise.all([page.waitForEvent('load'), page.locator('#side form[action="/sign-out"] button').click()]);
    await page.goto(`/w/${slug}`);
    assert.equal(path(), '/sign-in');
  });
});
