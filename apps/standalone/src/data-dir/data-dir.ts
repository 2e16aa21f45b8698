import { mkdirSync, readdirSync, readFileSync, rmdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Mode } from '#contracts';
import { writeWhole } from '#runtime';
import { DataDirRefused } from './data-dir-refused.js';
import { refuseOwned, takeLock } from './data-lock.js';

/** A data folder in this process's hands. */
export type HeldDataDir = {
  /** From now on the folder belongs to this world: its database is open, and is of this world too. */
  keep(): void;
  /** Lets go. A folder that was new and was not kept is then as it was before: a refused start leaves nothing behind. */
  release(): void;
};

/** The log of a start, beside the lock the only thing that is written before a folder is kept. */
export const LOG_FILE = 'larum.log';

/**
 * Takes the data folder for this process until `release`. Throws `DataDirRefused` when it holds what is not Larum's, when another
 * standalone runs on it, or when it belongs to the other world, and then has only looked; a lock that a killed process left behind is taken over.
 */
export function takeDataDir(dataDir: string, mode: Mode): HeldDataDir {
  const made = mkdirSync(dataDir, { recursive: true, mode: 0o755 });
  const found = readdirSync(dataDir);
  const isNew = found.length === 0;
  refuseForeign(dataDir, found);
  const world = join(dataDir, 'world');
  refuseOwned(dataDir);
  refuseOtherWorld(dataDir, world, mode);
  const letGo = takeLock(dataDir);
  let isKept = false;
  return {
    keep: () => {
      if (textOf(world) === undefined) writeWhole(world, `${mode}\n`, 0o644);
      isKept = true;
    },
    release: () => {
      letGo();
      if (isKept || !isNew) return;
      rmSync(join(dataDir, LOG_FILE), { force: true });
      removeEmpty(dataDir, made);
    },
  };
}

/** What a start of any build leaves here: one of these, and the folder is Larum's. */
const OURS =
  /^(world|standalone\.lock.*|run\.json.*|tokens\.json|token-holders\.json|next-warning\.json|larum\.log|postgres|practice-.*)$/;
/** What may lie in a folder that is as good as empty: a new file system's own folder, and where the terminal's words were sent. */
const HARMLESS = /^(lost\+found|.*\.log)$/;

function refuseForeign(dataDir: string, found: readonly string[]): void {
  if (found.every((name) => HARMLESS.test(name)) || found.some((name) => OURS.test(name))) return;
  throw new DataDirRefused(
    `${dataDir} is not empty, and nothing in it is Larum's. Start on an empty or new folder: DATA_DIR=… npm start`,
  );
}

function refuseOtherWorld(dataDir: string, file: string, mode: Mode): void {
  const world = textOf(file);
  if (world === undefined || world === mode) return;
  throw new DataDirRefused(
    `${dataDir} belongs to the world ${world}, and this start asks for ${mode}. Start on another folder: DATA_DIR=… npm start`,
  );
}

/** What stands in a file, or undefined when there is none. Any other failure is thrown: a folder that cannot be read is not new. */
function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** The folder and those above it that were made for it, as far as nothing is in them. */
function removeEmpty(dataDir: string, firstMade: string | undefined): void {
  if (firstMade === undefined) return;
  try {
    for (let folder = dataDir; folder.startsWith(firstMade); folder = dirname(folder)) rmdirSync(folder);
  } catch {
    // somebody else has put something there meanwhile
  }
}
