import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Mode } from '#contracts';
import { beganAt } from '#runtime';
import { z } from 'zod';

/** The data folder cannot be used now; the message says what to do. Nothing in it was touched. */
export class DataDirRefused extends Error {
  override readonly name = 'DataDirRefused';
  readonly forOperator = true;
}

const Owner = z.object({ pid: z.number(), began: z.string() });

/**
 * Takes the data folder for this process until `release`. Throws `DataDirRefused` when another standalone runs on it, or
 * when it belongs to the other world; a lock that a killed process left behind is taken over.
 */
export function takeDataDir(dataDir: string, mode: Mode): { release(): void } {
  mkdirSync(dataDir, { recursive: true, mode: 0o755 });
  const lock = join(dataDir, 'standalone.lock');
  const mine = JSON.stringify({ pid: process.pid, began: beganAt(process.pid) });
  while (!appears(lock, mine)) {
    const owner = ownerOf(lock);
    if (owner !== undefined && beganAt(owner.pid) === owner.began) {
      throw new DataDirRefused(
        `Larum already runs on ${dataDir} (process ${owner.pid}). Stop it first, or start on another folder: DATA_DIR=… npm start`,
      );
    }
    rmSync(lock, { force: true });
  }
  const release = () => rmSync(lock, { force: true });
  try {
    rememberWorld(dataDir, mode);
  } catch (error) {
    release();
    throw error;
  }
  return { release };
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

function ownerOf(lock: string): z.infer<typeof Owner> | undefined {
  try {
    return Owner.parse(JSON.parse(readFileSync(lock, 'utf8')));
  } catch {
    return undefined; // half a file, or gone meanwhile
  }
}

function rememberWorld(dataDir: string, mode: Mode): void {
  const file = join(dataDir, 'world');
  let world: string | undefined;
  try {
    world = readFileSync(file, 'utf8').trim();
  } catch {
    writeFileSync(file, `${mode}\n`);
  }
  if (world !== undefined && world !== mode) {
    throw new DataDirRefused(
      `${dataDir} belongs to the world ${world}, and this start asks for ${mode}. Start on another folder: DATA_DIR=… npm start`,
    );
  }
}
