import { spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** How the bootstrap calls npm for a checkout that is not installed. */
export const NPM_CI =
  'npm ci --include=dev --include=optional --ignore-scripts --no-audit --no-fund --loglevel=error';

/**
 * A checkout in miniature for a test: the real bootstrap, with an npm (the text of a CommonJS script) that only writes into the file
 * `calls` that it was called. `make` before each test and `remove` after it; paths are meant from its root.
 */
export function bareCheckout(npm: string) {
  let root = '';
  const inside = (...parts: string[]): string => join(root, ...parts);
  const write = (file: string, text: string): void => {
    mkdirSync(dirname(inside(file)), { recursive: true });
    writeFileSync(inside(file), text);
  };
  return {
    inside,
    write,
    make: (): void => {
      root = mkdtempSync(join(tmpdir(), 'larum-checkout-'));
      const bin = fileURLToPath(new URL('../../bin/', import.meta.url));
      cpSync(bin, inside('libs/runtime/bin'), { recursive: true });
      write('package.json', '{"type":"commonjs"}');
      write('npm-cli.js', npm);
    },
    remove: (): void => rmSync(root, { recursive: true, force: true }),
    /** What was called, in order: one line each. */
    calls: (): string[] =>
      existsSync(inside('calls')) ? readFileSync(inside('calls'), 'utf8').trim().split('\n') : [],
    /** Runs the bootstrap with these words, in an environment of its own: resolves when it has ended, and can be watched until then. */
    run: (environment: Readonly<Record<string, string>>, ...words: string[]) => {
      const child = spawn(process.execPath, [inside('libs/runtime/bin/prepare.mjs'), ...words], {
        cwd: root,
        env: { PATH: process.env['PATH'], HOME: root, npm_execpath: inside('npm-cli.js'), ...environment },
      });
      let stdout = '';
      let stderr = '';
      child.stdout.on('data', (data: Buffer) => (stdout += data.toString()));
      child.stderr.on('data', (data: Buffer) => (stderr += data.toString()));
      const ended = new Promise<{ code: number | null; stdout: string; stderr: string }>((resolve) => {
        child.once('close', (code) => resolve({ code, stdout, stderr }));
      });
      return Object.assign(ended, { child, saysSoFar: () => stderr });
    },
  };
}
