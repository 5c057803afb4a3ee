// A campaign as somebody makes it, part by part, and the built-in mailbox of a workspace as somebody reads it.
import { setTimeout as sleep } from 'node:timers/promises';

// Opens a part of the checklist, lets `fill` fill it in, saves it, and gives what stands there then.
export async function change(page, part, fill) {
  const box = page.locator(`#${part}-part`);
  if (await box.getAttribute('open') === null) await box.locator('.part__head').click();
  await fill(box);
  await box.locator('.btn--primary').click();
  await page.locator(`#${part}-part:not([open])`).waitFor();
  return wordsOf(page, part);
}

export function wordsOf(page, part) {
  return page.locator(`#${part}-part .part__words`).innerText();
}

// What was looked at before it leaves: { stops, warns, fine }, each a list of titles.
export async function checksOn(page) {
  const found = { stops: [], warns: [], fine: [] };
  const all = await page.locator('.check').evaluateAll((checks) => checks.map((one) => [
    one.querySelector('.check__icon').className.match(/--(\w+)/)[1], one.querySelector('.check__title').textContent,
  ]));
  for (const [level, title] of all) found[level].push(title);
  return found;
}

// A form of the workspace, sent as the page sends it; gives where it leads.
export async function post(page, path, form) {
  const body = form instanceof FormData ? { multipart: form } : { data: new URLSearchParams(form).toString(), headers: { 'content-type': 'application/x-www-form-urlencoded' } };
  const answer = await page.request.post(path, { ...body, maxRedirects: 0 });
  if (answer.status() !== 303) throw new Error(`${path} answered ${answer.status()}: ${(await answer.text()).slice(0, 300)}`);
  return new URL(answer.headers().location, page.url()).pathname;
}

// Asks a page of the workspace again and again until it says so.
export async function until(page, path, wanted, seconds = 60) {
  for (const end = Date.now() + seconds * 1000; Date.now() < end;) {
    const text = await (await page.request.get(path)).text();
    const found = text.match(wanted);
    if (found) return found;
    await sleep(100);
  }
  throw new Error(`${path} did not come to say ${wanted}`);
}

// Brings people into a new list by a file; the fields are named by its first line.
export async function bring(page, org, list, rows) {
  const form = new FormData();
  form.set('file', new Blob([`${rows.join('\n')}\n`]), 'people.csv');
  const at = (await post(page, `/w/${org}/contacts/imports`, form)).replace(/\/match$/, '');
  const columns = Object.fromEntries(rows[0].split(',').map((field, place) => [`column.${place}`, field]));
  await post(page, `${at}/match`, { ...columns, has_header: 'on', mode: 'fill', new_list: list, consent: 'granted', wording: 'Signed up at the boathouse' });
  await until(page, at, /Ready to import/);
  await post(page, `${at}/start`, {});
  await until(page, at, />Imported</);
}

// As templates write what is no letter of a page.
const plain = [['&#60;', '<'], ['&#62;', '>'], ['&#34;', '"'], ['&#39;', '\''], ['&#38;', '&']];

// The kept mail of a campaign to somebody, the newest: its text, its headers, and where its page is.
export async function keptMail(page, campaign, to) {
  const list = `${campaign}/mailbox`;
  const [, path] = await until(page, `${list}?q=${encodeURIComponent(to)}`, new RegExp(`href="(${list}/[0-9a-f-]{36})"`));
  const side = async (tab) => {
    const html = await (await page.request.get(`${path}?tab=${tab}`)).text();
    const [, body] = html.match(/<pre class="message__text">([\s\S]*?)<\/pre>/);
    return plain.reduce((text, [escaped, letter]) => text.replaceAll(escaped, letter), body);
  };
  return { path, text: await side('text'), source: await side('source') };
}
