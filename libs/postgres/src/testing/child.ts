import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';

/** A process of its own that runs one of our source files, so that a test can kill or freeze it. */
export type Child = {
  process: ChildProcess;
  /** The first line on its standard output that contains `text`. Rejects when it ends before. */
  line(text: string): Promise<string>;
  /** Its exit code, or the signal that ended it. */
  ended: Promise<number | string>;
};

/** Starts `file` (a URL of a source file) with `args`, as another user when `as` is given. */
export function runChild(
  file: URL,
  args: readonly string[],
  options: { as?: { uid: number; gid: number }; env?: Readonly<Record<string, string>> } = {},
): Child {
  const bundle = bundled(fileURLToPath(file));
  const child = spawn(process.execPath, [bundle, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NODE_OPTIONS: '', ...options.env },
    ...options.as,
  });
  const lines: string[] = [];
  let errors = '';
  const waiting = new Set<() => void>();
  createInterface({ input: child.stdout }).on('line', (line) => {
    lines.push(line);
    for (const look of waiting) look();
  });
  child.stderr.on('data', (data: Buffer) => (errors += data.toString()));
  const ended = new Promise<number | string>((resolve) => {
    child.once('close', (code, signal) => resolve(code ?? signal ?? 'gone'));
  });
  return {
    process: child,
    ended,
    line: (text) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          const found = lines.find((line) => line.includes(text));
          if (found === undefined) return;
          waiting.delete(look);
          resolve(found);
        };
        waiting.add(look);
        look();
        void ended.then((how) =>
          reject(new Error(`it ended with ${how} before it said ${text}: ${errors.slice(-2_000)}`)),
        );
      }),
  };
}

const bundles = new Map<string, string>();

/** One file of plain JavaScript, inside the checkout so that packages are found from it. */
function bundled(source: string): string {
  const known = bundles.get(source);
  if (known !== undefined) return known;
  const folder = path.resolve('.cache', 'children');
  mkdirSync(folder, { recursive: true });
  chmodSync(folder, 0o755); // another user may have to run it
  const outfile = path.join(folder, `${path.basename(source, '.ts')}.${process.pid}.mjs`);
  buildSync({
    entryPoints: [source],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    packages: 'external',
    conditions: ['source'],
  });
  chmodSync(outfile, 0o644);
  process.once('exit', () => rmSync(outfile, { force: true }));
  bundles.set(source, outfile);
  return outfile;
}
