// From an empty workspace to a report: a sender, a list, a design by keyboard, a campaign part by part, a test
// to oneself, the half minute in which it can be undone, pausing and going on, and what became of it.
import assert from 'node:assert/strict';
import { after, before, describe } from 'node:test';
import { startApp } from './support/app.mjs';
import { launch, newContext, watchedPage } from './support/browser.mjs';
import { bring, change, checksOn, keptMail, until } from './support/campaigns.mjs';
import { makeLetter, undoAndRedo } from './support/design.mjs';
import { askToSignUp, confirmSignUp } from './support/journeys.mjs';
import { hasFocus } from './support/keys.mjs';
import { assertGood, forgive, numbersOn } from './support/look.mjs';
import { steps } from './support/steps.mjs';

const app = await startApp();
const browser = await launch();
after(async () => { await browser.close(); await app.stop(); });

const nora = { name: 'Nora North', email: 'nora@northwind.example', workspace: 'Northwind Rowing' };
const target = 'https://northwind.example/regatta?lane=4';
// Enough that it takes a while; they come first, and those who do something come last.
const CROWD = 500;
const personas = ['bounce-hard', 'clicker', 'reader', 'scanner', 'complain'].map((does) => `${does}@club.example,Kim,${does}`);
const people = ['email,first_name,last_name', ...Array.from({ length: CROWD }, (_, n) => `rower${n}@club.example,Rower,${n}`), ...personas];

