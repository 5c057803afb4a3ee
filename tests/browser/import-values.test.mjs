// A file that knows people by their numbers and has words of its own for stages: somebody says once what they mean, and
// the next file of the same shape comes with it.
import assert from 'node:assert/strict';
import { after, before, describe } from 'node:test';
import { startApp } from './support/app.mjs';
import { launch, newContext, watchedPage } from './support/browser.mjs';
import { assertGood, numbersOn } from './support/look.mjs';
import { marketer, sessionOf, slug } from './support/people.mjs';
import { steps } from './support/steps.mjs';

const app = await startApp();
const browser = await launch();
after(async () => { await browser.close(); await app.stop(); });

const imports = `/w/${slug}/contacts/imports`;
const LONG = { timeout: 60_000 };
const file = (name, ...lines) => ({ name, mimeType: 'text/csv', buffer: Buffer.from(['Our number;Name;Phase', ...lines].join('\n')) });

describe('a file with words of its own', { concurrency: false }, () => {
  const it = steps();
  let watched;
  let page;
  let at;
  before(async () => {
    const storageState = await sessionOf(browser, app, marketer);
    watched = await watchedPage(await newContext(browser, { baseURL: app.url, storageState }), app.url);
    page = watched.page;
  });

  const stands = (words) => page.locator('#how .badge', { hasText: new RegExp(`^${words}$`) }).waitFor(LONG);

  async function upload(one) {
    await page.goto(`${imports}/new`);
    await page.locator('#file').setInputFiles(one);
    await page.getByRole('button', { name: 'Upload' }).click();
    await page.waitForURL('**/match');
  }

  it('people are known by their number', async () => {
    await upload(file('Phases.csv', 'K-1;Ann Dyk;warm', 'K-2;Bo Dyk;warm', 'K-3;Cy Dyk;lost for good', 'K-1;Ann again;warm'));
    await page.locator('#column\\.0').selectOption('customer_code');
    await page.locator('#column\\.2').selectOption('stage');
    await page.locator('#known_by').selectOption('customer_code');
    await page.locator('[name=consent][value=unknown]').check();
    await assertGood(watched, 'a file without addresses');
    await page.getByRole('button', { name: 'See what would happen' }).click();
    await stands('Ready to import');
    at = new URL(page.url()).pathname;
    assert.equal((await numbersOn(page)).Refused, 4);
    await assertGood(watched, 'values that are not known, on the page of the import');
  });

  it('what is not known gets a meaning', async () => {
    await page.getByRole('link', { name: 'Say what they mean' }).click();
    await page.waitForURL('**/values');
    await assertGood(watched, 'values that are not known');
    await page.getByLabel('what “warm” means').selectOption({ label: 'Marketing qualified' });
    await page.getByLabel('what “lost for good” means').selectOption({ label: 'Leave it empty' });
    await page.getByRole('button', { name: 'See what would happen' }).click();
    await stands('Ready to import');
    const numbers = await numbersOn(page);
    assert.deepEqual([numbers.New, numbers.Refused], [3, 1]);
    await page.getByRole('button', { name: 'Import 3 people' }).click();
    await stands('Imported');
  });

  it('the next file comes with all of it, and can be begun from nothing', async () => {
    await upload(file('Phases 2.csv', 'K-4;Dee Dyk;warm'));
    assert.match(await page.locator('#like').innerText(), /Matched like Phases\.csv, imported/);
    assert.equal(await page.locator('#known_by').inputValue(), 'customer_code');
    assert.equal(await page.locator('#column\\.2').inputValue(), 'stage');
    await assertGood(watched, 'a file that is matched like the last');
    await page.getByRole('link', { name: 'Begin from nothing' }).click();
    await page.waitForURL('**/match?afresh=on');
    assert.equal(await page.locator('#like').count(), 0);
    assert.equal(await page.locator('#known_by').inputValue(), 'email');
  });

  it('it is taken back', async () => {
    await page.goto(at);
    await page.locator('#undo').click();
    await page.locator('#confirm').getByRole('button', { name: 'Undo the import' }).click();
    await stands('Undone');
    assert.match(await page.locator('#standing').innerText(), /Took back: 3 removed/);
  });
});
