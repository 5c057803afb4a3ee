// Which addresses a person can ask for: every GET door of the router, with its gaps filled.
import { doors } from './app.mjs';
import { cookieHeader, owner, slug } from './people.mjs';
import { lastMail, linkIn } from './mailbox.mjs';

// The id of the sample secret, read off the page that lists it.
async function keptSecret(app, storageState) {
  const headers = { cookie: cookieHeader(storageState) };
  const list = await fetch(`${app.url}/w/${slug}/settings/secrets`, { headers }).then((answer) => answer.text());
  return list.match(/settings\/secrets\/([0-9a-f-]{36})/)?.[1];
}

// The id of a design, made by its form where there is none yet.
async function someDesign(app, storageState) {
  const headers = { cookie: cookieHeader(storageState), 'sec-fetch-site': 'same-origin', 'content-type': 'application/x-www-form-urlencoded' };
  const list = await fetch(`${app.url}/w/${slug}/designs`, { headers }).then((answer) => answer.text());
  const known = list.match(/designs\/([0-9a-f-]{36})/)?.[1];
  if (known) return known;
  const made = await fetch(`${app.url}/w/${slug}/designs`, { method: 'POST', headers, body: 'name=Spring+news&starter=newsletter', redirect: 'manual' });
  return made.headers.get('location')?.match(/[0-9a-f-]{36}/)?.[0];
}

// What a gap stands for, by how the path begins. The mails were asked for beforehand.
async function fillings(app, storageState) {
  const mails = await fetch(`${app.url}/dev/mailbox`).then((answer) => answer.text());
  const mail = mails.match(/\/dev\/mailbox\/([0-9a-f-]{36})/)?.[1];
  const mailed = async (path) => ({ token: linkIn(await lastMail(app, new RegExp(`${path}[\\w-]{8}`)), path) });
  return {
    '/sign-up/{token}': await mailed('/sign-up/'),
    '/reset/{token}': await mailed('/reset/'),
    '/account/email/{token}': await mailed('/account/email/'),
    '/account/avatar/': { user: '01900000-0000-7000-8000-000000000000', version: 'none' },
    '/dev/mailbox': { id: mail },
    '/dev/components/overlay/': { kind: ['dialog', 'drawer'] },
    '/dev/components/error/': { status: ['403', '404', '410', '422', '429', '500', '503'] },
    [`/w/${slug}/settings/secrets/`]: { id: await keptSecret(app, storageState) },
    [`/w/${slug}/designs/`]: { id: await someDesign(app, storageState) },
    // Whoever owns a workspace finds nothing here; the ids are nobody's.
    '/admin/': { id: '01900000-0000-7000-8000-000000000000', user: '01900000-0000-7000-8000-000000000000' },
    '': { org: slug },
  };
}

// The addresses of a door: one, or one for each value where a gap stands for several.
function fill(path, known) {
  const values = Object.assign({}, ...Object.entries(known).filter(([start]) => path.startsWith(start)).map(([, gaps]) => gaps));
  const gap = path.match(/\{\*?(\w+)\}/);
  if (!gap) return [path];
  const [text, name] = gap;
  if (!values[name]) throw new Error(`${path}: support/pages.mjs does not know what ${text} stands for`);
  return [values[name]].flat().flatMap((value) => fill(path.replace(text, value), known));
}

// What a door wants to be asked besides.
const queries = { '/dev/mailbox/latest': `?to=${encodeURIComponent(owner)}` };

// A mail looks as mail programs want it, which is not how a page looks.
const isMail = (path) => ['/dev/mailbox/{id}/html', '/w/{org}/designs/{id}/canvas'].includes(path);

// Addresses that lead nowhere.
const nowhere = ['/no-such-page', `/w/${slug}/no-such-page`, '/w/no-such-workspace'];

// What a page that its owner may see answers with: errors only where they are shown on purpose.
export function expectedStatus(path) {
  if (nowhere.includes(path) || path === '/admin' || path.startsWith('/admin/') || path.startsWith('/account/avatar/')) return 404;
  return Number(path.match(/^\/dev\/components\/error\/(\d+)$/)?.[1] ?? 200);
}

// Every GET door with its addresses, as its owner finds them, and the ones that lead nowhere.
export async function addresses(app, storageState) {
  const known = await fillings(app, storageState);
  const pages = doors().filter(({ method, path }) => method === 'GET' && !isMail(path));
  const paths = new Map(pages.map(({ path }) => [path, fill(path, known).map((found) => found + (queries[path] ?? ''))]));
  for (const path of nowhere) paths.set(path, [path]);
  return [...paths].flatMap(([door, found]) => found.map((path) => ({ door: found.length > 1 ? path : door, path })));
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
