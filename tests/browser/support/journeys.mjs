// Steps of a person's way that more than one test takes.
import { lastMail, linkIn } from './mailbox.mjs';
import { password } from './people.mjs';

// Presses the one button that a form is for, and waits for the page that answers.
export async function send(page, form = '#main form') {
  await Promise.all([page.waitForEvent('load'), page.locator(`${form} .btn--primary`).first().click()]);
}

export async function askToSignUp(page, { name, email, workspace, kind = 'direct' }) {
  await page.goto('/sign-up');
  await page.locator('#main [name=name]').fill(name);
  await page.locator('#main input[type=email]').fill(email);
  await page.locator('#main [name=workspace]').fill(workspace);
  await page.locator(`#main [name=kind][value=${kind}]`).check();
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
