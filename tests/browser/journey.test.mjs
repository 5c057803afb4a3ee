// One person's first hour: signs up, confirms by mail, turns on two-factor sign-in, signs in elsewhere,
// ends that session, forgets the password and sets another.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { startApp } from './support/app.mjs';
import { assertNothingWrong, launch, newContext, watchedPage } from './support/browser.mjs';
import { askForReset, askToSignUp, confirmSignUp, send } from './support/journeys.mjs';
import { lastMail, linkIn } from './support/mailbox.mjs';
import { signIn } from './support/people.mjs';
import { code, step } from './support/totp.mjs';

const app = await startApp();
const browser = await launch();
after(async () => { await browser.close(); await app.stop(); });

const email = 'nora@northwind.example';
const first = 'seven wet umbrellas on a porch';
const second = 'eleven dry umbrellas in a hall';

describe('from sign-up to reset', { concurrency: false }, () => {
  let desk;
  let phone;
  let secret;
  let spent = 0;
  const recovery = [];
  before(async () => {
    desk = await watchedPage(await newContext(browser, { baseURL: app.url }), app.url);
    phone = await watchedPage(await newContext(browser, { baseURL: app.url, width: 390, theme: 'dark' }), app.url);
  });
  const path = ({ page }) => new URL(page.url()).pathname;

  // A code is good once: the next one that was not used yet, which servers accept half a minute early.
  function nextCode() {
    spent = Math.max(step(), spent + 1);
    return code(secret, spent);
  }

  async function answerCode(page, answer) {
    await page.waitForURL('**/sign-in/code*');
    await page.locator('#main [name=code]').fill(answer);
    await send(page);
  }

  it('signing up asks to look into the mail, and lets nobody in yet', async () => {
    await askToSignUp(desk.page, { name: 'Nora North', email, workspace: 'Northwind' });
    assert.match(await desk.page.locator('#main').innerText(), /mail/i);
    await desk.page.goto('/account');
    assert.equal(path(desk), '/sign-in');
  });

  it('the link in the mail lets her choose a password and brings her to the workspace', async () => {
    await confirmSignUp(app, desk.page, email, first);
    await desk.page.waitForURL('**/w/*');
    assert.match(await desk.page.locator('#side').innerText(), /Northwind/);
    await assertNothingWrong(desk, 'the first page of a new workspace');
  });

  it('two-factor sign-in is turned on with the code of an authenticator', async () => {
    const { page } = desk;
    await page.goto('/account/security');
    await page.locator('#main a[href="/account/security/two-factor"]').click();
    await page.waitForURL('**/account/security/two-factor');
    secret = (await page.locator('#main code[data-copy]').innerText()).trim();
    assert.match(secret, /^[A-Z2-7]{32}$/);
    await page.locator('#code').fill(nextCode());
    await page.locator('#two_factor_password').fill(first);
    await send(page);
    recovery.push(...await page.locator('#main .codes code').allInnerTexts());
    assert.equal(recovery.length, 10, 'recovery codes are shown');
    await assertNothingWrong(desk, 'turning two-factor sign-in on');
  });

  it('elsewhere, a password alone is not enough', async () => {
    await signIn(phone.page, email, first);
    await answerCode(phone.page, '000000');
    assert.equal(path(phone), '/sign-in/code');
    await answerCode(phone.page, nextCode());
    await phone.page.waitForURL('**/w/*');
  });

  it('both sessions are listed, and the other one can be ended', async () => {
    const { page } = desk;
    await page.goto('/account/sessions');
    const others = page.locator('#main li:not(:has(.badge)) form button');
    assert.equal(await page.locator('#main li:has(.badge)').count(), 1, 'this session is marked');
    assert.equal(await others.count(), 1, 'the phone is listed');
    await Promise.all([page.waitForEvent('load'), others.click()]);
    assert.equal(await others.count(), 0, 'the phone is gone from the list');
    await phone.page.goto('/account');
    assert.equal(path(phone), '/sign-in', 'the phone is signed out');
  });

  it('a recovery code serves once in place of the authenticator', async () => {
    await signIn(phone.page, email, first);
    await answerCode(phone.page, recovery[0]);
    await phone.page.waitForURL('**/w/*');
    await phone.page.context().clearCookies();
    await signIn(phone.page, email, first);
    await answerCode(phone.page, recovery[0]);
    assert.equal(path(phone), '/sign-in/code');
  });

  it('a forgotten password is set anew by mail, which ends every session', async () => {
    await askForReset(phone.page, email);
    const mail = await lastMail(app, /reset\//, email);
    await phone.page.goto(`/reset/${linkIn(mail, '/reset/')}`);
    await phone.page.locator('#main input[type=password]').first().fill(second);
    await send(phone.page);
    await desk.page.goto('/account');
    assert.equal(path(desk), '/sign-in', 'the desk is signed out');
    await signIn(desk.page, email, first);
    assert.equal(path(desk), '/sign-in', 'the old password is refused');
    await signIn(desk.page, email, second);
    await answerCode(desk.page, recovery[1]);
    await desk.page.waitForURL('**/w/*');
    await assertNothingWrong(desk, 'after all of it');
  });
});
