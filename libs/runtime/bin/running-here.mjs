import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { beganAt } from './processes.mjs';
import { root } from './root.mjs';

const folder = path.join(root, '.cache', 'running');

const BEAT_MS = 10_000;
/** A note of another machine, or another container, that was not touched for this long is of one that is gone. */
const SILENT_MS = 60_000;

/** Notes that this process runs from this checkout, until it ends. */
export function runningHere(name) {
  const note = path.join(folder, `${process.pid}.json`);
  const write = () => {
    try {
      mkdirSync(folder, { recursive: true });
      writeFileSync(
        note,
        JSON.stringify({ pid: process.pid, host: os.hostname(), began: beganAt(process.pid), name }),
      );
    } catch {
      // A checkout that cannot be written to cannot be installed into either.
    }
  };
  const touch = () => {
    try {
      utimesSync(note, new Date(), new Date());
    } catch {
      write(); // somebody on another machine took us for gone while we slept
    }
  };
  write();
  setInterval(touch, BEAT_MS).unref();
  process.once('exit', () => {
    try {
      rmSync(note, { force: true });
    } catch {
      // it could not be written either
    }
  });
}

/**
 * Why `npm start` must not begin: another standalone holds its data folder, and what is built now would be built under it. Undefined when
 * none does. The start looks again when it takes the folder (`data-dir.ts` of the app, which writes the lock).
 */
export function whyNotStart(dataDir = process.env.DATA_DIR || '.data') {
  try {
    const { pid, began } = JSON.parse(readFileSync(path.join(dataDir, 'standalone.lock'), 'utf8'));
    if (!Number.isInteger(pid) || began === '' || beganAt(pid) !== began) return undefined;
    return `Larum already runs on ${dataDir} (process ${pid}). Stop it first, or start on another folder: DATA_DIR=… npm start`;
  } catch {
    return undefined; // no lock, or half of one
  }
}

/** Who runs from this checkout now, by name, process and host. Notes of the dead are removed. */
export function whoRunsHere() {
  let notes = [];
  try {
    notes = readdirSync(folder);
  } catch {
    return [];
  }
  return notes.flatMap((file) => {
    try {
      const note = JSON.parse(readFileSync(path.join(folder, file), 'utf8'));
      if (isThere(note, path.join(folder, file))) return [note];
    } catch {
      // half written, or gone
    }
    rmSync(path.join(folder, file), { force: true });
    return [];
  });
}

/** On this machine a process is there or not; of another only the silence of its note tells. */
function isThere({ host, pid, began }, file) {
  if (host === os.hostname()) return beganAt(pid) === began;
  return Date.now() - statSync(file).mtimeMs <= SILENT_MS;
}
