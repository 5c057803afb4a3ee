// An agency with two clients, and a marketer of one of them, who must not notice that there is another.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { acceptAsNewcomer, addClient, foundAgency, invite, saveLogo } from './support/agency.mjs';
import { startApp } from './support/app.mjs';
import { assertNothingWrong, launch, newContext, watchedPage } from './support/browser.mjs';
import { answerTo, jumpsFor, saved } from './support/workspace.mjs';

const app = await startApp();
const browser = await launch();
after(async () => { await browser.close(); await app.stop(); });

const ada = { name: 'Ada Field', email: 'ada@fieldwork.example', workspace: 'Fieldwork', password: 'nine brass kettles on a shelf' };
const mia = { name: 'Mia Moss', email: 'mia@moss.example', password: 'four green ladders in a barn' };

describe('an agency and its clients', { concurrency: false }, () => {
  let owner;
  let marketer;
  let agency;
  let mine;
  let other;
  let logo;
  before(async () => {
    owner = await watchedPage(await newContext(browser, { baseURL: app.url }), app.url);
    marketer = await watchedPage(await newContext(browser, { baseURL: app.url }), app.url);
  });
  const path = ({ page }) => new URL(page.url()).pathname;

  it('somebody signs up as an agency and adds two clients', async () => {
    agency = await foundAgency(app, owner.page, ada);
    mine = await addClient(owner.page, agency, 'Alder Dental');
    other = await addClient(owner.page, agency, 'Birch Bakery');
    logo = await saveLogo(owner.page, other);
    await owner.page.goto(`/w/${agency}/clients`);
    assert.deepEqual(await owner.page.locator('#main tbody a.table__main').allInnerTexts().then((all) => all.map((one) => one.split('\n').at(-1).trim())),
      ['Alder Dental', 'Birch Bakery']);
    await assertNothingWrong(owner, 'making an agency');
  });

  it('a marketer is asked into one of them, and comes in by the link of the mail', async () => {
    await invite(owner.page, mine, mia.email, 'Marketer');
    assert.equal(await acceptAsNewcomer(app, marketer.page, mia), mine);
    assert.match(await marketer.page.locator('#side').innerText(), /Alder Dental\s+Marketer/);
    await assertNothingWrong(marketer, 'the first page of the marketer');
  });

  it('the other client answers her as what never was, whatever she asks for', async () => {
    const screens = ['', '/people', '/people?q=ada', '/settings', '/palette?q=b', '/live', '/settings/audit-log', '/settings/audit-log/export', `/settings/brand/logo/${logo}`];
    for (const screen of screens) {
      const [asked, never] = [await answerTo(marketer.page, `/w/${other}${screen}`), await answerTo(marketer.page, `/w/never-was${screen}`)];
      assert.equal(asked.status, 404, `/w/${other}${screen}`);
      assert.deepEqual(asked, never, `/w/${other}${screen} tells that it is there`);
      // It is there: so its owner finds it.
      if (screen !== '/live') assert.equal((await answerTo(owner.page, `/w/${other}${screen}`)).status, 200, screen);
    }
    const shown = await marketer.page.goto(`/w/${other}/people`);
    assert.equal(shown.status(), 404);
    assert.doesNotMatch(await marketer.page.content(), /Birch/);
  });

  it('nothing that finds workspaces finds it for her', async () => {
    const { page } = marketer;
    await page.goto(`/w/${mine}`);
    await page.keyboard.press('w');
    await page.locator('#dialog .switch__list').waitFor();
    assert.deepEqual(await page.locator('#dialog .switcher__name').allInnerTexts(), ['Alder Dental']);
    await page.keyboard.press('Escape');
    assert.deepEqual(await jumpsFor(page, 'birch'), []);
    assert.deepEqual(await jumpsFor(page, 'ada'), [], 'nor people of the agency who are not of the client');
    assert.ok((await jumpsFor(owner.page, 'birch')).some((jump) => jump.includes('Birch Bakery')), 'its owner jumps there');
    await page.goto('/workspaces?q=birch');
    assert.doesNotMatch(await page.locator('#main').innerText(), /Bakery/);
  });

  it('short addresses lead her to the client she is in', async () => {
    for (const short of ['/', '/people', '/settings', '/settings/audit-log']) {
      await marketer.page.goto(short);
      assert.equal(path(marketer), `/w/${mine}${short === '/' ? '' : short}`);
    }
  });

  it('two tabs in two clients show and write each its own', async () => {
    const tabs = [owner, await watchedPage(owner.page.context(), app.url)];
    const now = [[mine, 'Alder Dental', 'Alder Dental Care'], [other, 'Birch Bakery', 'Birch Bakery & Café']];
    for (const [at, [slug]] of now.entries()) await tabs[at].page.goto(`/w/${slug}/settings`);
    for (const [at, [, was, will]] of now.entries()) {
      assert.equal(await tabs[at].page.locator('#name').inputValue(), was);
      await tabs[at].page.locator('#name').fill(will);
    }
    for (const at of [0, 1]) await saved(tabs[at].page, '#main form:has(#name)');
    for (const [at, [slug, , will]] of now.entries()) {
      assert.equal(path(tabs[at]), `/w/${slug}/settings`);
      await tabs[at].page.goto(`/w/${slug}/settings`);
      assert.equal(await tabs[at].page.locator('#name').inputValue(), will);
      assert.match(await tabs[at].page.locator('#side .switcher__name').innerText(), new RegExp(`^${will.slice(0, 5)}`));
      await assertNothingWrong(tabs[at], `the tab in ${slug}`);
    }
  });
});
