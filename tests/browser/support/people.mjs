// The demo people, and how they come in.
import assert from 'node:assert/strict';
import { newContext } from './browser.mjs';

export const slug = 'summit-roofing';
export const password = 'groundswell-demo';
export const owner = 'sam@summit-roofing.example';
export const viewer = 'vera@summit-roofing.example';
export const marketer = 'mateo@summit-roofing.example';
// An agency, its owner, and a client that has much to show.
export const agency = 'brightwater';
export const agencyOwner = 'bea@brightwater.example';
export const client = 'harbor-dental';
// Looks after the installation.
export const administrator = 'pia@groundswell.example';
// May come into a workspace to help.
export const support = 'theo@groundswell.example';

// Fills the sign-in form of a page and sends it.
export async function signIn(page, email, secret = password) {
  await page.goto('/sign-in');
  await page.locator('#main input[type=email]').fill(email);
  await page.locator('#main input[type=password]').fill(secret);
  await Promise.all([page.waitForEvent('load'), page.locator('#main input[type=password]').press('Enter')]);
}

// The cookies of a session of this person, for any number of contexts.
export async function sessionOf(browser, app, email) {
  const context = await newContext(browser, { js: false, baseURL: app.url });
  const page = await context.newPage();
  await signIn(page, email);
  assert.doesNotMatch(new URL(page.url()).pathname, /^\/sign-in/, `${email} could not sign in: ${await page.locator('#main').innerText()}`);
  const state = await context.storageState();
  await context.close();
  return state;
}

export function cookieHeader(storageState) {
  return (storageState?.cookies ?? []).map(({ name, value }) => `${name}=${value}`).join('; ');
}
