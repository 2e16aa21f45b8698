import { execFile, spawn } from 'node:child_process';
import { randomBytes, randomInt } from 'node:crypto';
import { closeSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { brokerJars } from './jars.js';
import { brokerIsReady } from './ready.js';

const run = promisify(execFile);

/** A real Apache Kafka broker, one node on loopback, that this process started. */
export type Broker = {
  brokers: string[];
  readonly pid: number | undefined;
  /** As a crash: nothing is flushed, nobody is told. Resolves when it is gone. */
  kill(): Promise<void>;
  /** Starts it again on the same ports and data, after `kill` or not. Resolves when it is ready: about 2 s. */
  restart(): Promise<void>;
  /** Stops it and removes its data. */
  stop(): Promise<void>;
  /** The last lines of its own log. */
  logTail(): string;
};

/** Who the broker ends with, and what files to remove then besides its own folder. */
export type BrokerOptions = { owner?: number; leftovers?: readonly string[] };

const READY_WITHIN_MS = 120_000;
const STOP_WITHIN_MS = 15_000;

/**
 * Below the ephemeral range of Linux (32768 and up): while the broker is down, a client that keeps dialling an ephemeral
 * port on loopback can connect to itself, and the broker could not have its port back.
 */
const PORTS = [20_000, 30_000] as const;
/** Two workers of a run look at the same time, and a port that one has found is free until its broker is up: each has its own. */
const SLICE = (PORTS[1] - PORTS[0]) / 4;
const OURS = PORTS[0] + ((Number(process.env['JEST_WORKER_ID'] ?? 1) - 1) % 4) * SLICE;

/**
 * Starts a broker of the caller's own. It ends with `owner` (a process id, by default this process), however that ends.
 * Throws `NoBroker` when Java or the jars are missing.
 */
export async function startBroker({
  owner = process.pid,
  leftovers = [],
}: BrokerOptions = {}): Promise<Broker> {
  const jars = await brokerJars();
  const folder = mkdtempSync(path.join(os.tmpdir(), 'larum-kafka-'));
  const port = await freePort();
  const server = new BrokerProcess(jars, folder, port);
  try {
    await server.format(await freePort(port));
    guard(owner, folder, leftovers);
    await server.launch();
  } catch (error) {
    await server.end('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
  return {
    brokers: [`127.0.0.1:${port}`],
    get pid() {
      return server.pid;
    },
    kill: () => server.end('SIGKILL'),
    restart: async () => {
      await server.end('SIGTERM');
      await server.launch();
    },
    stop: async () => {
      await server.end('SIGTERM');
      rmSync(folder, { recursive: true, force: true });
    },
    logTail: () => server.logTail(),
  };
}

class BrokerProcess {
  pid: number | undefined;
  private exited: Promise<void> = Promise.resolve();

  constructor(
    private readonly jars: string,
    private readonly folder: string,
    private readonly port: number,
  ) {}

  async format(controllerPort: number): Promise<void> {
    const settings = Object.entries(properties(this.folder, this.port, controllerPort));
    writeFileSync(this.settings, `${settings.map(([name, value]) => `${name}=${value}`).join('\n')}\n`);
    const id = randomBytes(16).toString('base64url').replace(/^-/, 'A'); // an id must not look like an option
    await run('java', [...this.jvm, 'kafka.tools.StorageTool', 'format', '-t', id, '-c', this.settings]);
  }

  async launch(): Promise<void> {
    const log = openSync(this.log, 'a');
    // In a process group of its own: Ctrl-C ends the tests first, and the guard ends the broker after them.
    const child = spawn('java', [...this.jvm, 'kafka.Kafka', this.settings], {
      stdio: ['ignore', log, log],
      detached: true,
    });
    closeSync(log);
    child.unref();
    this.pid = child.pid;
    this.exited = new Promise((resolve) =>
      child.once('exit', () => {
        this.pid = undefined;
        resolve();
      }),
    );
    writeFileSync(path.join(this.folder, 'broker.pid'), String(child.pid));
    const deadline = performance.now() + READY_WITHIN_MS;
    while (!(await brokerIsReady(this.port))) {
      if (this.pid !== child.pid) throw new Error(`the broker ended before it was ready:\n${this.logTail()}`);
      if (performance.now() > deadline)
        throw new Error(`the broker was not ready in ${READY_WITHIN_MS} ms:\n${this.logTail()}`);
      await sleep(50);
    }
  }

  async end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    const { pid } = this;
    if (pid === undefined) return;
    process.kill(pid, signal);
    const late = setTimeout(() => this.pid === pid && process.kill(pid, 'SIGKILL'), STOP_WITHIN_MS);
    await this.exited;
    clearTimeout(late);
  }

  logTail(): string {
    return existsSync(this.log) ? readFileSync(this.log, 'utf8').split('\n').slice(-25).join('\n') : '';
  }

  private get settings(): string {
    return path.join(this.folder, 'server.properties');
  }

  private get log(): string {
    return path.join(this.folder, 'broker.log');
  }

  /** Small and quick to start: 205 to 250 MB, ready in 1.6 s (measured). */
  private get jvm(): string[] {
    const settings = [
      '-Xmx256m',
      '-XX:+UseSerialGC',
      '-XX:TieredStopAtLevel=1',
      '-Xshare:auto',
      '-XX:+ExitOnOutOfMemoryError',
    ];
    const logging = [
      '-Dorg.slf4j.simpleLogger.defaultLogLevel=warn',
      '-Dorg.slf4j.simpleLogger.showDateTime=true',
    ];
    return [...settings, '-Djava.awt.headless=true', ...logging, '-cp', path.join(this.jars, '*')];
  }
}

function properties(
  folder: string,
  port: number,
  controllerPort: number,
): Record<string, string | number | boolean> {
  return {
    'process.roles': 'broker,controller',
    'node.id': 1,
    'controller.quorum.voters': `1@127.0.0.1:${controllerPort}`,
    listeners: `PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controllerPort}`,
    'advertised.listeners': `PLAINTEXT://127.0.0.1:${port}`,
    'controller.listener.names': 'CONTROLLER',
    'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT',
    'log.dirs': path.join(folder, 'data'),
    'auto.create.topics.enable': false,
    'default.replication.factor': 1,
    'offsets.topic.replication.factor': 1,
    'offsets.topic.num.partitions': 1,
    'group.initial.rebalance.delay.ms': 0,
    'transaction.state.log.replication.factor': 1,
    'transaction.state.log.min.isr': 1,
    'transaction.state.log.num.partitions': 1,
    'share.coordinator.state.topic.replication.factor': 1,
    'share.coordinator.state.topic.min.isr': 1,
    'share.coordinator.state.topic.num.partitions': 1,
    'log.cleaner.dedupe.buffer.size': 4 * 1024 * 1024, // the default takes 128 MB of heap at the start
    // Ready again 2 s after a kill, not 10 (measured).
    'broker.session.timeout.ms': 1_000,
    'broker.heartbeat.interval.ms': 250,
  };
}

/** A shell that waits for the end of the owner, then ends the broker and removes its data. */
function guard(owner: number, folder: string, leftovers: readonly string[]): void {
  const script = `while kill -0 "$1" 2>/dev/null && [ -d "$2" ]; do sleep 1; done
    [ -f "$2/broker.pid" ] && kill -9 "$(cat "$2/broker.pid")" 2>/dev/null; shift; rm -rf "$@"`;
  const args = ['-c', script, 'larum-kafka-guard', String(owner), folder, ...leftovers];
  spawn('/bin/sh', args, { detached: true, stdio: 'ignore' }).unref();
}

async function freePort(taken = 0): Promise<number> {
  for (let tries = 0; tries < 200; tries += 1) {
    const port = randomInt(OURS, OURS + SLICE);
    if (port !== taken && (await isFree(port))) return port;
  }
  throw new Error(`no free port between ${OURS} and ${OURS + SLICE}`);
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer().once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
