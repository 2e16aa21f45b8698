import { spawn } from 'node:child_process';
import { join } from 'node:path';

/** How a process ended, and what it said. */
export type Ended = { code: number | string | null; out: string; err: string };

const LONGEST_MS = 100_000;

/**
 * Runs a built program with nothing but `env` in its environment, until it ends by itself. `during` is called with its id as soon as
 * it runs. A program that does not end within 100 s is killed, and the signal is its code.
 */
export async function toTheEnd(
  program: string,
  env: Record<string, string> = {},
  { args = [], during }: { args?: readonly string[]; during?: (pid: number) => Promise<void> } = {},
): Promise<Ended> {
  const { PATH = '', HOME = '', TMPDIR = '' } = process.env;
  const child = spawn(process.execPath, [join('dist', program), ...args], {
    env: { PATH, HOME, ...(TMPDIR === '' ? {} : { TMPDIR }), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said = { out: '', err: '' };
  child.stdout.on('data', (data: Buffer) => (said.out += data.toString()));
  child.stderr.on('data', (data: Buffer) => (said.err += data.toString()));
  const late = setTimeout(() => child.kill('SIGKILL'), LONGEST_MS);
  const ended = new Promise<number | string | null>((resolve) =>
    child.once('close', (code, signal) => resolve(signal ?? code)),
  );
  await during?.(child.pid ?? 0);
  const code = await ended;
  clearTimeout(late);
  return { code, ...said };
}

/** The app's own start. */
export const mainOf = (app: string): string => join('apps', app, 'src', 'main.js');
