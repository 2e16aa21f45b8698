import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const RunFile = z.looseObject({
  pid: z.number().int().positive(),
  mode: z.enum(['live', 'exercise']),
  url: z.string(),
  databaseUrl: z.string(),
});

/** How other commands join a running system: `DATA_DIR/run.json`, readable by its owner alone, because it holds a password. */
export type RunFile = z.infer<typeof RunFile>;

const place = (dataDir: string) => join(dataDir, 'run.json');

/** Says that a system runs on this folder. Never half-written: a reader sees the old file or the new one. */
export function writeRunFile(dataDir: string, run: RunFile): void {
  const fresh = `${place(dataDir)}.${process.pid}`;
  writeFileSync(fresh, `${JSON.stringify(run, null, 2)}\n`, { mode: 0o600 });
  renameSync(fresh, place(dataDir));
}

/** The system that runs on this folder, or undefined when none does (or it was killed). */
export function readRunFile(dataDir: string): RunFile | undefined {
  let text: string;
  try {
    text = readFileSync(place(dataDir), 'utf8');
  } catch {
    return undefined;
  }
  const run = RunFile.safeParse(JSON.parse(text));
  return run.success && isAlive(run.data.pid) ? run.data : undefined;
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
