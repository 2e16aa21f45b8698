import { build } from 'esbuild';
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** A member of a group in a process of its own: what it has handled, and a way to end it at once. */
export type MemberProcess = {
  handled: string[];
  /** Stops it where it stands, as a machine that swaps does, until `thaw`. */
  freeze(): void;
  thaw(): void;
  kill(): void;
};

/** Starts it. `where` holds TOPIC, GROUP and KAFKA_BROKERS or DATABASE_URL; each message takes it 20 ms. */
export async function startMember(where: Readonly<Record<string, string>>): Promise<MemberProcess> {
  const cache = path.resolve('.cache');
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(path.join(cache, 'member-')); // inside the checkout, so that it finds node_modules
  const outfile = path.join(folder, 'member.mjs');
  await build({
    entryPoints: [fileURLToPath(new URL('./member-main.ts', import.meta.url))],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    conditions: ['source'],
    logLevel: 'error',
  });
  const child = spawn(process.execPath, [outfile], {
    env: { ...process.env, ...where },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  child.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const handled: string[] = [];
  createInterface(child.stdout).on('line', (line) => handled.push(line));
  return {
    handled,
    freeze: () => void child.kill('SIGSTOP'),
    thaw: () => void child.kill('SIGCONT'),
    kill: () => void child.kill('SIGKILL'),
  };
}
