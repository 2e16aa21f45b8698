import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** Every file that git tracks or would track, from the root of the checkout. */
export function tracked(): string[] {
  const args = ['ls-files', '--cached', '--others', '--exclude-standard', '--deduplicate'];
  const deleted = new Set(git('ls-files', '--deleted'));
  return git(...args).filter((path) => !deleted.has(path));
}

function git(...args: string[]): string[] {
  return execFileSync('git', args, { encoding: 'utf8' }).split('\n').filter(Boolean);
}

/** A file's text. */
export const textOf = (path: string): string => readFileSync(path, 'utf8');

/** How many lines a file has. */
export const lines = (path: string): number => textOf(path).split('\n').length - 1;

/** What tests: specs, builders and suites for specs (`src/testing/`), and everything below `test/`: e2e, faults, benches, support. */
export const isTest = (path: string): boolean => /\.spec\.ts$|\/src\/testing\/|^test\//.test(path);

/** Tables of data: word lists, domains, character sets. They are long, and nobody reads them line by line. */
export const isTable = (path: string): boolean => /\/(tables|words|samples|golden)\//.test(path);

/** What people write and run: TypeScript, and the commands that must run before anything is built. */
const isCode = (path: string): boolean => /\.(ts|mjs)$/.test(path) && !/^\.|^node_modules\//.test(path);

/** What ships, but for tables: `apps/` and `libs/` without their tests. */
export const product = (): string[] =>
  tracked().filter((path) => /^(apps|libs)\//.test(path) && isCode(path) && !isTest(path) && !isTable(path));

/** What tests it. JSON and other samples do not count, on either side. */
export const tests = (): string[] =>
  tracked().filter((path) => isCode(path) && isTest(path) && !isTable(path));
