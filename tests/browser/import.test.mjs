// A marketer brings a file of people that nobody has tidied: it is read as it was meant, counted before
// anything happens, imported, and taken back. Whoever asked for no more mail gets none, before and after.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, describe } from 'node:test';
import { startApp } from './support/app.mjs';
import { launch, newContext, watchedPage } from './support/browser.mjs';
import { hasFocus } from './support/keys.mjs';
import { assertGood, forgive, numbersOn } from './support/look.mjs';
import { marketer, sessionOf, slug } from './support/people.mjs';
import { steps } from './support/steps.mjs';

const app = await startApp();
const browser = await launch();
after(async () => { await browser.close(); await app.stop(); });

const contacts = `/w/${slug}/contacts`;
const LONG = { timeout: 60_000 };
const NEW = 5200;
const grouped = (number) => number.toLocaleString('en-US');
// Nobody's contact yet, and written to by nobody.
const stopped = 'stop@kunden.example';
const wording = 'Ticked “send me news” at the autumn fair, 2025';

// As an old system writes it. Gives the file, and what must be told of the lines that are no good.
function oldFile(known) {
  const lines = ['E-Mail;Vorname;Nachname;Firma;Ort;Telefon;Schuhgröße'];
  const refused = [];
  let line = 2;
  const put = (text, reason) => {
    if (reason) refused.push([String(line), reason, text.split(';')[0]]);
    lines.push(text);
    line += text.split('\n').length;
  };
  put('zoe@kunden.example;Zoë;Müller;"Bäckerei ""Zum Löwen""; Inh. Müller";"Köln\nam Rhein";0221 12345;38');
  put('keine-adresse;Ohne;Adresse;;Ulm;;', 'The e-mail address is not one.');
  put(';Nora;Niemand;;Ulm;;', 'There is no e-mail address in this line.');
  put('zu@kurz.example;Zu;Kurz', 'The line has 3 columns, the first one has 7.');
  put('zu@lang.example;Zu;Lang;;Ulm;;;mehr', 'The line has 8 columns, the first one has 7.');
  put('ZOE@Kunden.example;Zoe;Nochmal;;Bonn;;', 'The same address is in line 2 already.');
  put(`weit@weg.example;Weit;Weg;;${'x'.repeat(201)};;`, 'City is longer than 200 characters.');
  for (const email of [known.updated, known.left, known.bounced]) put(`${email};;;;;0221 999;`);
  put(`${known.unchanged};;;;;;`);
  put(`${stopped};Stefan;Still;;Ulm;;`);
  for (let n = 2; n <= NEW; n += 1) put(`n${n}@kunden.example;Jörg;Nr. ${n};"Firma ${n}; Söhne";Düsseldorf;;${36 + n % 12}`);
  put('n2@kunden.example;Jörg;Nr. 2;;;;', 'The same address is in line 15 already.');
  return { bytes: Buffer.from(`${lines.join('\r\n')}\r\n`, 'latin1'), refused };
}

const cellsOf = (text) => text.replace('\ufeff', '').split('\r\n').filter(Boolean).map((line) =>
  [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain));

