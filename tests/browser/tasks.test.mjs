// A task from the page of whom it is about to its end: added, done by keyboard alone, taken back, given to somebody
// whose bell tells; the day of somebody who works in several workspaces; and all of it without a script.
import assert from 'node:assert/strict';
import { after, before, describe } from 'node:test';
import { startApp } from './support/app.mjs';
import { launch, newContext, watchedPage } from './support/browser.mjs';
import { assertGood } from './support/look.mjs';
import { agencyOwner, marketer, owner, sessionOf, slug } from './support/people.mjs';
import { enter } from './support/keys.mjs';
import { steps } from './support/steps.mjs';

const app = await startApp();
const browser = await launch();
after(async () => { await browser.close(); await app.stop(); });

const tasks = `/w/${slug}/tasks`;
const everywhere = { themes: ['light', 'dark'] };

describe('tasks', { concurrency: false }, () => {
  const it = steps();
  let watched;
  let page;
  let storageState;
  const pageOf = async (email, options = {}) => {
    const context = await newContext(browser, { baseURL: app.url, storageState: await sessionOf(browser, app, email), ...options });
    return watchedPage(context, app.url);
  };
  before(async () => {
    storageState = await sessionOf(browser, app, owner);
    watched = await watchedPage(await newContext(browser, { baseURL: app.url, storageState }), app.url);
    page = watched.page;
  });

  const said = (words) => page.locator('#toasts .toast', { hasText: words }).waitFor();
  const line = (title, on = page) => on.locator('.line', { hasText: title });

  it('the sample has tasks that are late, for today and to come', async () => {
    await page.goto(tasks);
    for (const group of ['Overdue', 'Today', 'Upcoming']) await page.getByRole('heading', { name: group }).waitFor();
    assert.match(await line('Tell Wei the price').innerText(), /Overdue · Yesterday · Sam Whitfield · Wei/);
    await assertGood(watched, 'the tasks', everywhere);
  });

  it('one is added beside the contact that it is about', async () => {
    await page.goto(`/w/${slug}/contacts?q=tamika`);
    await page.locator('tbody a').first().click();
    await page.locator('#quick-title').fill('Ask Tamika about the gutter');
    await assertGood(watched, 'a contact with tasks');
    await page.locator('#quick-title').press('Enter');
    await said('Added the task “Ask Tamika about the gutter”.');
    await line('Ask Tamika about the gutter').waitFor();
  });

  it('by keyboard alone it is done, and taken back', async () => {
    await page.goto(tasks);
    await enter(page, `#${await line('Ask Tamika').getAttribute('id')} .tick`);
    await said('Done: “Ask Tamika about the gutter”.');
    assert.equal(await line('Ask Tamika').count(), 0);
    await enter(page, '#toasts .toast form button');
    await said('“Ask Tamika about the gutter” is open again.');
    await line('Ask Tamika').waitFor();
  });

  it('given to somebody it stands at their bell', async () => {
    const theirs = await pageOf(marketer);
    await theirs.page.goto(tasks);
    const bell = async () => Number(await theirs.page.locator('#side .bell__count').innerText());
    const unread = await bell();
    await page.goto(`${tasks}/new`);
    await page.locator('#title').fill('Write to the daycare');
    await assertGood(watched, 'a new task', everywhere);
    await page.locator('#assignee').selectOption({ label: 'Mateo Castellano' });
    await page.getByRole('button', { name: 'Add the task' }).click();
    await said('Added the task');
    // Wherever somebody goes next, the bell follows.
    await theirs.page.locator('#side').getByRole('link', { name: 'Contacts' }).click();
    await theirs.page.getByRole('heading', { name: 'Contacts' }).waitFor();
    // What of theirs is due may be told meanwhile.
    assert.ok(await bell() > unread);
    await theirs.page.goto('/notifications');
    await assertGood(theirs, 'the notices', everywhere);
    await theirs.page.getByRole('button', { name: 'Sam Whitfield gave you the task “Write to the daycare”', exact: true }).click();
    await theirs.page.getByRole('heading', { name: 'Write to the daycare' }).waitFor();
    await assertGood(theirs, 'a task');
    await theirs.page.goto('/notifications');
    assert.equal(await line('gave you the task “Write to the daycare”', theirs.page).getByText('New').count(), 0);
    await theirs.page.goto('/account/notifications');
    await assertGood(theirs, 'how one is told', everywhere);
  });

  it('what can be touched is large enough to be', async () => {
    await page.setViewportSize({ width: 390, height: 844 });
    for (const path of [tasks, '/my-day', '/notifications']) {
      await page.goto(path);
      const small = await page.locator('main button:visible, main .line__title:visible, .topbar a:visible').evaluateAll((all) => all
        .map((one) => [one.innerText, one.getBoundingClientRect()])
        .filter(([, box]) => box.width < 24 || box.height < 24).map(([words, box]) => `${words} ${box.width}×${box.height}`));
      assert.deepEqual(small, [], path);
    }
    await page.setViewportSize({ width: 1280, height: 900 });
  });

  it('a day is of all workspaces, and is done from there', async () => {
    const ines = await pageOf('omar@brightwater.example');
    await ines.page.goto('/my-day');
    const place = ines.page.locator('.line__place');
    assert.deepEqual([...new Set(await place.allInnerTexts())].sort(), ['Harbor Dental', 'Juniper Yoga']);
    await assertGood(ines, 'a day', everywhere);
    const before = await ines.page.locator('.line').count();
    await ines.page.locator('.tick').first().click();
    await ines.page.locator('#toasts .toast', { hasText: 'Done: ' }).waitFor();
    assert.equal(new URL(ines.page.url()).pathname, '/my-day');
    assert.equal(await ines.page.locator('.line').count(), before - 1);
    const nobodys = await pageOf(agencyOwner);
    await nobodys.page.goto('/my-day');
    await nobodys.page.getByRole('heading', { name: 'Nothing to do' }).waitFor();
    await assertGood(nobodys, 'an empty day');
  });

  it('all of it works without a script', async () => {
    const plain = await newContext(browser, { baseURL: app.url, storageState, js: false });
    const without = await plain.newPage();
    await without.goto(`${tasks}/new`);
    await without.locator('#title').fill('Sweep the yard');
    await without.getByRole('button', { name: 'Add the task' }).click();
    await without.locator('.line', { hasText: 'Sweep the yard' }).locator('.tick').click();
    await without.locator('.toast', { hasText: 'Done: “Sweep the yard”.' }).getByRole('button', { name: 'Undo' }).click();
    await without.locator('.line', { hasText: 'Sweep the yard' }).waitFor();
    await plain.close();
  });
});