describe('a campaign', { concurrency: false }, () => {
  const it = steps();
  let watched;
  let page;
  let home;
  let campaign;
  before(async () => {
    watched = await watchedPage(await newContext(browser, { baseURL: app.url }), app.url);
    page = watched.page;
    await askToSignUp(page, nora);
    await confirmSignUp(app, page, nora.email, 'seven wet umbrellas on a porch');
    await page.waitForURL('**/w/*');
    home = new URL(page.url()).pathname;
  });

  const main = () => page.locator('#main').innerText();
  const said = (words) => page.locator('#toasts .toast', { hasText: words }).waitFor();
  const stands = (words, seconds = 20) => page.locator('#how .badge', { hasText: words }).waitFor({ timeout: seconds * 1000 });
  const part = (name) => page.locator(`#${name}-part`);

  it('an empty workspace says what a campaign wants, and leads there', async () => {
    await assertGood(watched, 'an empty workspace');
    await page.getByRole('link', { name: 'Open Send a first campaign' }).click();
    await page.getByRole('heading', { name: 'No campaign yet' }).waitFor();
    await assertGood(watched, 'no campaign yet');
    await page.getByRole('link', { name: 'Make the first campaign' }).click();
    await page.locator('#name').fill('Regatta');
    await page.getByRole('button', { name: 'Make the campaign' }).click();
    await page.locator('#checklist').waitFor();
    campaign = new URL(page.url()).pathname;
    assert.deepEqual((await checksOn(page)).stops, ['It is for nobody yet', 'It is from nobody yet', 'The subject is missing',
      'There is no content yet', 'Your postal address is missing']);
    await page.getByRole('link', { name: 'Choose a sender' }).click();
    await part('sender').getByRole('link', { name: 'Add a sender' }).click();
    await page.getByRole('heading', { name: 'Who campaigns are from' }).waitFor();
  });

  it('a sender and the postal address are written down once', async () => {
    const form = page.locator('form[action$="/senders"]');
    await form.locator('[name=name]').fill('Nora of Northwind');
    await form.locator('[name=email]').fill('nora@northwind.example');
    await form.locator('.btn--primary').click();
    await said('Campaigns can be from “Nora of Northwind” now.');
    await assertGood(watched, 'a sender');
    await page.goto(campaign);
    await page.getByRole('link', { name: 'Write it into the brand' }).click();
    await page.locator('#postal_address').fill('1 Boathouse Lane, Oxford');
    await page.locator('form:has(#postal_address) .btn--primary').click();
    await page.locator('#toasts .toast').last().waitFor();
    await assertGood(watched, 'the brand', { at: [390] });
  });

  it('people are put into a list, by a file and by hand', async () => {
    await bring(page, home.split('/').at(-1), 'Rowers', people);
    await page.goto(`${home}/contacts/new`);
    await page.locator('#email').fill('ada@club.example');
    await page.locator('#first_name').fill('Ada');
    await page.locator('#last_name').fill('Lovell');
    await page.getByRole('button', { name: 'Add the contact' }).click();
    await said('Added the contact.');
    await page.goto(`${home}/contacts?q=ada`);
    await page.getByRole('checkbox', { name: 'Select Ada Lovell' }).check();
    await page.getByRole('button', { name: 'Add to the list' }).click();
    await said('Added 1 person to “Rowers”.');
    await page.goto(`${home}/contacts/lists`);
    assert.match(await main(), new RegExp(`Rowers\\s+${CROWD + personas.length + 1} people`));
    await assertGood(watched, 'lists');
  });

  it('a design is made without a mouse; what was done is undone and done again, and a reload keeps it', async () => {
    await page.goto(`${home}/designs/new`);
    await makeLetter(page, 'Regatta letter', target);
    await assertGood(watched, 'the editor');
    await undoAndRedo(page);
    await page.locator('.outline__item', { hasText: 'Row with us' }).click();
    await page.locator('#f-href').waitFor();
    assert.equal(await page.locator('#f-href').inputValue(), target);
    assert.match(await page.frameLocator('.canvas__frame').locator('body').innerText(), /Regatta on Sunday[\s\S]*See you in Denver!/);
  });

  it('the campaign is filled in part by part, and says what it will do', async () => {
    await page.goto(`${campaign}?open=audience`);
    const audience = await change(page, 'audience', async (box) => {
      await box.locator('[name=whom][value=lists]').check();
      await box.getByRole('checkbox', { name: 'Rowers' }).first().check();
    });
    assert.match(audience, new RegExp(`Whoever is in “Rowers”: ${CROWD + personas.length + 1} people`));
    await hasFocus(page, 'audience-head', 'the keyboard stands where it stood');
    assert.match(await change(page, 'sender', (box) => box.locator('select').selectOption({ index: 1 })), /Nora of Northwind <nora@northwind\.example>/);
    await part('subject').locator('.part__head').click();
    await page.locator('#subject-text').fill('{{ contact.nickname }}, to the boats!');
    await part('subject').locator('.btn--primary').click();
    await page.locator('#subject-error').waitFor();
    forgive(watched, '422 for POST');
    assert.equal(await page.locator('#subject-text').inputValue(), '{{ contact.nickname }}, to the boats!');
    const subject = await change(page, 'subject', async () => {
      await page.locator('#subject-text').fill('{{ contact.first_name | default("You") }}, to the boats!');
      await page.locator('#preview_text').fill('Sunday at ten.');
    });
    assert.match(subject, /21 characters · “Sunday at ten\.”/);
    assert.match(await change(page, 'content', (box) => box.getByRole('radio', { name: 'Regatta letter' }).check()), /“Regatta letter” · \d+ KB/);
    const found = await checksOn(page);
    assert.deepEqual(found.stops, []);
    assert.deepEqual(found.warns, ['Nothing will leave', 'The sender\'s domain does not sign it', 'This installation has no https address']);
    assert.deepEqual(found.fine, [`${CROWD + personas.length + 1} people get it`, 'People can unsubscribe', 'Your postal address is in it']);
    await assertGood(watched, 'a campaign that is ready');
  });

  it('it is seen as somebody in particular', async () => {
    await page.getByRole('link', { name: 'Preview and test' }).click();
    await page.locator('.preview__search').fill('Lovell');
    await page.locator('.preview__search').press('Enter');
    await page.getByRole('link', { name: 'Ada Lovell' }).click();
    await page.locator('#mail', { hasText: 'Ada, to the boats!' }).waitFor();
    const mail = page.frameLocator('.preview__frame');
    await mail.getByText('Hi Ada,').waitFor();
    await mail.getByText('See you in Oxford!').waitFor();
    await assertGood(watched, 'the preview');
  });

  it('a test goes to the built-in mailbox, where it is read', async () => {
    await page.getByRole('button', { name: 'Send a test' }).click();
    await page.locator('#trials .badge', { hasText: 'Sent' }).waitFor();
    assert.match(page.url(), /as=[0-9a-f-]{36}/, 'still as whom it was seen');
    await page.getByRole('link', { name: 'Read them in the built-in mailbox' }).click();
    await page.getByRole('link', { name: nora.email }).click();
    await page.getByRole('heading', { name: '[Test] Ada, to the boats!' }).waitFor();
    await page.frameLocator('.message__frame').getByText('Regatta on Sunday').waitFor();
    await assertGood(watched, 'a mail in the mailbox');
    await page.getByRole('link', { name: 'Built-in mailbox of Regatta' }).click();
    await page.getByText('Addresses that behave like people and servers').click();
    assert.match(await main(), /bounce-hard@\s+comes back for ever/);
    await assertGood(watched, 'the mailbox');
  });

  // Presses Send and answers the question.
  async function send() {
    await page.getByRole('link', { name: 'Send…' }).click();
    const dialog = page.locator('#dialog');
    await dialog.locator('form').waitFor();
    assert.match(await dialog.innerText(), new RegExp(`Send as Northwind Rowing to ${CROWD + personas.length + 1} people\\?`));
    await dialog.getByRole('button', { name: /^Send to/ }).click();
    await stands('About to start');
  }

  it('whoever says yes sees what to, and has half a minute to think again', async () => {
    await page.goto(campaign);
    await send();
    assert.match(await main(), /It begins in [12]\d s\./);
    await page.locator('#undo').focus();
    await page.locator('#standing').evaluate((one) => { one.dataset.isOld = 'yes'; });
    await page.locator('#standing:not([data-is-old])').waitFor();
    await hasFocus(page, 'undo', 'the page that looks again leaves the focus where it is');
    await assertGood(watched, 'the half minute');
    await page.keyboard.press('Enter');
    await said('Taken back. Nothing was sent; it is a draft again.');
    await part('audience').waitFor();
  });

  it('it is sent; while that can be undone, a copy of it is planned for a time, and taken back', async () => {
    await send();
    await page.getByRole('button', { name: 'Copy' }).click();
    await part('time').waitFor();
    assert.match(await main(), /Copy of Regatta\s+Draft/);
    const tomorrow = new Date(Date.now() + 24 * 3600_000).toISOString().slice(0, 10);
    const time = await change(page, 'time', async (box) => {
      await box.locator('[name=when][value=later]').check();
      await box.locator('#begins').fill(`${tomorrow}T09:00`);
    });
    assert.match(time, /9:00 AM \(.+\)/);
    await page.getByRole('link', { name: 'Schedule…' }).click();
    await page.getByRole('button', { name: 'Schedule it' }).click();
    await stands('Scheduled');
    assert.match(await main(), /Begins\s+.+9:00 AM/);
    await assertGood(watched, 'a campaign that is planned');
    await page.getByRole('button', { name: 'Back to the draft' }).click();
    await said('Taken back. Nothing was sent; it is a draft again.');
    await part('time').waitFor();
  });

  it('it is paused, and gone on with to its end', async () => {
    await until(page, campaign, /id="pause"/);
    await page.goto(campaign);
    await page.locator('#pause').click();
    await stands('Paused');
    const { Sent, Waiting } = await numbersOn(page);
    assert.ok(Waiting > 0, `${Sent} were sent before it was paused`);
    assert.equal(Sent + Waiting, CROWD + personas.length + 1);
    await assertGood(watched, 'a campaign that is paused');
    await page.locator('#resume').click();
    await stands('Sent', 40);
    assert.equal((await numbersOn(page)).Sent, CROWD + personas.length + 1);
    await assertGood(watched, 'a campaign that was sent');
  });

  it('the report says what became of it, and who is behind a number', async () => {
    await until(page, `${campaign}/report`, /Came back<\/span><a class="num" href="[^"]*">1</);
    await until(page, `${campaign}/report`, /Called it spam<\/span><a class="num" href="[^"]*">1</);
    await page.getByRole('link', { name: 'Report', exact: true }).click();
    await page.getByRole('heading', { name: 'Over time' }).waitFor();
    const numbers = await page.locator('.report__stat').evaluateAll((all) => all.map((one) => one.querySelector('.stat__value').textContent));
    assert.deepEqual(numbers, [String(CROWD + personas.length), '2', '1', '0'], 'delivered, opened, clicked, unsubscribed');
    assert.match(await page.locator('.report__links').innerText(), /https:\/\/northwind\.example\/regatta\?lane=4\s+1/);
    assert.match(await main(), /Machines made another 1 open and \d click/);
    await assertGood(watched, 'a report');
    await page.locator('.report__links tbody a').first().click();
    await page.waitForURL('**/report/people?*');
    assert.match(await page.locator('#main tbody').innerText(), /clicker@club\.example/);
    await page.locator('#name').fill('Want to row');
    await page.getByRole('button', { name: 'Save 1 person' }).click();
    await page.waitForURL('**/contacts?list=*');
    assert.match(await page.locator('#contacts').innerText(), /clicker@club\.example/);
    await assertGood(watched, 'people behind a number');
  });

  it('whose mail came back is suppressed', async () => {
    await page.goto(`${campaign}/report`);
    await page.locator('.report__line', { hasText: 'Came back' }).getByRole('link').click();
    await page.waitForURL('**/report/people?*');
    assert.match(await page.locator('#main tbody').innerText(), /bounce-hard@club\.example/);
    await page.locator('#main tbody a').click();
    await page.locator('#consent').waitFor();
    assert.match(await main(), /Suppressed\s+Nothing is sent to this address: mail to it came back for good/);
    await page.goto(`${home}/settings/suppressions`);
    assert.match(await main(), /bounce-hard@club\.example/);
    const { text } = await keptMail(page, campaign, 'ada@club.example');
    assert.match(text, /Hi Ada,/);
    await page.goto(home);
    assert.match(await main(), /Send a first campaign\s+\(done\)/);
  });
});
