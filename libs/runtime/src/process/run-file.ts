import { closeSync, fsyncSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { beganAt } from './began-at.js';

const RunFile = z.looseObject({
  pid: z.number().int().positive(),
  /** When that process began: its number may be another's by now. Put in by `writeRunFile`. */
  began: z.string().optional(),
  mode: z.enum(['live', 'exercise']),
  url: z.string(),
  databaseUrl: z.string(),
});

/** How other commands join a running system: `DATA_DIR/run.json`, readable by its owner alone, because it holds a password. */
export type RunFile = z.infer<typeof RunFile>;

const place = (dataDir: string) => join(dataDir, 'run.json');

/** Says that a system runs on this folder. Never half-written: a reader sees the old file or the new one. */
export function writeRunFile(dataDir: string, run: RunFile): void {
  const text = `${JSON.stringify({ ...run, began: beganAt(run.pid) }, null, 2)}\n`;
  writeWhole(place(dataDir), text, 0o600);
}

/**
 * The file has its whole content, or stays as it was: also when the disk is full, the process is killed in the midst of it, or the power
 * fails a moment later.
 */
export function writeWhole(file: string, content: string, mode: number): void {
  const fresh = `${file}.${process.pid}`;
  try {
    writeFileSync(fresh, content, { mode, flush: true });
    renameSync(fresh, file);
    toDisk(dirname(file));
  } catch (error) {
    rmSync(fresh, { force: true });
    throw error;
  }
}

/** The names in a folder, which would else reach the disk up to half a minute later. Not everywhere can a folder be opened. */
function toDisk(folder: string): void {
  try {
    const opened = openSync(folder, 'r');
    try {
      fsyncSync(opened);
    } finally {
      closeSync(opened);
    }
  } catch {
    // the file itself is there
  }
}

/** The system that runs on this folder, or undefined when none does: stopped, killed, or never started. */
export function readRunFile(dataDir: string): RunFile | undefined {
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(place(dataDir), 'utf8'));
  } catch {
    return undefined; // no file, or not ours
  }
  const { success, data } = RunFile.safeParse(content);
  if (!success || !isAlive(data.pid)) return undefined;
  return data.began === undefined || data.began === beganAt(data.pid) ? data : undefined;
}

/** Says that the system has stopped. */
export function removeRunFile(dataDir: string): void {
  rmSync(place(dataDir), { force: true });
}

/** Whether a process with this id exists, ours or another user's. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
