import { type ChildProcess, spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { sleep } from '#runtime';
import { programFile } from '../embedded/binaries.js';
import type { RunAs } from '../embedded/run-as.js';
import { readPostmaster, stopServer } from './server-process.js';

/** What a server runs on: the folder of its programs, its data, its user, and settings that go before our own. */
export type Launch = {
  native: string;
  cluster: string;
  runAs: RunAs | undefined;
  settings: Readonly<Record<string, string>>;
  /** It is given up, and ended, when it is not ready by then. */
  readyWithinMs?: number;
};

/** What a killed server left at work ends within this: a statement has 30 s, and asks for its server when it is done. */
const LEFT_AT_WORK_MS = 35_000;
const LOOK_AGAIN_MS = 200;

/**
 * Starts a server on a free port. A port that was free a moment ago may be taken by now: then another. PostgreSQL refuses to start beside
 * what a killed server left at work on the same data: that is waited for.
 */
export async function startOnFreePort(how: Launch): Promise<{ server: ChildProcess; port: number }> {
  const deadline = Date.now() + LEFT_AT_WORK_MS;
  for (let attempt = 1; ;) {
    const port = await freePort();
    try {
      return { server: await startOn({ ...how, port }), port };
    } catch (error) {
      const said = String(error);
      if (/shared memory block .* is still in use/.test(said) && Date.now() < deadline)
        await sleep(LOOK_AGAIN_MS);
      else if (attempt === 3 || !/could not (bind|create any)/.test(said)) throw error;
      else attempt += 1;
    }
  }
}

/** Starts a server on this port and resolves when it takes connections. Throws what it said when it does not. */
export async function startOn(how: Launch & { port: number }): Promise<ChildProcess> {
  const server = launch(how);
  const failure = await readiness(server, how);
  if (failure === undefined) return server;
  if (server.pid !== undefined && server.exitCode === null && server.signalCode === null)
    await stopServer(server.pid, GONE_WITHIN_MS);
  throw new Error(`the embedded database did not start: ${failure}`);
}

/** A server that is told to stop while it starts is gone within this. */
const GONE_WITHIN_MS = 5_000;
/** A cluster is ready within this, also after a power cut, when it has to write half a gigabyte anew on a slow disk. */
const READY_WITHIN_MS = 120_000;
/** Modest: one machine, one control room; about 100 MB in all. `fsync` stays on. */
const SETTINGS: Readonly<Record<string, string>> = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  shared_buffers: '32MB',
  max_connections: '100',
  max_wal_size: '256MB',
  wal_compression: 'on',
  jit: 'off',
  max_worker_processes: '4',
  max_parallel_workers: '2',
  log_min_messages: 'warning',
  timezone: 'UTC',
};

/** How the programs of PostgreSQL are started. Nothing of our own environment goes to the server: it may hold secrets. */
export function identity(runAs: RunAs | undefined) {
  const env = { PATH: process.env['PATH'] ?? '', LC_ALL: 'C', TZ: 'UTC' };
  return runAs === undefined ? { env, cwd: '/' } : { env, cwd: '/', uid: runAs.uid, gid: runAs.gid };
}

function launch({ native, cluster, runAs, port, settings }: Launch & { port: number }): ChildProcess {
  const flags = Object.entries({ ...SETTINGS, ...settings, port: String(port) }).flatMap(([key, value]) => [
    '-c',
    `${key}=${value}`,
  ]);
  const out = openSync(logFile(cluster), 'w', 0o600);
  const server = spawn(path.join(native, 'bin', programFile('postgres')), ['-D', cluster, ...flags], {
    ...identity(runAs),
    detached: true,
    stdio: ['ignore', out, out],
  });
  closeSync(out);
  server.unref();
  // However this process ends by itself, its server does not outlive it; after a kill -9 the next start ends it.
  const end = (): void => void server.kill('SIGINT');
  process.once('exit', end);
  server.once('exit', () => process.off('exit', end));
  return server;
}

function logFile(cluster: string): string {
  return path.join(path.dirname(cluster), 'server.log');
}

/** Undefined when the server takes connections, else what it said. */
async function readiness(
  server: ChildProcess,
  { cluster, port, readyWithinMs = READY_WITHIN_MS }: Launch & { port: number },
): Promise<string | undefined> {
  const end: { reason?: string } = {};
  const onError = (error: Error): void => void (end.reason = error.message);
  const onExit = (code: number | null): void =>
    void (end.reason = `it ended with code ${code}: ${lastWords(cluster)}`);
  server.once('error', onError).once('exit', onExit);
  try {
    const deadline = Date.now() + readyWithinMs;
    while (end.reason === undefined && Date.now() < deadline) {
      const found = readPostmaster(cluster);
      if (found?.pid === server.pid && found?.port === port && found.status === 'ready') return undefined;
      await sleep(5);
    }
    return end.reason ?? `it was not ready within ${readyWithinMs} ms`;
  } finally {
    server.off('error', onError).off('exit', onExit);
  }
}

function lastWords(cluster: string): string {
  try {
    return readFileSync(logFile(cluster), 'utf8').slice(-2_000);
  } catch {
    return 'it left no log';
  }
}

/** Below the ports that systems give to outgoing connections (Linux 32768 and up, others 49152 and up). */
const [LOWEST_PORT, PORTS] = [20_000, 10_000] as const;
const MOST_PORTS_TRIED = 100;

/**
 * A port of loopback that was free a moment ago. One that no outgoing connection can be given: a server that died comes back on the
 * same address, and must not find it taken by a mail that is just leaving, nor by a client that dialled it meanwhile and met itself.
 */
async function freePort(): Promise<number> {
  for (let tried = 0; tried < MOST_PORTS_TRIED; tried += 1) {
    const port = LOWEST_PORT + randomInt(PORTS);
    if (await isFree(port)) return port;
  }
  throw new Error(
    `no port between ${LOWEST_PORT} and ${LOWEST_PORT + PORTS} is free for the embedded database`,
  );
}

function isFree(port: number): Promise<boolean> {
  const probe = createServer();
  return new Promise((resolve) => {
    probe.once('error', () => resolve(false));
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
  });
}
