// The built-in mailbox, read the way a person does: by its pages.
import { setTimeout as sleep } from 'node:timers/promises';

async function text(app, path) {
  const answer = await fetch(app.url + path);
  if (!answer.ok) throw new Error(`${path} answered ${answer.status}`);
  return (await answer.text()).replaceAll('&amp;', '&').replaceAll('&#x2F;', '/').replaceAll('&#47;', '/');
}

// The newest mail whose page matches; waits for it, since mail is sent beside the request.
export async function lastMail(app, wanted, to = '') {
  for (let attempt = 0; attempt < 50; attempt += 1) {
    const list = await text(app, '/dev/mailbox');
    const ids = [...new Set([...list.matchAll(/\/dev\/mailbox\/([0-9a-f-]{36})/g)].map(([, id]) => id))];
    for (const id of ids.slice(0, 10)) {
      const mail = await text(app, `/dev/mailbox/${id}?tab=text`);
      if (wanted.test(mail) && mail.includes(to)) return mail;
    }
    await sleep(100);
  }
  throw new Error(`no mail to “${to}” that matches ${wanted} came`);
}

// What stands after `start` in a link of the mail.
export function linkIn(mail, start) {
  const found = mail.match(new RegExp(`${start.replaceAll('/', '\\/')}([\\w.~-]{8,})`));
  if (!found) throw new Error(`no link to ${start} in the mail`);
  return found[1];
}
