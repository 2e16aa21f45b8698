import { closeSync, existsSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startBroker } from './broker.js';
import { brokerJars, NoBroker } from './jars.js';

/** Brokers to test against, or why there are none. */
export type FoundBroker = { brokers: string[] } | { missing: string };

const SHARED_WITHIN_MS = 360_000;

/**
 * A broker for tests that do not disturb it: `KAFKA_BROKERS`, else one that all spec files of a run share and that ends
 * with the run. With `CI=true` a missing broker is an error, because a skipped suite would look like a passed one.
 */
export async function findBroker(): Promise<FoundBroker> {
  const { KAFKA_BROKERS } = process.env;
  if (KAFKA_BROKERS) return { brokers: KAFKA_BROKERS.split(',') };
  return orMissing(async () => ({ brokers: await sharedBroker() }));
}

/** Whether `startBroker` can work here, for tests that kill their broker. Undefined when it can, else why not. */
export async function whyNoOwnBroker(): Promise<string | undefined> {
  const found = await orMissing(async () => ({ brokers: [await brokerJars()] }));
  return 'missing' in found ? found.missing : undefined;
}

async function orMissing(find: () => Promise<FoundBroker>): Promise<FoundBroker> {
  try {
    return await find();
  } catch (error) {
    if (!(error instanceof NoBroker) || process.env.CI === 'true') throw error;
    return { missing: error.message };
  }
}

/**
 * The run that this process belongs to: jest's main process, which is our parent when we are one of its workers. Its
 * workers come and go, so the broker belongs to it.
 */
function runId(): number {
  return process.env.JEST_WORKER_ID !== undefined && process.send !== undefined ? process.ppid : process.pid;
}

/** Whoever is first starts it and notes its address; the others wait for the note. */
async function sharedBroker(): Promise<string[]> {
  const owner = runId();
  const note = path.join(os.tmpdir(), `larum-kafka-of-${owner}`);
  const lock = `${note}.lock`;
  const deadline = performance.now() + SHARED_WITHIN_MS;
  while (performance.now() < deadline) {
    if (existsSync(note)) return readFileSync(note, 'utf8').split(',');
    if (!take(lock)) {
      await sleep(100);
      continue;
    }
    try {
      if (existsSync(note)) continue; // another was faster
      const { brokers } = await startBroker({ owner, leftovers: [note, lock] });
      writeFileSync(`${note}.new`, brokers.join(','), { mode: 0o600 });
      renameSync(`${note}.new`, note);
      return brokers;
    } finally {
      rmSync(lock, { force: true });
    }
  }
  throw new Error(`another process of this run holds ${lock} and has started no broker`);
}

function take(lock: string): boolean {
  try {
    closeSync(openSync(lock, 'wx', 0o600));
    return true;
  } catch {
    return false;
  }
}
