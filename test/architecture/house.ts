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

const isTest = (path: string) => /\.spec\.ts$|\/testing\/|^test\//.test(path);
/** Tables of data: word lists, domains, character sets. They are long, and nobody reads them line by line. */
const isTable = (path: string) => /\/(tables|words|samples|golden)\//.test(path);

/** TypeScript that ships, but for tables. */
export const product = (): string[] =>
  tracked().filter((path) => /^(apps|libs)\/.*\.ts$/.test(path) && !isTest(path) && !isTable(path));

/** TypeScript that tests. */
export const tests = (): string[] => tracked().filter((path) => path.endsWith('.ts') && isTest(path));
