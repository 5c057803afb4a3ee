// A deal from somebody's page to its end: made, dragged, moved by keyboard alone, lost for a reason, opened again
// and won; and what the board adds up meanwhile.
import assert from 'node:assert/strict';
import { after, before, describe } from 'node:test';
import { startApp } from './support/app.mjs';
import { launch, newContext, watchedPage } from './support/browser.mjs';
import { enter, tabTo } from './support/keys.mjs';
import { assertGood, forgive } from './support/look.mjs';
import { owner, sessionOf, slug } from './support/people.mjs';
import { steps } from './support/steps.mjs';

const app = await startApp();
const browser = await launch();
after(async () => { await browser.close(); await app.stop(); });

const board = `/w/${slug}/deals`;
const everywhere = { themes: ['light', 'dark'] };

describe('a deal', { concurrency: false }, () => {
  const it = steps();
  let watched;
  let page;
  let storageState;
  before(async () => {
    storageState = await sessionOf(browser, app, owner);
    watched = await watchedPage(await newContext(browser, { baseURL: app.url, storageState }), app.url);
    page = watched.page;
  });

  const column = (name) => page.getByRole('region', { name: new RegExp(`^${name}`) });
  const card = (name) => page.locator('.deal', { hasText: name });
  const sumOf = async (name) => (await column(name).locator('.board__sum').innerText()).replace(/\s+/g, ' ');
  const said = (words) => page.locator('#toasts .toast', { hasText: words }).waitFor();

  it('the sample has deals in every stage, one of them forgotten for too long', async () => {
    await page.goto(board);
    for (const stage of ['Prospecting', 'Qualification', 'Proposal', 'Negotiation', 'Closed won', 'Closed lost']) {
      assert.ok(await column(stage).locator('.deal').count() > 0, stage);
    }
    assert.equal(await page.locator('.deal', { hasText: 'In this stage for' }).count(), 1);
    await assertGood(watched, 'the board', everywhere);
  });

  it('somebody’s page shows their deals, and leads to a new one', async () => {
    await page.goto(`/w/${slug}/contacts?q=tamika`);
    await page.locator('tbody a').first().click();
    await page.getByRole('link', { name: 'Gutter repair, Jefferson' }).first().waitFor();
    await assertGood(watched, 'a contact with deals');
    await page.getByRole('link', { name: 'New deal' }).click();
    await page.locator('#name').fill('Chimney, Jefferson');
    await assertGood(watched, 'a new deal', everywhere);
    await page.locator('#value').fill('1.2.3');
    await page.getByRole('button', { name: 'Make the deal' }).click();
    await page.getByText('It is not clear which sign is the decimal one').first().waitFor();
    forgive(watched, '422');
    await page.locator('#value').fill('2.400,50');
    await page.getByRole('button', { name: 'Make the deal' }).click();
    await page.getByRole('heading', { name: 'Chimney, Jefferson' }).waitFor();
    await assertGood(watched, 'a deal', everywhere);
  });

  it('it is dragged to the next column, and the sums follow', async () => {
    await page.goto(board);
    const before = [await sumOf('Prospecting'), await sumOf('Qualification')];
    assert.equal(before[0], 'USD 12,570.50 USD 1,257.05 weighted');
    await card('Chimney').dragTo(column('Qualification'));
    await said('“Chimney, Jefferson” is in Qualification now.');
    await column('Qualification').getByText('Chimney, Jefferson').waitFor();
    assert.equal(await sumOf('Prospecting'), 'USD 10,170 USD 1,017 weighted');
    assert.notEqual(await sumOf('Qualification'), before[1]);
  });

  it('by keyboard alone it goes on, and the focus stays with it', async () => {
    await page.goto(board);
    const id = await card('Chimney').getAttribute('id');
    await enter(page, `#${id} .deal__menu`);
    await page.locator(`#${id} .menu__item:focus`).waitFor();
    await page.keyboard.press('ArrowDown');
    assert.equal(await page.evaluate(() => document.activeElement.textContent), 'Proposal');
    await page.keyboard.press('Enter');
    await said('“Chimney, Jefferson” is in Proposal now.');
    await column('Proposal').getByText('Chimney, Jefferson').waitFor();
    await page.locator(`#${id} .deal__menu:focus`).waitFor();
    await tabTo(page, 'a');
  });

  it('somebody else moved it meanwhile: it stays where they put it', async () => {
    const other = await (await newContext(browser, { baseURL: app.url, storageState, js: false })).newPage();
    await other.goto(board);
    await page.goto(board);
    // Without a script the same menu works.
    await other.locator('.deal', { hasText: 'Chimney' }).locator('.deal__menu').click();
    await other.locator('.deal', { hasText: 'Chimney' }).getByRole('button', { name: 'Negotiation' }).click();
    await other.waitForLoadState();
    await column('Closed won').scrollIntoViewIfNeeded();
    await card('Chimney').dragTo(column('Closed won'));
    await said('Somebody moved “Chimney, Jefferson” to Negotiation meanwhile');
    await column('Negotiation').getByText('Chimney, Jefferson').waitFor();
    forgive(watched, '409');
  });

  it('who drags it to the lost is asked why; it is opened again and won', async () => {
    await page.goto(board);
    // Both at once, or the board would scroll away under the pointer that holds the card.
    await column('Closed lost').scrollIntoViewIfNeeded();
    await card('Chimney').dragTo(column('Closed lost'));
    await page.getByRole('heading', { name: 'Why was “Chimney, Jefferson” lost?' }).waitFor();
    await assertGood(watched, 'the question why', everywhere);
    await page.locator('#reason').fill('The chimney fell down.');
    await page.getByRole('button', { name: 'Mark as lost' }).click();
    await column('Closed lost').getByText('Chimney, Jefferson').click();
    await page.getByText('The chimney fell down.').first().waitFor();
    await page.locator('#to').selectOption({ label: 'Negotiation' });
    await page.getByRole('button', { name: 'Open again' }).click();
    await page.getByRole('button', { name: 'Won', exact: true }).click();
    await page.locator('h1 .badge', { hasText: 'Closed won' }).waitFor();
  });

  it('its page tells how it went, takes notes, people and other facts', async () => {
    const history = await page.locator('.timeline').innerText();
    for (const step of ['Prospecting → Qualification', 'Proposal → Negotiation', 'Negotiation → Closed lost: The chimney fell down.',
      'Closed lost → Negotiation', 'Negotiation → Closed won']) {
      assert.ok(history.includes(step), `${step}: ${history}`);
    }
    await page.locator('#new-note').fill('They will tell the neighbours.');
    await page.getByRole('button', { name: 'Keep the note' }).click();
    await page.locator('.note', { hasText: 'neighbours' }).waitFor();
    await page.locator('#find').pressSequentially('priscilla');
    await page.getByRole('button', { name: 'Add Priscilla Vance' }).click();
    await page.locator('.person', { hasText: 'Priscilla Vance' }).getByRole('button', { name: 'Make primary' }).click();
    await page.locator('.person', { hasText: 'Priscilla Vance' }).getByText('Primary', { exact: true }).waitFor();
    await page.locator('summary', { hasText: 'Expected close' }).click();
    await page.locator('#close').fill('2027-03-01');
    await page.locator('details[open]').getByRole('button', { name: 'Keep' }).click();
    await page.getByText('Mar 1, 2027').waitFor();
    await assertGood(watched, 'a deal with all there is', everywhere);
    await page.getByRole('button', { name: 'Archive' }).click();
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByRole('button', { name: 'Archive' }).waitFor();
  });

  it('the table and the settings are in order', async () => {
    await page.goto(`${board}?view=table&sort=value`);
    assert.match(await page.locator('tbody tr').first().innerText(), /Casa Verde, twelve houses/);
    await assertGood(watched, 'the table', everywhere);
    await page.goto(`/w/${slug}/settings/pipelines`);
    await assertGood(watched, 'the settings of pipelines', everywhere);
  });

  it('a pipeline is archived with its deals, says where they are, and comes back with them', async () => {
    const settings = `/w/${slug}/settings/pipelines`;
    const card = (name) => page.locator('section.card', { has: page.getByRole('heading', { name, exact: true }) });
    const said = (words) => page.locator('#toasts .toast', { hasText: words }).waitFor();
    await page.goto(settings);
    await page.locator('#name').fill('Service');
    await page.getByRole('button', { name: 'Add', exact: true }).click();
    await said('Made the pipeline “Service”');
    await card('Service').getByRole('button', { name: /^Make first/ }).click();
    await said('The board opens with “Service” now.');
    const sales = page.locator('section.card', { has: page.getByRole('button', { name: /^Make first/ }) });
    const name = await sales.getByRole('heading').innerText();
    await sales.getByRole('link', { name: /^Archive/ }).click();
    const asked = page.locator('dialog[open]');
    await asked.getByText(/It holds \d+ deals: \d+ open, \d+ won, \d+ lost/).waitFor();
    await assertGood(watched, 'the question where deals go', everywhere);
    await asked.getByRole('button', { name: 'Archive' }).click();
    await page.getByText('Choose the stage of another pipeline that they go to.').waitFor();
    await assertGood(watched, 'nothing chosen', everywhere);
    await page.locator('#to').selectOption({ label: 'Qualification' });
    await page.getByRole('button', { name: 'Archive' }).click();
    await said(/deals are in “Service” now/);
    await assertGood(watched, 'the settings with an archived pipeline', everywhere);
    await page.getByRole('link', { name, exact: true }).click();
    await page.getByRole('heading', { name: `“${name}” is archived` }).waitFor();
    await page.getByRole('link', { name: 'Service: Qualification' }).waitFor();
    await assertGood(watched, 'the board of an archived pipeline', everywhere);
    await page.getByRole('button', { name: `Bring back ${name}` }).click();
    await said(/Brought back the pipeline .* with \d+ deals/);
    await card(name).getByRole('button', { name: /^Make first/ }).click();
    await card('Service').getByRole('link', { name: /^Archive/ }).click();
    await page.locator('dialog[open]').getByText('It holds no deals.').waitFor();
    await page.locator('dialog[open]').getByRole('button', { name: 'Archive' }).click();
    await said('Archived the pipeline “Service”.');
  });
});
