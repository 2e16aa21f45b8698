import { linkSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { beganAt } from '#runtime';
import { z } from 'zod';
import { DataDirRefused } from './data-dir-refused.js';

/** `host`: of another machine or container on the same folder no process can be seen; of that one only its silence tells. */
const Owner = z.object({ pid: z.number(), began: z.string(), host: z.string().optional() });
const BEAT_MS = 1_000;
const SILENT_MS = 15_000;

const lockOf = (dataDir: string): string => join(dataDir, 'standalone.lock');

/**
 * Takes the lock of the folder, and keeps it alive until what is answered is called. One that a killed process left behind is taken over.
 * `lost` is told when another machine has taken it over from us, because this one slept for too long: by default this process then stops.
 * Throws `DataDirRefused`.
 */
export function takeLock(dataDir: string, lost: () => void = stopHere): () => void {
  const lock = lockOf(dataDir);
  const mine = JSON.stringify({ pid: process.pid, began: beganAt(process.pid), host: hostname() });
  while (!appears(lock, mine)) {
    refuseOwned(dataDir);
    rmSync(lock, { force: true });
  }
  const beat = setInterval(() => {
    if (textOf(lock) === mine) return touch(lock);
    clearInterval(beat);
    lost();
  }, BEAT_MS).unref();
  return () => {
    clearInterval(beat);
    if (textOf(lock) === mine) rmSync(lock, { force: true });
  };
}

/** Two on one folder would destroy its data; what is not sent yet is the other's now. */
function stopHere(): void {
  console.error(
    'the data folder was taken over by Larum on another machine or in another container: this one stops',
  );
  process.kill(process.pid, 'SIGTERM');
}

/** Throws `DataDirRefused` when another standalone runs on the folder, here or on another machine. Only looks. */
export function refuseOwned(dataDir: string): void {
  const lock = lockOf(dataDir);
  const owner = ownerOf(lock);
  if (owner?.host !== undefined && owner.host !== hostname())
    return refuseElsewhere(dataDir, lock, owner.host);
  if (owner === undefined || beganAt(owner.pid) !== owner.began) return;
  throw new DataDirRefused(
    `Larum already runs on ${dataDir} (process ${owner.pid}). Stop it first, or start on another folder: DATA_DIR=… npm start`,
  );
}

function refuseElsewhere(dataDir: string, lock: string, host: string): void {
  const silentMs = Date.now() - (statSync(lock, { throwIfNoEntry: false })?.mtimeMs ?? 0);
  if (silentMs > SILENT_MS) return;
  throw new DataDirRefused(
    `Larum already runs on ${dataDir}, on the machine or in the container ${host}. Stop it there first; where that is gone, try again in ${SILENT_MS / 1_000} seconds`,
  );
}

/** Says that the owner of the lock is there. */
function touch(lock: string): void {
  try {
    utimesSync(lock, new Date(), new Date());
  } catch {
    // the folder was taken away from under us: others will say so
  }
}

function textOf(lock: string): string | undefined {
  try {
    return readFileSync(lock, 'utf8');
  } catch {
    return undefined;
  }
}

function ownerOf(lock: string): z.infer<typeof Owner> | undefined {
  try {
    return Owner.parse(JSON.parse(textOf(lock) ?? ''));
  } catch {
    return undefined; // half a file, or gone meanwhile
  }
}

/** The file appears with its whole content, or not at all when there is one. */
function appears(file: string, content: string): boolean {
  const fresh = `${file}.${process.pid}`;
  writeFileSync(fresh, content, { mode: 0o600 });
  try {
    linkSync(fresh, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(fresh, { force: true });
  }
}
