// Steps of a person's way that more than one test takes.
import { newContext } from './browser.mjs';
import { lastMail, linkIn } from './mailbox.mjs';
import { owner, password } from './people.mjs';

// Presses the one button that a form is for, and waits for the page that answers.
export async function send(page, form = '#main form') {
  await Promise.all([page.waitForEvent('load'), page.locator(`${form} .btn--primary`).first().click()]);
}

export async function askToSignUp(page, { name, email, workspace }) {
  await page.goto('/sign-up');
  await page.locator('#main [name=name]').fill(name);
  await page.locator('#main input[type=email]').fill(email);
  await page.locator('#main [name=workspace]').fill(workspace);
  await send(page);
}

export async function askForReset(page, email) {
  await page.goto('/forgot');
  await page.locator('#main input[type=email]').fill(email);
  await send(page);
}

export async function askForAddress(page, email) {
  await page.goto('/account/security');
  await page.locator('#new_email').fill(email);
  await page.locator('#email_password').fill(password);
  await Promise.all([page.waitForEvent('load'), page.locator('form:has(#new_email) button.btn:not(.reveal__button)').click()]);
}

// Follows the link of the mail that asks to confirm, and chooses a password.
export async function confirmSignUp(app, page, email, chosen) {
  const mail = await lastMail(app, /sign-up\//, email);
  await page.goto(`/sign-up/${linkIn(mail, '/sign-up/')}`);
  await page.locator('#main input[type=password]').first().fill(chosen);
  await send(page);
}

// A mail of each kind, for the pages that are reached through one.
export async function askForMails(browser, app, storageState) {
  const visitor = await newContext(browser, { js: false, baseURL: app.url });
  const outside = await visitor.newPage();
  await askToSignUp(outside, { name: 'Pat Sample', email: 'pat@sample.example', workspace: 'Pat’s workspace' });
  await askForReset(outside, owner);
  await visitor.close();
  const signedIn = await newContext(browser, { js: false, baseURL: app.url, storageState });
  await askForAddress(await signedIn.newPage(), 'sam.new@summit-roofing.example');
  await signedIn.close();
}
