// An agency, its clients, and whom they ask in: made the way people make them, by the pages.
import { askToSignUp, confirmSignUp, send } from './journeys.mjs';
import { lastMail, linkIn } from './mailbox.mjs';

const slugOf = (page) => new URL(page.url()).pathname.split('/')[2];

// Signs somebody up with an agency of their own, and gives its slug.
export async function foundAgency(app, page, { name, email, workspace, password }) {
  await askToSignUp(page, { name, email, workspace, kind: 'agency' });
  await confirmSignUp(app, page, email, password);
  await page.waitForURL('**/w/*');
  return slugOf(page);
}

// Adds a client, and gives its slug.
export async function addClient(page, agency, name) {
  await page.goto(`/w/${agency}/clients/new`);
  await page.locator('#name').fill(name);
  await page.locator('#main .btn--primary').click();
  await page.waitForURL((url) => /\/clients\/(?!new$)[^/]+$/.test(url.pathname));
  return new URL(page.url()).pathname.split('/').at(-1);
}

// Asks somebody into a workspace.
export async function invite(page, org, email, role) {
  await page.goto(`/w/${org}/people/invite`);
  await page.locator('#emails').fill(email);
  await page.locator('#role').selectOption({ label: role });
  await page.locator('#main .btn--primary').click();
  await page.waitForURL(`**/w/${org}/people/invitations`);
}

// The address that the newest invitation to somebody leads to.
export async function invitationOf(app, email) {
  return `/invitations/${linkIn(await lastMail(app, /\/invitations\//, email), '/invitations/')}`;
}

export async function withdraw(page, org, email) {
  await page.goto(`/w/${org}/people/invitations`);
  const row = page.locator('#main tr', { hasText: email });
  await row.locator('form[action$="/withdraw"] button').click();
  await row.waitFor({ state: 'detached' });
}

// Somebody without an account follows the mailed link, and gives the slug of where they are then.
export async function acceptAsNewcomer(app, page, { name, email, password }) {
  await page.goto(await invitationOf(app, email));
  await page.locator('#name').fill(name);
  await page.locator('#password').fill(password);
  await send(page);
  await page.waitForURL('**/w/*');
  return slugOf(page);
}

// A dot.
const png = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==', 'base64');

// Gives a workspace a logo, and tells its version.
export async function saveLogo(page, org) {
  await page.goto(`/w/${org}/settings/brand`);
  await page.locator('#logo').setInputFiles({ name: 'logo.png', mimeType: 'image/png', buffer: png });
  await page.locator('form:has(#logo) button.btn').click();
  const kept = await page.locator('#main img[src*="/brand/logo/"]').getAttribute('src');
  return kept.split('/').at(-1);
}

// Lets somebody of the agency into a client, as a role there.
export async function assign(page, agency, client, { name }, role) {
  await page.goto(`/w/${agency}/clients/${client}`);
  await page.locator('#person').selectOption({ label: name });
  await page.locator('#role').selectOption({ label: role });
  await page.locator('#main form .btn--primary').click();
  await page.locator('#main tbody tr', { hasText: name }).waitFor();
}

export async function endAccess(page, agency, client, { name }) {
  await page.goto(`/w/${agency}/clients/${client}`);
  const row = page.locator('#main tbody tr', { hasText: name });
  await row.locator('button').click();
  await row.waitFor({ state: 'detached' });
}

export async function changeRole(page, org, { name }, role) {
  await page.goto(`/w/${org}/people`);
  await page.locator('#people a', { hasText: name }).click();
  await page.locator('#role').selectOption({ label: role });
  await page.locator('#main form[action$="/role"] .btn--primary').click();
  await page.locator('#toasts .toast', { hasText: `${name} is ${role} now.` }).waitFor();
}
