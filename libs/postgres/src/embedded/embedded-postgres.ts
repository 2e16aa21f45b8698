import type { ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { BackOff, beganAt, sleep, writeWhole, type Log } from '#runtime';
import { startOn, startOnFreePort } from '../server/launch-server.js';
import { makeCluster, writeThrough } from '../server/make-cluster.js';
import { commandOf, isAlive, readPostmaster, stopServer } from '../server/server-process.js';
import { setPassword } from '../server/set-password.js';
import { findBinaries } from './binaries.js';
import { placeForData } from './data-place.js';
import { chooseUser } from './run-as.js';
import { expectSameVersion } from './same-version.js';

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
  readonly forOperator = true;
}

/** A fast shutdown ends sessions at once and writes a checkpoint; the whole process has 3 s for its stop (DESIGN §5). */
const STOP_PATIENCE_MS = 2_000;

/** A PostgreSQL of this process's own, on loopback with a password, in a process group of its own so that Ctrl-C reaches only us. */
export class EmbeddedPostgres {
  private readonly stopping = new AbortController();
  private supervising: Promise<void>;

  private constructor(
    /** With user and password: whoever has it is superuser of this cluster. */
    readonly url: string,
    private readonly dataDir: string,
    private server: ChildProcess,
    private readonly again: () => Promise<ChildProcess>,
  ) {
    this.supervising = Promise.resolve();
  }

  /** The server's process. */
  get pid(): number {
    return this.server.pid ?? 0;
  }

  /**
   * Starts the cluster of `dataDir`, making it at the first start. A server that a killed process left behind is stopped
   * first; a server that ends by itself is started again on the same address. Throws `DataInUse` when another process runs
   * on the folder, `NoBinaries`, `DataMoved` or `OtherVersion` when an operator must act; then nothing was touched.
   */
  static async start({ dataDir, log, settings = {} }: EmbeddedOptions): Promise<EmbeddedPostgres> {
    const runAs = chooseUser();
    const native = findBinaries(runAs);
    mkdirSync(dataDir, { recursive: true });
    claim(dataDir);
    try {
      const cluster = placeForData(dataDir, runAs);
      await endOrphan(cluster, log);
      const isNew = !existsSync(path.join(cluster, 'PG_VERSION'));
      if (!isNew) expectSameVersion(cluster, native);
      const known = knownPassword(dataDir);
      const password = known ?? randomBytes(24).toString('base64url');
      // Kept before a new cluster is made with it, and after an older one has taken it: whatever ends this start, the next can try again.
      if (!isNew && known === undefined) await setPassword({ native, cluster, password, runAs });
      if (known === undefined) writeWhole(passwordFile(dataDir), password, 0o600);
      if (isNew) makeCluster({ native, cluster, password, runAs });
      const { server, port } = await startOnFreePort({ native, cluster, runAs, settings });
      if (isNew && settings['fsync'] !== 'off') writeThrough({ native, cluster, runAs });
      log.info({ port, dataDir, runAs: runAs?.name ?? 'ourselves' }, 'the embedded database is ready');
      const url = `postgres://larum:${password}@127.0.0.1:${port}/postgres`;
      const running = new EmbeddedPostgres(url, dataDir, server, () =>
        startOn({ native, cluster, runAs, settings, port }),
      );
      running.supervise(log);
      return running;
    } catch (error) {
      rmSync(ownerFile(dataDir), { force: true });
      throw error;
    }
  }

  /** Ends every session and stops the server. Nothing that was committed is lost. */
  async stop(): Promise<void> {
    if (this.stopping.signal.aborted) return;
    this.stopping.abort();
    await this.supervising;
    // Of one that ended and could not be started again, the number may be somebody else's by now.
    if (this.server.exitCode === null && this.server.signalCode === null)
      await stopServer(this.pid, STOP_PATIENCE_MS);
    rmSync(ownerFile(this.dataDir), { force: true });
  }

  private supervise(log: Log): void {
    this.server.once('exit', (code) => {
      if (this.stopping.signal.aborted) return;
      log.error({ code }, 'the embedded database ended by itself and is started again');
      this.supervising = this.startAgain(log);
    });
  }

  private async startAgain(log: Log): Promise<void> {
    const pauses = new BackOff(100, 5_000);
    while (!this.stopping.signal.aborted) {
      try {
        this.server = await this.again();
        this.supervise(log);
        log.info({ attempts: pauses.attempts + 1 }, 'the embedded database is ready again');
        return;
      } catch (error) {
        log.error({ error }, 'the embedded database could not be started again');
        await pauses.wait(this.stopping.signal);
      }
    }
  }
}

function ownerFile(dataDir: string): string {
  return path.join(dataDir, 'owner.json');
}

/** Notes that this process runs on the folder. Throws `DataInUse` when another does, or we do already. */
function claim(dataDir: string): void {
  const owner = readOwner(dataDir);
  if (owner !== undefined && isAlive(owner.pid) && beganAt(owner.pid) === owner.began) {
    throw new DataInUse(
      `process ${owner.pid} is running on the data folder ${dataDir}: stop it first, or choose another DATA_DIR`,
    );
  }
  writeFileSync(ownerFile(dataDir), JSON.stringify({ pid: process.pid, began: beganAt(process.pid) }));
}

function readOwner(dataDir: string): { pid: number; began: string } | undefined {
  try {
    return JSON.parse(readFileSync(ownerFile(dataDir), 'utf8')) as { pid: number; began: string };
  } catch {
    return undefined;
  }
}

/** A server that was left behind in the middle of its own start has written its lock file within this. */
const WRITTEN_WITHIN_MS = 1_000;

/** Stops a server whose owner is gone: `claim` has made sure of that. */
async function endOrphan(cluster: string, log: Log): Promise<void> {
  const lock = path.join(cluster, 'postmaster.pid');
  const until = performance.now() + WRITTEN_WITHIN_MS;
  let found = readPostmaster(cluster);
  for (
    ;
    found === undefined && existsSync(lock) && performance.now() < until;
    found = readPostmaster(cluster)
  )
    await sleep(20);
  if (found !== undefined && isAlive(found.pid) && commandOf(found.pid).includes(cluster)) {
    log.warn({ pid: found.pid }, 'a database server was left behind by a process that died, and is stopped');
    await stopServer(found.pid, 10_000);
  }
  // After a kill its process number may by now be somebody else's, and after a power cut it is empty: both keep PostgreSQL from starting.
  rmSync(lock, { force: true });
}

const passwordFile = (dataDir: string): string => path.join(dataDir, 'password');

/** Undefined where there is none, or an empty one: a full disk had no room for it, or the power failed. */
function knownPassword(dataDir: string): string | undefined {
  const file = passwordFile(dataDir);
  const known = existsSync(file) ? readFileSync(file, 'utf8').trim() : '';
  return known === '' ? undefined : known;
}
