// Every page of the router, as everybody, light and dark, wide and narrow.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { HtmlValidate, formatterFactory } from 'html-validate';
import config from './.htmlvalidate.mjs';
import { startApp } from './support/app.mjs';
import { axeProblems } from './support/axe.mjs';
import { launch, newContext, pageProblems, settle, sidewaysProblems, themes, watchedPage, widths } from './support/browser.mjs';
import { addresses, expectedStatus, look } from './support/pages.mjs';
import { owner, sessionOf, viewer } from './support/people.mjs';
import { askForMails } from './support/journeys.mjs';

const app = await startApp();
const browser = await launch();
after(async () => { await browser.close(); await app.stop(); });

const kinds = {
  visitor: undefined,
  owner: await sessionOf(browser, app, owner),
  viewer: await sessionOf(browser, app, viewer),
};
await askForMails(browser, app, kinds.owner);
const pages = await addresses(app, kinds.owner);
const validator = new HtmlValidate(config);
const report = formatterFactory('text');
const seen = { visitor: 0, owner: 0, viewer: 0 };

for (const [kind, storageState] of Object.entries(kinds)) {
  describe(`as ${kind}`, { concurrency: false }, () => {
    let context;
    let watched;
    before(async () => {
      context = await newContext(browser, { storageState, baseURL: app.url });
      watched = await watchedPage(context, app.url);
    });
    after(() => context.close());

    for (const { door, path } of pages) {
      it(door, async (t) => {
        const found = await look(app, path, storageState);
        const expected = expectedStatus(path);
        assert.ok(found.status < 500 || found.status === expected, `${path} answered ${found.status}`);
        if (kind === 'owner' && found.isPage) assert.equal(found.status, expected, path);
        if (!found.isPage) {
          t.diagnostic(`no page: ${found.status} ${found.location ?? ''}`);
          return;
        }
        seen[kind] += 1;
        const valid = await validator.validateString(found.html, door);
        const problems = valid.valid ? [] : [`not valid HTML:\n${report(valid.results)}`];
        problems.push(...await problemsInAllForms(watched, path));
        assert.ok(problems.length === 0, `${door} as ${kind}:\n    ${problems.join('\n    ')}`);
      });
    }

    it('has pages', () => assert.ok(seen[kind] >= (kind === 'visitor' ? 6 : 10), `only ${seen[kind]} pages were seen`));
  });
}

// What is wrong at every width and in every theme; what is wrong in several is told once.
async function problemsInAllForms(watched, path) {
  const { page, wrong } = watched;
  const found = new Map();
  const note = (problems, form) => problems.forEach((one) => found.set(one, [...(found.get(one) ?? []), form]));
  wrong.length = 0;
  await page.goto(path);
  for (const width of widths) {
    for (const theme of themes) {
      await page.setViewportSize({ width, height: 900 });
      await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
      await settle(page);
      note([...await sidewaysProblems(page), ...await axeProblems(page)], `${theme} ${width}`);
    }
  }
  note(await largeTextProblems(page), 'text at 200 %');
  note(await pageProblems(watched), 'any');
  return [...found].map(([problem, forms]) => `[${forms.join(', ')}] ${problem}`);
}

// Text twice as large must still fit.
async function largeTextProblems(page) {
  await page.setViewportSize({ width: 1360, height: 900 });
  await page.evaluate(() => { document.documentElement.style.fontSize = '200%'; });
  await settle(page);
  return sidewaysProblems(page);
}
