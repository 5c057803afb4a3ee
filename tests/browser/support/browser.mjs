// One Chromium for a test file; pages that remember what must not happen on them.
import assert from 'node:assert/strict';
import { chromium } from 'playwright-core';

const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';
const quiet = [
  '--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--disable-quic', '--no-first-run',
  '--disable-background-networking', '--disable-component-update', '--disable-sync',
];

export const themes = ['light', 'dark'];
export const widths = [1360, 390];

export function launch() {
  return chromium.launch({ executablePath, args: quiet });
}

export async function newContext(browser, { theme = 'light', width = 1360, js = true, storageState, baseURL } = {}) {
  const context = await browser.newContext({
    colorScheme: theme,
    viewport: { width, height: 900 },
    javaScriptEnabled: js,
    // So that nothing is looked at half way between two states.
    reducedMotion: 'reduce',
    storageState,
    baseURL,
    locale: 'en-US',
    timezoneId: 'America/New_York',
  });
  context.setDefaultTimeout(10_000);
  context.setDefaultNavigationTimeout(20_000);
  if (js) {
    await context.addInitScript(() => {
      window.refused = [];
      document.addEventListener('securitypolicyviolation', (event) => {
        window.refused.push(`${event.violatedDirective} refused ${event.blockedURI} at ${event.sourceFile}:${event.lineNumber}`);
      });
    });
  }
  return context;
}

// A page, and the list of what went wrong on it so far.
export async function watchedPage(context, origin) {
  const page = await context.newPage();
  const wrong = [];
  page.on('console', (message) => {
    // What could not be loaded is told by the answer itself, below; pages may be errors on purpose.
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource: the server responded')) {
      wrong.push(`console: ${message.text()}`);
    }
  });
  page.on('pageerror', (error) => wrong.push(`script: ${error.message}`));
  page.on('request', (request) => {
    const to = new URL(request.url());
    if (['http:', 'https:', 'ws:', 'wss:'].includes(to.protocol) && to.origin !== new URL(origin).origin) {
      wrong.push(`request to another host: ${request.url()}`);
    }
  });
  page.on('response', (response) => {
    const asked = response.request();
    if (response.status() >= 400 && asked.resourceType() !== 'document') {
      wrong.push(`${response.status()} for ${asked.method()} ${asked.url()}`);
    }
  });
  return { page, wrong };
}

// Lets styles settle after the width or the theme changed. A colour that is inherited may set off the
// next transition when one ends, so it is asked again until nothing moves. A browser that draws no frames
// is not waited for.
export function settle(page) {
  return page.evaluate(async () => {
    const patience = new Promise((done) => { setTimeout(done, 5_000); });
    const isEndless = (one) => one.effect?.getTiming().iterations === Infinity;
    const frame = () => new Promise((done) => { requestAnimationFrame(() => requestAnimationFrame(done)); });
    const still = async () => {
      await document.fonts.ready;
      await frame();
      for (let round = 0; round < 30; round += 1) {
        const moving = document.getAnimations().filter((one) => !isEndless(one) && one.playState === 'running');
        if (moving.length === 0) return;
        await Promise.allSettled(moving.map((one) => one.finished));
        await frame();
      }
    };
    await Promise.race([still(), patience]);
  });
}

// What was wrong on the page since it was opened.
export async function pageProblems({ page, wrong }) {
  const refused = await page.evaluate(() => window.refused ?? []);
  return [...wrong, ...refused.map((one) => `policy: ${one}`)];
}

export async function assertNothingWrong(watched, where) {
  assert.deepEqual(await pageProblems(watched), [], `${where}: something went wrong on the page`);
}

// Pages are read downwards: only marked regions scroll sideways.
export function sidewaysProblems(page) {
  return page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.scrollingElement;
    if (scrollWidth <= clientWidth) return [];
    const beyond = [...document.body.querySelectorAll('*')].filter((one) =>
      one.getBoundingClientRect().right > clientWidth + 1 || (one.scrollWidth > one.clientWidth + 1 && getComputedStyle(one).overflowX === 'visible'));
    const told = beyond.slice(-3).map((one) => one.outerHTML.replace(/\s+/g, ' ').slice(0, 90));
    return [`scrolls sideways, ${scrollWidth} px in ${clientWidth} px; beyond the edge: ${told.join(' | ')}`];
  });
}
