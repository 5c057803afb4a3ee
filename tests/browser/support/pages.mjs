// Which addresses a person can ask for: every GET door of the router, with its gaps filled.
import { doors } from './app.mjs';
import { cookieHeader, owner, slug } from './people.mjs';

// The addresses of a door: one, or one for each value where a gap stands for several.
function fill(path, known) {
  const values = Object.assign({}, ...Object.entries(known).filter(([start]) => path.startsWith(start)).map(([, gaps]) => gaps));
  const gap = path.match(/\{\*?(\w+)\}/);
  if (!gap) return [path];
  const [text, name] = gap;
  if (!values[name]) throw new Error(`${path}: support/gaps.mjs does not know what ${text} stands for`);
  return [values[name]].flat().flatMap((value) => fill(path.replace(text, value), known));
}

// What a door wants to be asked besides.
const queries = {
  '/dev/mailbox/latest': `?to=${encodeURIComponent(owner)}`,
  '/w/{org}/campaigns/{campaign}/report/people': '?what=opened',
};

// A mail looks as mail programs want it, which is not how a page looks.
const isMail = (path) => ['/dev/mailbox/{id}/html', '/w/{org}/designs/{id}/canvas', '/w/{org}/campaigns/{campaign}/canvas',
  '/w/{org}/campaigns/{campaign}/mailbox/{mail}/html'].includes(path);

// Addresses that lead nowhere.
const nowhere = ['/no-such-page', `/w/${slug}/no-such-page`, '/w/no-such-workspace'];

const isOf = (start) => (path) => path === start || path.startsWith(`${start}/`);

// What a page that the owner of the sample workspace may see answers with: errors only where they are
// shown on purpose, where a link is somebody else's, and where there is nothing for a business of its own.
export function expectedStatus(path) {
  if (nowhere.includes(path) || isOf('/admin')(path) || isOf('/account/avatar')(path) || isOf('/c')(path)) return 404;
  if (isOf('/invitations')(path) || isOf(`/w/${slug}/clients`)(path)) return 403;
  return Number(path.match(/^\/dev\/components\/error\/(\d+)$/)?.[1] ?? 200);
}

// Every GET door that is `wanted`, with its addresses.
export function addresses(known, wanted = () => true) {
  const pages = doors().filter(({ method, path }) => method === 'GET' && !isMail(path) && wanted(path));
  const paths = pages.map(({ path }) => [path, fill(path, known).map((found) => found + (queries[path] ?? ''))]);
  return paths.flatMap(([door, found]) => found.map((path) => ({ door: found.length > 1 ? path : door, path })));
}

export const deadEnds = nowhere.map((path) => ({ door: path, path }));

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
