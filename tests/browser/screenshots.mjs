// Makes the pictures of the README from the demo data: `node tests/browser/screenshots.mjs`, after bin/dev
// has built the server once.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { root, startApp } from './support/app.mjs';
import { launch, newContext, settle, themes, widths } from './support/browser.mjs';
import { first } from './support/gaps.mjs';
import { agency, agencyOwner, client, owner, sessionOf, slug } from './support/people.mjs';

// Where each is, or how that is found out, and who looks at it.
const shots = {
  'sign-in': ['/sign-in'],
  home: [`/w/${slug}`, owner],
  people: [`/w/${slug}/people`, owner],
  settings: [`/w/${slug}/settings`, owner],
  contacts: [`/w/${slug}/contacts`, owner],
  report: [async (state) => `/w/${slug}/campaigns/${await first(app, state, `/w/${slug}/campaigns`)}/report`, owner],
  editor: [async (state) => `/w/${slug}/designs/${await first(app, state, `/w/${slug}/designs`)}`, owner],
  roles: [`/w/${agency}/settings/roles`, agencyOwner],
  'audit-log': [`/w/${agency}/settings/audit-log`, agencyOwner],
  jobs: [`/w/${client}/settings/jobs`, agencyOwner],
  clients: [`/w/${agency}/clients`, agencyOwner],
  security: ['/account/security', owner],
  components: ['/dev/components', owner],
};
const wanted = process.argv.slice(2);
const folder = join(root, '.github/screenshots');
mkdirSync(folder, { recursive: true });

const app = await startApp();
const browser = await launch();
try {
  const states = { [owner]: await sessionOf(browser, app, owner), [agencyOwner]: await sessionOf(browser, app, agencyOwner) };
  for (const [name, [path, who]] of Object.entries(shots)) {
    if (wanted.length > 0 && !wanted.includes(name)) continue;
    const at = typeof path === 'string' ? path : await path(states[who]);
    for (const theme of themes) {
      for (const width of widths) await shoot(name, at, theme, width, states[who]);
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
