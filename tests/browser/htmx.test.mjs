// The templates hold no idiom of an older htmx. The check comes with htmx itself and needs Python.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { it } from 'node:test';
import { root } from './support/app.mjs';

const check = join(root, 'static/node_modules/htmx.org/dist/scripts/upgrade-check.js');

// What it warns of, and is right in htmx 4: hx-disable, which has its new meaning here; attributes on an
// element that sends the request itself (or on hx-partial), and hx-boost="false", which mean it alone.
function isFalseAlarm(line) {
  const [, file, number, rule, told] = line.match(/^(.+?):(\d+): \[([\w-]+)\] (.*)$/) ?? [];
  if (rule === 'renamed-attr') return told.startsWith('hx-disable ');
  if (rule !== 'inheritance') return false;
  const text = readFileSync(join(root, file), 'utf8');
  const begin = text.split('\n').slice(0, number - 1).join('\n').length;
  const attribute = text.indexOf(told.split(' ')[0], begin);
  const tag = text.slice(text.lastIndexOf('<', attribute), attribute) + text.slice(attribute).split(/>/)[0];
  return /^<hx-partial\b|\shx-boost="false"/.test(tag) || /\shx-(get|post|put|patch|delete)=/.test(tag);
}

it('no template uses an idiom of htmx 2', (t) => {
  if (!existsSync(check)) return t.skip('htmx is not in static/node_modules');
  if (spawnSync('python3', ['--version']).status !== 0) return t.skip('python3 is missing');
  const { status, stdout, stderr } = spawnSync(process.execPath, [check, 'templates'], { cwd: root, encoding: 'utf8' });
  assert.ok(status === 0 || status === 1, stderr);
  const found = stdout.split('\n').filter((line) => /^\S+:\d+: \[/.test(line) && !isFalseAlarm(line));
  assert.deepEqual(found, []);
});
