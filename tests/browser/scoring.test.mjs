// A marketer says what is worth points, sees whom that holds, finds the points with their reason beside a person, and
// takes them away again; the same without scripts.
import { after, before, describe } from 'node:test';
import { startApp } from './support/app.mjs';
import { launch, newContext, themes, watchedPage } from './support/browser.mjs';
import { assertGood } from './support/look.mjs';
import { marketer, sessionOf, slug } from './support/people.mjs';
import { steps } from './support/steps.mjs';

const app = await startApp();
const browser = await launch();
after(async () => { await browser.close(); await app.stop(); });

const scoring = `/w/${slug}/settings/scoring`;

describe('scoring', { concurrency: false }, () => {
  const it = steps();
  let watched;
  let page;
  let storageState;
  before(async () => {
    storageState = await sessionOf(browser, app, marketer);
    watched = await watchedPage(await newContext(browser, { baseURL: app.url, storageState }), app.url);
    page = watched.page;
  });

  // Points are given out beside the request: the page is asked again until they are.
  async function worth(whom, figure) {
    await page.goto(`/w/${slug}/contacts?q=${whom}`);
    await page.locator('#people tbody a').first().click();
    await page.getByRole('heading', { name: 'Scores', exact: true }).waitFor();
    const path = await page.getByRole('link', { name: 'Every point' }).getAttribute('href');
    for (let round = 0; round < 60; round += 1) {
      await page.goto(path);
      if (await page.locator('dd', { hasText: `${figure} of 100` }).count() > 0) return;
      await page.waitForTimeout(250);
    }
    throw new Error(`${whom} never had ${figure} points: ${await page.locator('#main').textContent()}`);
  }

  it('the sample has the usual rules, each in a sentence with how many it holds', async () => {
    await page.goto(scoring);
    await page.locator('li', { hasText: 'People whose company is known.' }).getByText(/[1-9]\d* people/).waitFor();
    await assertGood(watched, 'the rules', { themes });
  });

  it('a rule is made by keyboard alone, with whom it holds beside it', async () => {
    await page.keyboard.press('c');
    await page.waitForURL(/scoring\/new$/);
    const value = page.getByLabel('Value', { exact: true });
    await value.focus();
    await page.keyboard.type('denver');
    await page.locator('#held', { hasText: /^5$/ }).waitFor();
    const points = page.locator('#points');
    await points.focus();
    await page.keyboard.press('Control+a');
    await page.keyboard.type('33');
    await assertGood(watched, 'a rule in the making', { themes });
    await points.focus();
    await page.keyboard.press('Enter');
    await page.waitForURL(/scoring$/);
    await page.locator('li', { hasText: 'People whose city is “denver”.' }).getByText('+33').waitFor();
  });

  it('somebody’s points stand beside them, each with its reason', async () => {
    await worth('dana', 43);
    await page.locator('li', { hasText: 'whose city is “denver”' }).getByText('it holds').waitFor();
    await assertGood(watched, 'every point', { themes });
  });

  it('a rule is taken away with its points, and brought back', async () => {
    await page.goto(scoring);
    await page.locator('li', { hasText: '“denver”' }).getByRole('button').click();
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByText('The rule is there again.').waitFor();
    await page.locator('li', { hasText: '“denver”' }).getByRole('button').click();
    await page.getByText('Took the rule away.').waitFor();
    await worth('dana', 10);
  });

  it('all of it works without scripts', async () => {
    const context = await newContext(browser, { baseURL: app.url, storageState, js: false });
    const plain = await context.newPage();
    await plain.goto(`${scoring}/new`);
    await plain.locator('[id="about.0.0"]').selectOption('field:company');
    await plain.locator('[id="is.0.0"]').selectOption('known');
    await plain.locator('[id="points"]').fill('0');
    await plain.locator('#save').click();
    await plain.locator('.field__error', { hasText: 'whole number from -100 to 100' }).waitFor();
    await plain.locator('[id="points"]').fill('-3');
    await plain.locator('#save').click();
    await plain.getByText('−3').waitFor();
    await context.close();
  });
});
