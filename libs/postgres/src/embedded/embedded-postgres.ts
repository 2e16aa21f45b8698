import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { beganAt, type Log, sleep } from '#runtime';
import { findBinaries, programFile } from './binaries.js';
import { giveTo, placeForData } from './data-place.js';
import { chooseUser, type RunAs } from './run-as.js';
import { commandOf, isAlive, readPostmaster, stopServer } from './server-process.js';

export type EmbeddedOptions = {
  /** The folder that is this database's own; made if need be. */
  dataDir: string;
  log: Log;
  /** Further server settings, such as `{ fsync: 'off' }` for throw-away data of tests. */
  settings?: Readonly<Record<string, string>>;
};

/** Another running process keeps its database in this data folder. Stop it first, or choose another folder. */
export class DataInUse extends Error {
  override readonly name = 'DataInUse';
}

/** A cluster is ready within this, also after it was killed and has to recover. */
const READY_WITHIN_MS = 30_000;
/** A fast shutdown ends sessions at once and writes a checkpoint; the whole process has 3 s for its stop (DESIGN §5). */
const STOP_PATIENCE_MS = 2_000;

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

/** A PostgreSQL of this process's own, on loopback with a password, in a process group of its own so that Ctrl-C reaches only us. */
export class EmbeddedPostgres {
  private stopping = false;

  private constructor(
    /** With user and password: whoever has it is superuser of this cluster. */
    readonly url: string,
    private readonly cluster: string,
    private server: ChildProcess,
  ) {}

  /** The server's process. */
  get pid(): number {
    return this.server.pid ?? 0;
  }

  /**
   * Starts the cluster of `dataDir`, making it at the first start. A server that a killed process left behind is stopped
   * first. Throws `DataInUse` when its owner still runs, `NoBinaries` or `DataMoved` when an operator must act.
   */
  static async start({ dataDir, log, settings = {} }: EmbeddedOptions): Promise<EmbeddedPostgres> {
    const runAs = chooseUser();
    const native = findBinaries(runAs);
    const cluster = placeForData(dataDir, runAs);
    await endOrphan(cluster, dataDir, log);
    const password = passwordOf(dataDir);
    if (!existsSync(path.join(cluster, 'PG_VERSION'))) makeCluster({ native, cluster, password, runAs });
    for (let attempt = 1; ; attempt += 1) {
      const port = await freePort();
      const server = launch({ native, cluster, runAs, port, settings });
      writeFileSync(ownerFile(dataDir), JSON.stringify({ pid: process.pid, began: beganAt(process.pid) }));
      const failure = await readiness(server, cluster, port);
      if (failure === undefined) {
        log.info({ port, dataDir, runAs: runAs?.name ?? 'ourselves' }, 'the embedded database is ready');
        return new EmbeddedPostgres(
          `postgres://larum:${password}@127.0.0.1:${port}/postgres`,
          cluster,
          server,
        );
      }
      if (attempt === 3 || !/could not (bind|create any)/.test(failure))
        throw new Error(`the embedded database did not start: ${failure}`);
    }
  }

  /** Ends every session and stops the server. Nothing that was committed is lost. */
  async stop(): Promise<void> {
    if (this.stopping) return;
    this.stopping = true;
    await stopServer(this.pid, STOP_PATIENCE_MS);
  }

  /** Calls `onExit` when the server ends without having been asked to. */
  onUnexpectedExit(onExit: () => void): void {
    this.server.once('exit', () => {
      if (!this.stopping) onExit();
    });
  }
}

function ownerFile(dataDir: string): string {
  return path.join(dataDir, 'owner.json');
}

