import { buildSync } from 'esbuild';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

/**
 * A program for a Node of its own, since the test runner's context is several times slower and its memory says nothing: `code` is
 * TypeScript that imports from `libs/cap/src` by `@src/`. Returns where it lies within `folder`.
 */
export function program(folder: string, name: string, code: string): string {
  const outfile = join(folder, `${name}.mjs`);
  buildSync({
    stdin: { contents: code, loader: 'ts', resolveDir: join(import.meta.dirname, '../..') },
    alias: { '@src': join(import.meta.dirname, '../..') },
    bundle: true,
    platform: 'node',
    format: 'esm',
    outfile,
  });
  return outfile;
}

/** Runs it and reads what it prints as JSON. Throws with what it said when it printed nothing. */
export function answerOf(path: string, ...args: readonly string[]): unknown {
  const { stdout, stderr } = spawnSync(process.execPath, [path, ...args], { encoding: 'utf8', env: {} });
  if (stdout === '') throw new Error(stderr);
  return JSON.parse(stdout);
}
