import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { beganAt } from './processes.mjs';
import { root } from './root.mjs';

const folder = path.join(root, '.cache', 'running');

/** Notes that this process runs from this checkout, until it ends. */
export function runningHere(name) {
  try {
    mkdirSync(folder, { recursive: true });
    const note = path.join(folder, `${process.pid}.json`);
    writeFileSync(
      note,
      JSON.stringify({ pid: process.pid, host: os.hostname(), began: beganAt(process.pid), name }),
    );
    process.once('exit', () => rmSync(note, { force: true }));
  } catch {
    // A checkout that cannot be written to cannot be installed into either.
  }
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

/** Who runs from this checkout now, by name and process. Notes of the dead are removed. */
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
      if (note.host !== os.hostname() || beganAt(note.pid) === note.began) return [note];
    } catch {
      // half written, or gone
    }
    rmSync(path.join(folder, file), { force: true });
    return [];
  });
}
