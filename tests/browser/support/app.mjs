// The real server, started for one test file with a data folder of its own, seeded, and stopped again.
// With GROUNDSWELL_URL set, a server that already runs is used instead, which is quicker while writing.
import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

export const root = resolve(import.meta.dirname, '../../..');
const binary = resolve(root, process.env.GROUNDSWELL_BINARY ?? 'target/debug/groundswell');
const PATIENCE = 120_000;

function freePort() {
  return new Promise((done, fail) => {
    const server = createServer().once('error', fail);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => done(port));
    });
  });
}

// Only what the server needs: nothing of the developer's own settings reaches it.
function environment(port, dataDir) {
  const kept = ['PATH', 'HOME', 'LANG', 'TMPDIR', 'PG_BIN_DIR', 'USER'];
  const env = Object.fromEntries(kept.filter((name) => process.env[name]).map((name) => [name, process.env[name]]));
  return {
    ...env,
    GROUNDSWELL_LISTEN: `127.0.0.1:${port}`,
    GROUNDSWELL_BASE_URL: `http://localhost:${port}`,
    GROUNDSWELL_DATA_DIR: dataDir,
  };
}

async function ready(url, child, log) {
  const until = Date.now() + PATIENCE;
  while (Date.now() < until) {
    if (child.exitCode !== null) break;
    const answer = await fetch(`${url}/readyz`).catch(() => null);
    if (answer?.ok) return;
    await sleep(100);
  }
  const end = readFileSync(log, 'utf8').split('\n').slice(-25).join('\n');
  throw new Error(`The server did not get ready. The end of ${log}:\n${end}`);
}

// The shell stops the server when its own input ends, and that ends with the test, however it ends.
const leash = '"$@" & server=$!; exec 3<&0; (cat <&3 >/dev/null; kill -TERM $server) 2>/dev/null & wait $server';

async function stop(child, dataDir) {
  if (child.exitCode === null) {
    child.stdin.end();
    const late = setTimeout(() => process.kill(-child.pid, 'SIGKILL'), 30_000);
    await new Promise((done) => child.once('exit', done));
    clearTimeout(late);
  }
  rmSync(dataDir, { recursive: true, force: true, maxRetries: 5 });
}

export async function startApp() {
  if (process.env.GROUNDSWELL_URL) return { url: process.env.GROUNDSWELL_URL.replace(/\/$/, ''), stop: async () => {} };
  const port = await freePort();
  // Short, for the path of PostgreSQL's socket; readable, since root's PostgreSQL is another user.
  const dataDir = mkdtempSync(join(tmpdir(), 'gs-browser-'));
  chmodSync(dataDir, 0o755);
  const logs = join(root, 'target/test-logs');
  mkdirSync(logs, { recursive: true });
  const log = join(logs, `server-${basename(process.argv[1] ?? 'app', '.mjs')}.log`);
  const out = openSync(log, 'w');
  const options = { env: environment(port, dataDir), stdio: ['pipe', out, out], cwd: root, detached: true };
  const child = spawn('/bin/sh', ['-c', leash, 'sh', binary, 'serve', '--dev', '--seed'], options);
  const url = `http://localhost:${port}`;
  try {
    await ready(url, child, log);
  } catch (error) {
    await stop(child, dataDir);
    throw error;
  }
  return { url, stop: () => stop(child, dataDir) };
}

// Every door of the router: { method, path, access }.
export function doors() {
  return JSON.parse(execFileSync(binary, ['routes', '--json', '--dev'], { encoding: 'utf8' }));
}