async function endOrphan(cluster: string, dataDir: string, log: Log): Promise<void> {
  const found = readPostmaster(cluster);
  if (found === undefined) return;
  if (!isAlive(found.pid) || !commandOf(found.pid).includes(cluster)) {
    // Its process number may by now be somebody else's, which would keep PostgreSQL from starting.
    rmSync(path.join(cluster, 'postmaster.pid'), { force: true });
    return;
  }
  const owner = readOwner(dataDir);
  if (
    owner !== undefined &&
    owner.pid !== process.pid &&
    isAlive(owner.pid) &&
    beganAt(owner.pid) === owner.began
  ) {
    throw new DataInUse(
      `process ${owner.pid} is running on the data folder ${dataDir}: stop it first, or choose another DATA_DIR`,
    );
  }
  log.warn({ pid: found.pid }, 'a database server was left behind by a process that died, and is stopped');
  await stopServer(found.pid, 10_000);
}

function readOwner(dataDir: string): { pid: number; began: string } | undefined {
  try {
    return JSON.parse(readFileSync(ownerFile(dataDir), 'utf8')) as { pid: number; began: string };
  } catch {
    return undefined;
  }
}

function passwordOf(dataDir: string): string {
  const file = path.join(dataDir, 'password');
  if (!existsSync(file))
    writeFileSync(file, randomBytes(24).toString('base64url'), { mode: 0o600, flag: 'wx' });
  return readFileSync(file, 'utf8').trim();
}

type Cluster = { native: string; cluster: string; runAs: RunAs | undefined };

/** Made beside its place and moved there whole, so that a kill in the middle leaves nothing half made. */
function makeCluster({ native, cluster, password, runAs }: Cluster & { password: string }): void {
  const fresh = `${cluster}.new`;
  rmSync(fresh, { recursive: true, force: true });
  mkdirSync(fresh, { mode: 0o700 });
  giveTo(fresh, runAs);
  const secret = mkdtempSync(path.join(os.tmpdir(), 'larum-'));
  const passwordFile = path.join(secret, 'password');
  try {
    writeFileSync(passwordFile, password, { mode: 0o600 });
    giveTo(passwordFile, runAs);
    giveTo(secret, runAs);
    const made = spawnSync(
      path.join(native, 'bin', programFile('initdb')),
      [
        '-D',
        fresh,
        '-U',
        'larum',
        '-A',
        'scram-sha-256',
        `--pwfile=${passwordFile}`,
        '-E',
        'UTF8',
        '--locale-provider=builtin',
        '--builtin-locale=C.UTF-8',
        '--no-locale',
      ],
      { ...identity(runAs), encoding: 'utf8' },
    );
    if (made.status !== 0)
      throw new Error(`the embedded database could not be made: ${made.stderr || String(made.error)}`);
  } finally {
    rmSync(secret, { recursive: true, force: true });
  }
  renameSync(fresh, cluster);
}

/** Nothing of our own environment goes to the server: it may hold secrets. */
function identity(runAs: RunAs | undefined) {
  const env = { PATH: process.env['PATH'] ?? '', LC_ALL: 'C', TZ: 'UTC' };
  return runAs === undefined ? { env, cwd: '/' } : { env, cwd: '/', uid: runAs.uid, gid: runAs.gid };
}

function launch({
  native,
  cluster,
  runAs,
  port,
  settings,
}: Cluster & { port: number; settings: Readonly<Record<string, string>> }): ChildProcess {
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
  return server;
}

function logFile(cluster: string): string {
  return path.join(path.dirname(cluster), 'server.log');
}

/** Undefined when the server takes connections, else what it said. */
async function readiness(server: ChildProcess, cluster: string, port: number): Promise<string | undefined> {
  const end: { reason?: string } = {};
  server.once('error', (error) => (end.reason = error.message));
  server.once('exit', (code) => {
    end.reason = `it ended with code ${code}: ${readFileSync(logFile(cluster), 'utf8').slice(-2_000)}`;
  });
  const deadline = Date.now() + READY_WITHIN_MS;
  while (end.reason === undefined && Date.now() < deadline) {
    const found = readPostmaster(cluster);
    if (found?.pid === server.pid && found?.port === port && found.status === 'ready') return undefined;
    await sleep(5);
  }
  return end.reason ?? `it was not ready within ${READY_WITHIN_MS} ms`;
}

/** A port of loopback that was free a moment ago. */
async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve, reject) => {
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', resolve);
  });
  const address = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}
