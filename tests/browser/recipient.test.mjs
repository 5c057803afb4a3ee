// What whoever gets a campaign can do with it: stop it by the one click of their mail program, choose what they
// hear about, pause, see it in the browser, follow a link. With JavaScript and without; and machines that look
// at every link first change nothing.
import assert from 'node:assert/strict';
import { after, before, describe } from 'node:test';
import { startApp } from './support/app.mjs';
import { launch, newContext, sidewaysProblems, themes, watchedPage, widths } from './support/browser.mjs';
import { change, keptMail, post, wordsOf } from './support/campaigns.mjs';
import { assertGood } from './support/look.mjs';
import { owner, sessionOf, slug } from './support/people.mjs';
import { steps } from './support/steps.mjs';

const app = await startApp();
const browser = await launch();
after(async () => { await browser.close(); await app.stop(); });

const inAllForms = { themes };
const scanner = { 'user-agent': 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) SafeLinks' };
const reader = { 'user-agent': 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/19.0 Safari/605.1.15' };

describe('whoever gets it', { concurrency: false }, () => {
  const it = steps();
  // Who sent it, and who got it: with scripts and without, signed in nowhere.
  let sender;
  let visitor;
  let plain;
  let campaign;
  const mails = {};
  before(async () => {
    const storageState = await sessionOf(browser, app, owner);
    sender = await watchedPage(await newContext(browser, { baseURL: app.url, storageState }), app.url);
    visitor = await watchedPage(await newContext(browser, { baseURL: app.url }), app.url);
    plain = await (await newContext(browser, { baseURL: app.url, js: false })).newPage();
    campaign = await beginCampaign(sender.page);
  });

  async function beginCampaign(page) {
    await page.goto(`/w/${slug}`);
    const brand = { name: 'Summit Roofing', primary_colour: '#0f766e', accent_colour: '#9f3a16', reply_to: '', postal_address: '7 Ridge Road, Denver, CO 80202' };
    await post(page, `/w/${slug}/settings/brand`, brand);
    const path = await post(page, `/w/${slug}/campaigns/new`, { name: 'Winter offer' });
    await page.goto(path);
    await change(page, 'audience', async (box) => {
      await box.locator('[name=whom][value=lists]').check();
      await box.getByRole('checkbox', { name: 'Open day 2026' }).first().check();
      await box.locator('#topic').selectOption({ label: 'Offers' });
    });
    await change(page, 'subject', () => page.locator('#subject-text').fill('An offer before the frost'));
    await page.getByRole('link', { name: 'Send…' }).click();
    await page.getByRole('button', { name: 'Send to 9 people' }).click();
    await page.locator('#how .badge', { hasText: 'About to start' }).waitFor();
    return path;
  }

  const tokenOf = (mail, door) => mail.text.match(new RegExp(`/${door}/([\\w-]+)`))[1];
  const addressOf = (name, door) => `/${door}/${tokenOf(mails[name], door)}`;
  const ask = (path, options = {}) => fetch(app.url + path, { redirect: 'manual', ...options });
  const text = (page) => page.locator('#main').innerText();
  const press = (page, name) => Promise.all([page.waitForEvent('load'), page.getByRole('button', { name }).click()]);

  // The page of somebody, as those who write to them see it.
  async function contactOf(name) {
    await sender.page.goto(`/w/${slug}/contacts?q=${encodeURIComponent(name)}`);
    await sender.page.locator('#contacts tbody a:not(.tag)').click();
    await sender.page.locator('#consent').waitFor();
    return sender.page.locator('section:has(#consent)').innerText();
  }

  it('a link that is nobody’s says nothing of anybody', async () => {
    const { page } = visitor;
    const nobodys = 'Qk1nV0pYc2hBbGJhdHJvc3NBbGJhdHJvc3NBbGJhdHI';
    for (const [path, status, words] of [[`/u/${nobodys}`, 200, /Unsubscribe\?/], [`/p/${nobodys}`, 404, /This link does not work/],
      [`/v/${nobodys}`, 404, /This link does not work/], [`/c/${nobodys}`, 404, /This link does not work/], ['/u/trial', 200, /This was a trial/]]) {
      assert.equal((await page.goto(path)).status(), status, path);
      assert.match(await text(page), words);
      assert.doesNotMatch(await page.content(), /Summit/);
    }
    await assertGood(visitor, 'a trial', inAllForms);
    await page.goto(`/u/${nobodys}`);
    await assertGood(visitor, 'a stranger’s link', inAllForms);
    await press(page, 'Unsubscribe');
    assert.match(await text(page), /You are unsubscribed/);
    await page.goto(`/p/${nobodys}`);
    await assertGood(visitor, 'a link that does not work', inAllForms);
  });

  it('the mail comes, with links that are their own', async () => {
    await sender.page.locator('#how .badge', { hasText: /^Sent$/ }).waitFor({ timeout: 60_000 });
    for (const name of ['Noah', 'Priscilla', 'Eli', 'Grace']) mails[name] = await keptMail(sender.page, campaign, `${name}@`);
    assert.match(mails.Noah.text, /Hi Noah,/);
    assert.match(mails.Noah.source, /^From: "?Summit Roofing"? <hello@summit-roofing\.example>/m);
    const tokens = Object.values(mails).map((mail) => tokenOf(mail, 'u'));
    assert.equal(new Set(tokens).size, tokens.length);
  });

  it('a machine that looks at every link changes nothing', async () => {
    for (const door of ['u', 'p', 'v']) {
      for (const method of ['GET', 'HEAD', 'GET']) {
        const answer = await ask(addressOf('Noah', door), { method, headers: scanner });
        assert.equal(answer.status, 200, `${method} ${door}`);
        assert.equal(answer.headers.get('set-cookie'), null);
      }
    }
    const told = await contactOf('Noah');
    assert.match(told, /Agreed\s+They agreed to hear from you by e-mail\./);
    assert.doesNotMatch(told, /Unsubscribed/);
    await sender.page.goto(`${campaign}/report`);
    assert.match(await text(sender.page), /Unsubscribed\s+0\s/);
  });

  it('one click of a mail program stops what the mail was about, and is seen at once', async () => {
    const oneClick = { method: 'POST', body: 'List-Unsubscribe=One-Click', headers: { 'content-type': 'application/x-www-form-urlencoded' } };
    for (let pressed = 0; pressed < 2; pressed += 1) {
      const answer = await ask(addressOf('Noah', 'u'), oneClick);
      assert.equal(answer.status, 200);
      assert.equal(answer.headers.get('set-cookie'), null);
    }
    const told = await contactOf('Noah');
    assert.match(told, /They unsubscribed from “Offers”: campaigns about that leave them out\./);
    assert.match(told, new RegExp(`Unsubscribed from “Offers”\\s+.*${new Date().getFullYear()}.*by one click in their mail program`));
    assert.equal(told.match(/by one click/g).length, 1, 'pressed twice, it is said once');
    await assertGood(sender, 'somebody who unsubscribed');
    await sender.page.goto(`${campaign}/report/people?what=unsubscribed`);
    assert.match(await sender.page.locator('#main tbody').innerText(), /noah@/);
    await sender.page.goto(await post(sender.page, `${campaign}/copy`, {}));
    assert.match(await wordsOf(sender.page, 'audience'), /8 people, 1 left out \(1 opted out\)/);
  });

  it('the page behind the link asks first, and says what it did', async () => {
    const { page } = visitor;
    await page.goto(addressOf('Grace', 'u'));
    assert.match(await text(page), /You will get no more e-mail about Offers from Summit Roofing\./);
    assert.equal(await page.locator('script').count(), 0);
    await assertGood(visitor, 'unsubscribing', inAllForms);
    await press(page, 'Unsubscribe');
    assert.match(await text(page), /You are unsubscribed[\s\S]+no more e-mail about Offers/);
    await assertGood(visitor, 'unsubscribed', inAllForms);
    assert.match(await contactOf('Grace Mwangi'), /They unsubscribed from “Offers”/);
  });

  it('they choose what they hear about, and pause', async () => {
    const { page } = visitor;
    await page.goto(addressOf('Priscilla', 'p'));
    assert.match(await text(page), /priscilla@/);
    await assertGood(visitor, 'preferences', inAllForms);
    await page.getByRole('checkbox', { name: 'Offers' }).uncheck();
    await press(page, 'Save');
    await page.getByText('Saved. You will hear no more about “Offers”.').waitFor();
    assert.ok(await page.getByRole('checkbox', { name: 'Roof tips' }).isChecked());
    await press(page, 'Pause for 30 days');
    await page.getByText(/^Paused\. You get no e-mail from us until /).waitFor();
    await assertGood(visitor, 'a pause', inAllForms);
    const told = await contactOf('Priscilla');
    assert.match(told, /Paused\s+They paused e-mail for a while/);
    assert.match(told, /Paused everything until .+20\d\d.+\s+.+on their page of preferences/);
    await press(page, 'End the pause');
    await page.getByText('Welcome back.').waitFor();
    assert.ok(!await page.getByRole('checkbox', { name: 'Offers' }).isChecked(), 'what was stopped before stays so');
    assert.match(await contactOf('Priscilla'), /Agreed[\s\S]+They unsubscribed from “Offers”/);
  });

  it('all of it works without JavaScript', async () => {
    const seen = async (where) => {
      for (const width of widths) {
        await plain.setViewportSize({ width, height: 900 });
        assert.deepEqual(await sidewaysProblems(plain), [], `${where} at ${width} px`);
      }
    };
    await plain.goto(addressOf('Eli', 'u'));
    await seen('unsubscribing');
    await press(plain, 'Unsubscribe');
    await seen('unsubscribed');
    await Promise.all([plain.waitForEvent('load'), plain.getByRole('link', { name: /mistake/ }).click()]);
    await plain.getByRole('checkbox', { name: 'Offers' }).check();
    await press(plain, 'Save');
    assert.match(await text(plain), /Saved\. You will hear about “Offers”\./);
    await press(plain, 'Pause for 90 days');
    assert.match(await text(plain), /Paused until/);
    await press(plain, 'Stop all e-mail');
    assert.match(await text(plain), /Done\. You get no more e-mail from us\./);
    await seen('stopped');
    assert.match(await contactOf('Eli'), /Unsubscribed\s+They took back what they agreed to\./);
    await press(plain, 'Get e-mail again');
    assert.match(await text(plain), /Welcome back\./);
    assert.deepEqual(await plain.context().cookies(), []);
  });

  it('the mail is seen in the browser', async () => {
    const { page } = visitor;
    await page.goto(addressOf('Noah', 'v'));
    assert.match(await page.locator('body').innerText(), /Ready for winter\?[\s\S]+Hi Noah,/);
    await page.setViewportSize({ width: 390, height: 900 });
    assert.deepEqual(await sidewaysProblems(page), []);
    await page.setViewportSize({ width: 1360, height: 900 });
    await plain.goto(addressOf('Noah', 'v'));
    assert.match(await plain.locator('body').innerText(), /Hi Noah,/);
  });

  it('a link of it leads where it should, and does not say where', async () => {
    const target = 'https://summit-roofing.example/winter-check';
    const { text: said, source } = mails.Priscilla;
    assert.doesNotMatch(said + source, /winter-check/);
    const [path] = said.match(/\/c\/[\w-]+/);
    for (const headers of [scanner, reader]) {
      const answer = await ask(path, { headers });
      assert.equal(answer.status, 302);
      assert.equal(answer.headers.get('location'), target);
      assert.equal(answer.headers.get('set-cookie'), null);
    }
    assert.equal((await ask(`${path}x`)).status, 404, 'one that was changed leads nowhere');
  });
});
