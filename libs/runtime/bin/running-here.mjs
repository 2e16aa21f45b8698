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
