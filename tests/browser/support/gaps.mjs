// What the gaps in the addresses of doors stand for: things that are really there, read off the pages
// that list them. What is needed besides the sample data was made beforehand.
import { setTimeout as sleep } from 'node:timers/promises';
import { cookieHeader, slug } from './people.mjs';
import { lastMail, linkIn } from './mailbox.mjs';

const nobody = '01900000-0000-7000-8000-000000000000';

async function textOf(app, path, storageState) {
  const answer = await fetch(app.url + path, { headers: { cookie: cookieHeader(storageState) } });
  if (!answer.ok) throw new Error(`${path} answered ${answer.status}`);
  return answer.text();
}

// The first id that stands behind `start` in what `list` links to.
export async function first(app, storageState, list, start = `${list}/`) {
  const html = await textOf(app, list, storageState);
  const found = html.match(new RegExp(`${start}([0-9a-f-]{32,36})`));
  if (!found) throw new Error(`${list} links to nothing behind ${start}`);
  return found[1];
}

// A file of people, uploaded and not looked at yet.
async function uploaded(app, storageState) {
  const form = new FormData();
  form.set('file', new Blob(['E-mail;First name;City\nann@example.com;Ann;Köln\nnobody;Bo;Ulm\n']), 'people.csv');
  const answer = await fetch(`${app.url}/w/${slug}/contacts/imports`, {
    method: 'POST', body: form, headers: { cookie: cookieHeader(storageState) }, redirect: 'manual',
  });
  return answer.headers.get('location').split('/').at(-2);
}

// A campaign that is being made, with a mail of it that was sent to try it.
async function made(app, storageState) {
  const answer = await fetch(`${app.url}/w/${slug}/campaigns/new`, {
    method: 'POST', body: new URLSearchParams({ name: 'Spring roof check' }), headers: { cookie: cookieHeader(storageState) }, redirect: 'manual',
  });
  const path = answer.headers.get('location');
  const trial = new URLSearchParams({ addresses: 'pat@sample.example', as: 'usual' });
  await fetch(`${app.url}${path}/test`, { method: 'POST', body: trial, headers: { cookie: cookieHeader(storageState) }, redirect: 'manual' });
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const [, mail] = (await textOf(app, `${path}/mailbox`, storageState)).match(/\/mailbox\/([0-9a-f-]{36})/) ?? [];
    if (mail) return { campaign: path.split('/').at(-1), mail };
    await sleep(100);
  }
  throw new Error('the test of a campaign did not come to the mailbox');
}

// Somebody with a postal address.
async function addressed(app, storageState) {
  const html = await textOf(app, `/w/${slug}/contacts?q=tanaka`, storageState);
  const [, contact] = html.match(/id="contact-([0-9a-f-]{36})"/);
  const path = `/w/${slug}/contacts/${contact}`;
  const [, other] = (await textOf(app, `/w/${slug}/contacts?q=farouk`, storageState)).match(/id="contact-([0-9a-f-]{36})"/);
  return { contact, other, address: await first(app, storageState, path, `${path}/addresses/`) };
}

const mailed = async (app, path, to) => ({ token: linkIn(await lastMail(app, new RegExp(`${path}[\\w-]{8}`), to), path) });

// By how the path begins. The owner of the sample workspace asks.
export async function ofWorkspace(app, owner) {
  const settings = `/w/${slug}/settings`;
  // The sample's own, before another is made.
  const sent = await first(app, owner, `/w/${slug}/campaigns`);
  return {
    '/sign-up/{token}': await mailed(app, '/sign-up/', 'pat@sample.example'),
    '/reset/{token}': await mailed(app, '/reset/'),
    '/account/email/{token}': await mailed(app, '/account/email/'),
    '/account/avatar/': { user: nobody, version: 'none' },
    '/dev/mailbox': { id: await first(app, undefined, '/dev/mailbox') },
    '/dev/components/overlay/': { kind: ['dialog', 'drawer'] },
    '/dev/components/error/': { status: ['403', '404', '410', '422', '429', '500', '503'] },
    [`/w/${slug}/contacts/imports/`]: { import: await uploaded(app, owner) },
    [`/w/${slug}/contacts/exports/`]: { export: await first(app, owner, `/w/${slug}/contacts/exports`) },
    [`/w/${slug}/contacts/changes/`]: { change: await first(app, owner, `/w/${slug}/contacts/changes`) },
    [`/w/${slug}/contacts/segments/`]: { list: await first(app, owner, `/w/${slug}/contacts/segments`) },
    [`/w/${slug}/contacts/tags/`]: { tag: await first(app, owner, `/w/${slug}/contacts/tags`) },
    [`${settings}/pipelines/`]: { pipeline: await first(app, owner, `${settings}/pipelines`) },
    [`${settings}/fields/`]: { field: await first(app, owner, `${settings}/fields`) },
    [`/w/${slug}/campaigns/`]: await made(app, owner),
    [`/w/${slug}/contacts/`]: await addressed(app, owner),
    [`/w/${slug}/companies/`]: { company: await first(app, owner, `/w/${slug}/companies`) },
    [`${settings}/data/erasures/`]: { erasure: await first(app, owner, `${settings}/data`, `${settings}/data/erasures/`) },
    [`/w/${slug}/deals/`]: { deal: await first(app, owner, `/w/${slug}/deals`) },
    [`/w/${slug}/settings/scoring/`]: { rule: await first(app, owner, `/w/${slug}/settings/scoring`) },
    [`/w/${slug}/tasks/`]: { task: await first(app, owner, `/w/${slug}/tasks`) },
    [`/w/${slug}/campaigns/{campaign}/report`]: { campaign: sent },
    // The links of a mail that was sent to try it: whose links are real ones is told to nobody here.
    '/o/': { token: 'trial' }, '/c/': { token: 'trial' }, '/v/': { token: 'trial' }, '/p/': { token: 'trial' }, '/u/': { token: 'trial' },
    [`/w/${slug}/designs/`]: { id: await first(app, owner, `/w/${slug}/designs`) },
    [`/w/${slug}/people/`]: { user: await first(app, owner, `/w/${slug}/people`) },
    [`${settings}/sending/senders/`]: { sender: await first(app, owner, `${settings}/sending`, `${settings}/sending/senders/`) },
    [`${settings}/secrets/`]: { id: await first(app, owner, `${settings}/secrets`) },
    [`${settings}/roles/`]: { id: await first(app, owner, `${settings}/roles`) },
    [`${settings}/brand/logo/`]: { version: await first(app, owner, `${settings}/brand`, `${settings}/brand/logo/`) },
    // Whoever owns a workspace finds nothing here; a workspace of its own has no clients.
    '/admin/': { id: nobody, user: nobody },
    [`/w/${slug}/clients/`]: { client: 'no-such-client' },
    '': { org: slug },
  };
}

// The administrator's.
export async function ofInstallation(app, administrator) {
  const id = (list) => first(app, administrator, list);
  return {
    '/admin/organizations/': { id: await id('/admin/organizations') },
    '/admin/users/': { user: await id('/admin/users') },
    '/admin/mailbox/': { id: await id('/admin/mailbox') },
  };
}

// The links of the mails that ask somebody in.
export function ofInvitations(paths) {
  return { '/invitations/': { token: paths.map((path) => path.split('/').at(-1)) } };
}
