// Every page of the router, as everybody, light and dark, wide and narrow.
import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { HtmlValidate, formatterFactory } from 'html-validate';
import config from './.htmlvalidate.mjs';
import { startApp } from './support/app.mjs';
import { axeProblems } from './support/axe.mjs';
import { launch, newContext, pageProblems, settle, sidewaysProblems, themes, watchedPage, widths } from './support/browser.mjs';
import { ofInstallation, ofInvitations, ofWorkspace } from './support/gaps.mjs';
import { addresses, deadEnds, expectedStatus, look } from './support/pages.mjs';
import { administrator, agency, agencyOwner, client, owner, sessionOf, viewer } from './support/people.mjs';
import { setTheStage } from './support/stage.mjs';

const app = await startApp();
const browser = await launch();
after(async () => { await browser.close(); await app.stop(); });

const states = {};
for (const email of [owner, viewer, administrator, agencyOwner]) states[email] = await sessionOf(browser, app, email);
const invitations = await setTheStage(browser, app, states[owner]);
const sample = { ...await ofWorkspace(app, states[owner]), ...ofInvitations(invitations.open) };
const everything = [...addresses(sample), ...deadEnds, { door: 'an invitation that is over', path: invitations.over }];
// What is there for somebody else only, or looks different: the installation, an agency, a client of it.
const installation = addresses(await ofInstallation(app, states[administrator]), (door) => /^\/admin(\/|$)/.test(door));
const agencys = [
  ...addresses({ '': { org: agency, client } }, (door) => /^\/w\/\{org\}($|\/clients|\/settings\/(roles|audit-log)$)/.test(door)),
  ...addresses({ '': { org: client } }, (door) => /^\/w\/\{org\}($|\/people(\/invit|$)|\/settings\/(jobs|brand|audit-log|support)$)/.test(door)),
];
// Looking at a page takes seconds. What a browser does not answer in this time, in milliseconds, it never will.
const PATIENCE = 120_000;
const always200 = () => 200;
// Of a visitor and a viewer it is not known page by page what they may see. A viewer's pages are an owner's with
// less in them: each is looked at in one form, the next one in the other.
const kinds = {
  visitor: { pages: everything, least: 8 },
  owner: { storageState: states[owner], pages: everything, least: 50, statusOf: (path) => (path === invitations.over ? 410 : expectedStatus(path)) },
  viewer: { storageState: states[viewer], pages: everything, least: 20, inTurn: true },
  administrator: { storageState: states[administrator], pages: installation, least: 9, statusOf: always200 },
  'agency owner': { storageState: states[agencyOwner], pages: agencys, least: 14, statusOf: always200 },
};
const validator = new HtmlValidate(config);
const report = formatterFactory('text');
// Pages as they were looked at: the same refusal is looked at once.
const known = new Set();

// Two kinds of people at a time: a page leaves half of the machine idle.
describe('every page', { concurrency: 2 }, () => {
  for (const [kind, { storageState, pages, least, statusOf, inTurn }] of Object.entries(kinds)) {
    describe(`as ${kind}`, { concurrency: false }, () => {
      let context;
      let watched;
      let seen = 0;
      // A tab in which a page hung takes no other with it.
      let isStuck = true;
      before(async () => { context = await newContext(browser, { storageState, baseURL: app.url }); });
      beforeEach(async () => {
        if (isStuck) watched = await watchedPage(context, app.url);
        isStuck = false;
      });
      after(() => context.close());

      for (const { door, path } of pages) {
        it(door, { timeout: PATIENCE }, async (t) => {
          const found = await look(app, path, storageState);
          assert.ok(found.status < 500 || found.status === expectedStatus(path), `${path} answered ${found.status}`);
          if (statusOf && found.isPage) assert.equal(found.status, statusOf(path), path);
          if (!found.isPage) {
            t.diagnostic(`no page: ${found.status} ${found.location ?? ''}`);
            return;
          }
          seen += 1;
          const same = found.html.replace(/<code>[0-9a-f-]{36}<\/code>/, '');
          if (known.has(same)) return;
          known.add(same);
          const valid = await validator.validateString(found.html, door);
          const problems = valid.valid ? [] : [`not valid HTML:\n${report(valid.results)}`];
          const forms = [...widths.keys()].filter((at) => !inTurn || at === seen % widths.length);
          isStuck = true;
          problems.push(...await problemsIn(forms, watched, path));
          isStuck = false;
          assert.ok(problems.length === 0, `${door} as ${kind}:\n    ${problems.join('\n    ')}`);
        });
      }

      it('has pages', () => assert.ok(seen >= least, `only ${seen} pages were seen`));
    });
  }
});

// What is wrong at a width or in a theme; what is wrong in several is told once.
async function problemsIn(forms, watched, path) {
  const { page, wrong } = watched;
  const found = new Map();
  const note = (problems, form) => problems.forEach((one) => found.set(one, [...(found.get(one) ?? []), form]));
  wrong.length = 0;
  await page.goto(path);
  // Each width and each theme once at the most: colours do not depend on the width, nor places on the theme.
  for (const at of forms) {
    const [width, theme] = [widths[at], themes[at]];
    await page.setViewportSize({ width, height: 900 });
    await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
    await settle(page);
    note([...await sidewaysProblems(page), ...await axeProblems(page)], `${theme} ${width}`);
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
