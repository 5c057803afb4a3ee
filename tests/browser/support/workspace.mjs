// What a person sees and presses on the pages of a workspace.
import { cookieHeader } from './people.mjs';

// What an address answers with, without what differs from one request to the next.
export async function answerTo(page, path) {
  const answer = await page.request.get(path, { headers: { accept: 'text/html' }, maxRedirects: 0 });
  const kind = answer.headers()['content-type'];
  const isPage = kind.startsWith('text/html');
  const body = isPage ? (await answer.text()).replace(/<code>[0-9a-f-]{36}<\/code>/, '') : '';
  return { status: answer.status(), kind, body };
}

// What the palette offers for some words.
export async function jumpsFor(page, words) {
  await page.keyboard.press('Control+k');
  await page.locator('#palette input').waitFor();
  await page.locator('#palette input').fill(words);
  await page.locator('#palette [role=listbox]:not([aria-busy])').waitFor();
  const found = await page.locator('#palette [role=option]').allInnerTexts();
  // The first empties a search, the second closes.
  for (const _ of [1, 2]) await page.keyboard.press('Escape');
  await page.locator('#palette').waitFor({ state: 'hidden' });
  return found;
}

// Presses the button of a form, and gives the notice that answers.
export async function saved(page, form) {
  await page.locator(`${form} .btn--primary`).first().click();
  const notice = page.locator('#toasts .toast').last();
  await notice.waitFor();
  return (await notice.locator('.toast__text').innerText()).trim();
}

// The stream of an open page, as its browser holds it: `ended` comes with the moment when it ended.
export async function openStream(page, org) {
  const headers = { cookie: cookieHeader(await page.context().storageState()) };
  const answer = await fetch(new URL(`/w/${org}/live`, page.url()), { headers });
  const ended = answer.text().then(() => Date.now());
  return { status: answer.status, ended };
}

// The actions in the log of a workspace, the newest first.
export async function actionsOf(page, org) {
  await page.goto(`/w/${org}/settings/audit-log`);
  const lines = await page.locator('#main li.checklist__item').evaluateAll((all) => all.map((one) => ({
    who: one.querySelector('strong').textContent,
    action: [...one.querySelectorAll('dt')].find((term) => term.textContent === 'Action').nextElementSibling.textContent,
    what: one.querySelector('p').textContent,
  })));
  return lines;
}
