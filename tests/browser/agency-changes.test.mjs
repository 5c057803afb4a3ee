// What somebody may do is taken away while they have the page open: the next click counts, and what they
// typed is not lost.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { acceptAsNewcomer, addClient, assign, changeRole, endAccess, foundAgency, invitationOf, invite, withdraw } from './support/agency.mjs';
import { startApp } from './support/app.mjs';
import { launch, newContext } from './support/browser.mjs';
import { comeInToHelp, showOut } from './support/installation.mjs';
import { signIn, support } from './support/people.mjs';
import { actionsOf, openStream, saved } from './support/workspace.mjs';

const app = await startApp();
const browser = await launch();
after(async () => { await browser.close(); await app.stop(); });

const password = 'nine brass kettles on a shelf';
const ada = { name: 'Ada Field', email: 'ada@fieldwork.example', workspace: 'Fieldwork', password };
const mia = { name: 'Mia Moss', email: 'mia@moss.example', password };
const tom = { name: 'Tom Teal', email: 'tom@fieldwork.example', password };

describe('changes while a page is open', { concurrency: false }, () => {
  const somebody = async () => (await newContext(browser, { baseURL: app.url })).newPage();
  let owner;
  let agency;
  let client;
  before(async () => {
    owner = await somebody();
    agency = await foundAgency(app, owner, ada);
    client = await addClient(owner, agency, 'Alder Dental');
  });

  it('a saved profile says so in a notice, without a new page', async () => {
    await owner.goto('/account');
    await owner.evaluate(() => { window.isSamePage = true; });
    await owner.locator('#title').fill('Founder');
    assert.match(await saved(owner, '#main form:has(#title)'), /saved/i);
    assert.equal(await owner.evaluate(() => window.isSamePage), true);
    assert.equal(await owner.locator('#title').inputValue(), 'Founder');
  });

  it('a role changed meanwhile refuses the next submit, names what is missing and keeps what was typed', async () => {
    const page = await somebody();
    await invite(owner, client, mia.email, 'Administrator');
    await acceptAsNewcomer(app, page, mia);
    await page.goto(`/w/${client}/settings`);
    await page.locator('#name').fill('Alder Dental, by the river');
    await changeRole(owner, client, mia, 'Viewer');
    const told = await saved(page, '#main form:has(#name)');
    assert.match(told, /workspace\.edit/);
    assert.match(told, /can give it to you/);
    assert.equal(await page.locator('#name').inputValue(), 'Alder Dental, by the river');
    assert.equal(new URL(page.url()).pathname, `/w/${client}/settings`);
    await page.reload();
    assert.match(await page.locator('main').innerText(), /workspace\.edit/, 'the page itself is refused as well');
    await page.context().close();
  });

  it('the link of an invitation that was withdrawn says so', async () => {
    const page = await somebody();
    await invite(owner, client, 'late@moss.example', 'Marketer');
    const link = await invitationOf(app, 'late@moss.example');
    assert.equal((await page.goto(link)).status(), 200);
    await withdraw(owner, client, 'late@moss.example');
    assert.equal((await page.goto(link)).status(), 410);
    assert.match(await page.locator('#main').innerText(), /withdrawn/);
    await page.context().close();
  });

  it('whose client is taken away is out within five seconds, and finds nothing by the next click', async () => {
    const page = await somebody();
    await invite(owner, agency, tom.email, 'Agency member');
    await acceptAsNewcomer(app, page, tom);
    await assign(owner, agency, client, tom, 'Marketer');
    await page.goto(`/w/${client}`);
    const stream = await openStream(page, client);
    assert.equal(stream.status, 200);
    await endAccess(owner, agency, client, tom);
    const left = Date.now();
    const nothing = page.getByRole('heading', { name: 'Nothing is here' });
    // Nobody has to click: the open page leaves by itself.
    await nothing.waitFor({ timeout: 6000 });
    assert.ok(await stream.ended - left <= 5000, 'the stream ends within five seconds');
    assert.equal((await page.goto(`/w/${client}/people`)).status(), 404);
    assert.equal((await openStream(page, client)).status, 404);
    assert.equal((await page.goto(`/w/${agency}`)).status(), 200, 'the agency stays open to him');
    await page.context().close();
  });

  it('the support that was shown out finds nothing by the next click, and the log has all of it', async () => {
    const page = await somebody();
    await signIn(page, support);
    await comeInToHelp(page, 'Fieldwork', 'A report that a page does not open');
    assert.match(await page.locator('#main').innerText(), /Support access by/);
    await page.locator('#side .nav__item[data-key=people]').click();
    await page.waitForURL(`**/w/${agency}/people`);
    await showOut(owner, agency);
    const answered = page.waitForResponse((response) => new URL(response.url()).pathname === `/w/${agency}`);
    await page.locator('#side .nav__item[data-key=home]').click();
    assert.equal((await answered).status(), 404);
    await page.getByRole('heading', { name: 'Nothing is here' }).waitFor();
    const lines = await actionsOf(owner, agency);
    const theirs = lines.filter(({ action }) => action.startsWith('support.')).map(({ action }) => action);
    assert.deepEqual(theirs, ['support.ended', 'support.looked', 'support.looked', 'support.began']);
    assert.ok(lines.some(({ what }) => what.includes(`/w/${agency}/people`)), 'what was looked at');
    await page.context().close();
  });
});
