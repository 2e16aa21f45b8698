import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { chmodSync, mkdtempSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { silentLog } from '#runtime';
import { Database } from '../database/database.js';
import { EmbeddedPostgres } from '../embedded/embedded-postgres.js';

/** A database of a test's own. `close` ends its connections and drops it. */
export type TestDatabase = {
  db: Database;
  url: string;
  close(): Promise<void>;
};

/**
 * A fresh, empty database on a throw-away server that all spec files of this jest worker share. The server ends, and its
 * data goes, when the worker does. `max` is the size of the pool.
 */
export async function testDatabase({ max = 10 }: { max?: number } = {}): Promise<TestDatabase> {
  const server = await serverUrl();
  const name = `t_${randomUUID().replaceAll('-', '')}`;
  await asAdmin(server, `create database ${name}`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  const db = await Database.open({ url: url.href, max, log: silentLog });
  return {
    db,
    url: url.href,
    close: async () => {
      await db.close();
      await asAdmin(server, `drop database if exists ${name} with (force)`);
    },
  };
}

async function asAdmin(url: string, sql: string): Promise<void> {
  const admin = await Database.open({ url, max: 1, log: silentLog });
  try {
    await admin.execute(sql);
  } finally {
    await admin.close();
  }
}

/** Jest gives each spec file a world of its own, so the worker's server is found again through a file named after the worker. */
function noteOfWorker(): string {
  return path.join(os.tmpdir(), `larum-test-server-${process.pid}`);
}

let starting: Promise<string> | undefined;

async function serverUrl(): Promise<string> {
  starting ??= noted() ?? startServer();
  return starting;
}

function noted(): Promise<string> | undefined {
  try {
    const [pid = '', url = ''] = readFileSync(noteOfWorker(), 'utf8').split(' ');
    process.kill(Number(pid), 0); // an earlier process of our number may have left its note behind
    return Promise.resolve(url);
  } catch {
    return undefined;
  }
}

async function startServer(): Promise<string> {
  const dataDir = mkdtempSync(path.join(os.tmpdir(), 'larum-test-'));
  chmodSync(dataDir, 0o755); // else, as root, the data would be moved to where PostgreSQL's user can reach it
  const server = await EmbeddedPostgres.start({
    dataDir,
    log: silentLog,
    // Nobody pulls the plug on a test, and the data is thrown away.
    settings: { fsync: 'off', full_page_writes: 'off', max_connections: '200' },
  });
  guard(server.pid, dataDir);
  writeFileSync(`${noteOfWorker()}.new`, `${server.pid} ${server.url}`, { mode: 0o600 });
  renameSync(`${noteOfWorker()}.new`, noteOfWorker());
  return server.url;
}

/** A shell that waits for the end of this worker, however it ends, then stops the server and clears up. */
function guard(serverPid: number, dataDir: string): void {
  const script = `while kill -0 "$1" 2>/dev/null; do sleep 1; done
    kill -INT "$2" 2>/dev/null; while kill -0 "$2" 2>/dev/null; do sleep 0.2; done; rm -rf "$3" "$4" "$4.new"`;
  spawn(
    '/bin/sh',
    ['-c', script, 'larum-test-guard', String(process.pid), String(serverPid), dataDir, noteOfWorker()],
    {
      detached: true,
      stdio: 'ignore',
    },
  ).unref();
}
