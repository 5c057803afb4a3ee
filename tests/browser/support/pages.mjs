// Which addresses a person can ask for: every GET door of the router, with its gaps filled.
import { doors } from './app.mjs';
import { cookieHeader, slug } from './people.mjs';
import { lastMail, linkIn } from './mailbox.mjs';

// What a gap stands for, by how the path begins. The mails were asked for beforehand.
async function fillings(app) {
  const mails = await fetch(`${app.url}/dev/mailbox`).then((answer) => answer.text());
  const mail = mails.match(/\/dev\/mailbox\/([0-9a-f-]{36})/)?.[1];
  const mailed = async (path) => ({ token: linkIn(await lastMail(app, new RegExp(`${path}[\\w-]{8}`)), path) });
  return {
    '/sign-up/{token}': await mailed('/sign-up/'),
    '/reset/{token}': await mailed('/reset/'),
    '/account/email/{token}': await mailed('/account/email/'),
    '/account/avatar/': { user: '01900000-0000-7000-8000-000000000000', version: 'none' },
    '/dev/mailbox': { id: mail },
    '': { org: slug },
  };
}

function fill(path, known) {
  const values = Object.assign({}, ...Object.entries(known).filter(([start]) => path.startsWith(start)).map(([, gaps]) => gaps));
  return path.replace(/\{\*?(\w+)\}/g, (gap, name) => {
    if (!values[name]) throw new Error(`${path}: support/pages.mjs does not know what ${gap} stands for`);
    return values[name];
  });
}

// A mail looks as mail programs want it, which is not how a page looks.
const isMail = (path) => path === '/dev/mailbox/{id}/html';

// Addresses that answer with an error page on purpose.
export const nowhere = ['/no-such-page', `/w/${slug}/no-such-page`, '/w/no-such-workspace'];

// Every GET address, and a few that lead nowhere.
export async function addresses(app) {
  const known = await fillings(app);
  const paths = doors().filter(({ method, path }) => method === 'GET' && !isMail(path)).map(({ path }) => fill(path, known));
  return [...new Set(paths), ...nowhere];
}

// What a GET answers with, read only as far as its head: a stream of events never ends.
export async function look(app, path, storageState) {
  const stop = new AbortController();
  const headers = { accept: 'text/html', cookie: cookieHeader(storageState) };
  const answer = await fetch(app.url + path, { headers, redirect: 'manual', signal: stop.signal });
  const isPage = (answer.headers.get('content-type') ?? '').startsWith('text/html') && !answer.headers.has('location');
  const html = isPage ? await answer.text() : '';
  if (!isPage) stop.abort();
  return { path, status: answer.status, location: answer.headers.get('location'), isPage, html };
}