describe('a file of people', { concurrency: false }, () => {
  const it = steps();
  let watched;
  let page;
  let at;
  let file;
  const known = {};
  before(async () => {
    const storageState = await sessionOf(browser, app, marketer);
    watched = await watchedPage(await newContext(browser, { baseURL: app.url, storageState }), app.url);
    page = watched.page;
    for (const [what, name] of [['updated', 'Dana Whitfield'], ['left', 'Wei Zhang'], ['bounced', 'Siobhán'], ['unchanged', 'José']]) {
      await page.goto(`${contacts}?q=${encodeURIComponent(name)}`);
      known[what] = (await page.locator('#contacts tbody td:nth-child(3)').innerText()).trim();
    }
    file = oldFile(known);
  });

  const stands = (words) => page.locator('#how .badge', { hasText: new RegExp(`^${words}$`) }).waitFor(LONG);
  const button = (name) => page.locator('#standing').getByRole('button', { name });

  // The page of somebody, found as a person finds them.
  async function visit(search) {
    await page.goto(`${contacts}?q=${encodeURIComponent(search)}`);
    await page.locator('#contacts tbody a:not(.tag)').click();
    await page.locator('#consent').waitFor();
    return page.locator('#main').innerText();
  }

  async function assertOptOutsStand(when) {
    assert.match(await visit(known.left), /Unsubscribed\s+They took back/, `${when}: who unsubscribed`);
    assert.match(await visit(known.bounced), /Suppressed\s+Nothing is sent to this address: mail to it came back for good/, `${when}: whose mail came back`);
    await page.goto(`/w/${slug}/settings/suppressions?q=stop`);
    assert.match(await page.locator('#main').innerText(), new RegExp(stopped), `${when}: who was put on the list`);
  }

  it('before that, somebody who called is put on the list of those who get nothing', async () => {
    await page.goto(`/w/${slug}/settings/suppressions`);
    await page.locator('#address').fill(stopped);
    await page.getByRole('button', { name: 'Add', exact: true }).click();
    await page.locator('#toasts .toast', { hasText: `Nothing is sent to ${stopped} any more.` }).waitFor();
  });

  it('it is uploaded from the contacts, and read as it was meant', async () => {
    await page.goto(contacts);
    await page.locator('#main').getByRole('link', { name: 'Imports' }).click();
    await page.locator('#main').getByRole('link', { name: 'Import a file' }).first().click();
    await page.locator('#file').setInputFiles({ name: 'Kunden.csv', mimeType: 'text/csv', buffer: file.bytes });
    await page.getByRole('button', { name: 'Upload' }).click();
    await page.waitForURL('**/match');
    assert.deepEqual(await page.locator('.column select').evaluateAll((all) => all.map((one) => one.value)),
      ['email', 'first_name', 'last_name', 'company', 'city', 'phone', '']);
    const seen = await page.locator('.column').allInnerTexts();
    assert.match(seen[3], /Bäckerei "Zum Löwen"; Inh\. Müller/);
    assert.match(seen[6], /Schuhgröße/);
    assert.ok(await page.locator('#has_header').isChecked());
    await assertGood(watched, 'matching columns');
  });

  it('consent is declared with how it was given, and what was chosen meanwhile stays', async () => {
    await page.locator('#column\\.6').selectOption({ label: 'A new field' });
    await page.locator('#new_list').fill('Autumn fair');
    await page.getByRole('button', { name: 'See what would happen' }).click();
    await page.getByText('Say whether these people agreed to hear from you.').waitFor();
    forgive(watched, '422 for POST');
    await page.locator('[name=consent][value=granted]').check();
    await page.getByRole('button', { name: 'See what would happen' }).click();
    await page.locator('#wording-error').waitFor();
    forgive(watched, '422 for POST');
    assert.equal(await page.locator('#column\\.6').inputValue(), '+');
    assert.equal(await page.locator('#new_list').inputValue(), 'Autumn fair');
    await hasFocus(page, 'wording', 'the field to mend');
    await assertGood(watched, 'a declaration that is missing', { at: [1360] });
  });

  it('every line is counted before anything happens', async () => {
    await page.locator('#wording').fill(wording);
    await page.getByRole('button', { name: 'See what would happen' }).click();
    await stands('Ready to import');
    at = new URL(page.url()).pathname;
    assert.deepEqual(await numbersOn(page), { New: NEW + 1, 'To be updated': 3, Unchanged: 1, Refused: 7, Suppressed: 2 });
    assert.equal(await page.locator('#standing section').nth(1).locator('li').count(), 7, 'a line for each reason');
    await assertGood(watched, 'what would happen');
    await page.goto(`${contacts}?q=n77%40kunden`);
    assert.match(await page.locator('#contacts').innerText(), /Nobody matches/);
  });

  it('the lines that are refused are a file that says why', async () => {
    await page.goto(at);
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'Download with reasons' }).click()]);
    const text = await readFile(await download.path(), 'utf8');
    assert.ok(text.startsWith('\ufeff'), 'a spreadsheet sees by the mark that it is UTF-8');
    const [head, ...rows] = cellsOf(text);
    assert.deepEqual(head.slice(0, 3), ['Line', 'Reason', 'E-Mail']);
    assert.deepEqual(rows.map((row) => row.slice(0, 3)), file.refused);
  });

  it('the import says how far it is, and ends with the numbers that were foretold', async () => {
    await button(`Import ${grouped(NEW + 5)} people`).click();
    await stands('Importing');
    assert.ok(await page.locator('#standing progress').isVisible());
    await stands('Imported');
    assert.deepEqual(await numbersOn(page), { Added: NEW + 1, Updated: 3, Unchanged: 1, Refused: 7, Suppressed: 2 });
    await assertGood(watched, 'an import that is over');
  });

  it('everybody is there, with what was declared; who asked for nothing gets nothing', async () => {
    await page.getByRole('link', { name: 'See the list' }).click();
    await page.waitForURL('**/contacts?list=*');
    assert.match(await page.locator('#contacts .pager').innerText(), new RegExp(`${grouped(NEW + 5)} people`));
    const zoe = await visit('Zoë Müller');
    assert.match(zoe, /Bäckerei "Zum Löwen"; Inh\. Müller/);
    assert.match(zoe, /Schuhgröße\s+38/);
    assert.match(zoe, new RegExp(`Agreed to everything\\s+.+declared with an import\\s+.?${wording}`));
    await assertGood(watched, 'somebody who was imported');
    assert.match(await visit(known.updated), /Phone\s+0221 999/);
    assert.match(await visit('Stefan Still'), /Suppressed\s+Nothing is sent to this address: somebody here put it on the list/);
    await assertOptOutsStand('after the import');
  });

  it('one button takes all of it back, and no opt-out with it', async () => {
    await page.goto(at);
    await button('Undo the import').click();
    const question = page.locator('#confirm');
    assert.match(await question.innerText(), /Take back this import\?/);
    await question.getByRole('button', { name: 'Undo the import' }).click();
    await stands('Undone');
    assert.match(await page.locator('#standing').innerText(), new RegExp(`Took back: ${grouped(NEW + 1)} removed, 3 as they were before\\.`));
    await assertGood(watched, 'an import that was undone');
    for (const search of ['n77@kunden', 'Zoë Müller', 'Stefan Still']) {
      await page.goto(`${contacts}?q=${encodeURIComponent(search)}`);
      assert.match(await page.locator('#contacts').innerText(), /Nobody matches/, search);
    }
    assert.doesNotMatch(await visit(known.updated), /0221 999|Schuhgröße/);
    await assertOptOutsStand('after the undo');
  });
});
