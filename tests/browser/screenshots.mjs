// Makes the pictures of the README from the demo data: `node tests/browser/screenshots.mjs`, after bin/dev
// has built the server once.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { root, startApp } from './support/app.mjs';
import { launch, newContext, settle, themes, widths } from './support/browser.mjs';
import { owner, sessionOf, slug } from './support/people.mjs';

const shots = {
  'sign-in': '/sign-in',
  home: `/w/${slug}`,
  people: `/w/${slug}/people`,
  settings: `/w/${slug}/settings`,
  security: '/account/security',
  components: '/dev/components',
};
const wanted = process.argv.slice(2);
const folder = join(root, '.github/screenshots');
mkdirSync(folder, { recursive: true });

const app = await startApp();
const browser = await launch();
try {
  const storageState = await sessionOf(browser, app, owner);
  for (const [name, path] of Object.entries(shots)) {
    if (wanted.length > 0 && !wanted.includes(name)) continue;
    for (const theme of themes) {
      for (const width of widths) await shoot(name, path, theme, width, path === '/sign-in' ? undefined : storageState);
    }
  }
} finally {
  await browser.close();
  await app.stop();
}

async function shoot(name, path, theme, width, storageState) {
  const context = await newContext(browser, { theme, width, storageState, baseURL: app.url });
  const page = await context.newPage();
  await page.goto(path);
  await settle(page);
  const file = join(folder, `${name}-${theme}-${width}.png`);
  await page.screenshot({ path: file });
  console.log(file);
  await context.close();
}
