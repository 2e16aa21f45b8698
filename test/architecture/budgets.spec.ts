import { describe, expect, it } from '@jest/globals';
import { isTable, isTest, lines, product, tests, textOf, tracked } from './house.js';
import { atShare, constructorsOf, MOST_PARAMETERS } from './rules.js';

/** No file is longer, tests and tables aside. */
const LONGEST = 300;
/** Half of all files lie between: under 20 lines is ceremony, and nobody reads 300 in one go. */
const MEDIAN = [20, 70] as const;
/** Nine in ten files have at most so many lines. */
const [SHORT, SHARE_OF_SHORT] = [150, 0.9] as const;
/**
 * Tests are between these shares of all lines. What counts: every line of TypeScript and of `.mjs`, blank
 * lines and comments too, on both sides alike. Tests are specs, `src/testing/` and `test/`; sources are what ships from `apps/` and `libs/`.
 * Tables, samples, JSON, READMEs and generated files count on neither side.
 */
const [LEAST_TESTS, MOST_TESTS] = [0.55, 0.7] as const;

describe('the budgets of the house', () => {
  it('no file is longer than 300 lines', () =>
    expect(product().filter((path) => lines(path) > LONGEST)).toEqual([]));

  it('most files have at most 150 lines, and half have a size that can be read at once', () => {
    const sizes = product().map(lines);
    expect(atShare(sizes, 0.5)).toBeGreaterThanOrEqual(MEDIAN[0]);
    expect(atShare(sizes, 0.5)).toBeLessThanOrEqual(MEDIAN[1]);
    expect(atShare(sizes, SHARE_OF_SHORT)).toBeLessThanOrEqual(SHORT);
  });

  it('tests are a good part of all lines', () => {
    const sum = (paths: string[]) => paths.reduce((total, path) => total + lines(path), 0);
    const share = sum(tests()) / (sum(tests()) + sum(product()));
    expect(share).toBeGreaterThanOrEqual(LEAST_TESTS);
    expect(share).toBeLessThanOrEqual(MOST_TESTS);
  });

  it.each([
    ['libs/warning/src/decide.ts', 'source'],
    ['libs/warning/src/decide.spec.ts', 'test'],
    ['libs/warning/src/testing/contents.ts', 'test'],
    ['apps/channel-sms/src/link/link.int.spec.ts', 'test'],
    ['libs/runtime/bin/install.mjs', 'source'],
    ['libs/cap/bin/cap.ts', 'source'],
    ['test/bench/cap.ts', 'test'],
    ['test/support/main-job.mjs', 'test'],
    ['libs/wording/src/words/plain-words.ts', 'neither'],
    ['libs/contracts/src/samples/WarningIssued.json', 'neither'],
    ['apps/incident-command/openapi.json', 'neither'],
    ['docker/compose.yaml', 'neither'],
    ['libs/practice/src/protesting/x.ts', 'source'],
  ])('%s counts as %s', (path, as) => {
    const isCode = /\.(ts|mjs)$/.test(path) && !isTable(path);
    expect(!isCode ? 'neither' : isTest(path) ? 'test' : 'source').toBe(as);
  });

  it('no line is counted twice, and none of the code is left out', () => {
    const both = new Set([...product(), ...tests()]);
    expect(both.size).toBe(product().length + tests().length);
    const code = tracked().filter((path) => /^(apps|libs|test)\/.*\.(ts|mjs)$/.test(path) && !isTable(path));
    expect(code.filter((path) => !both.has(path))).toEqual([]);
  });

  it('a constructor takes at most four parameters', () => {
    const greedy = product().filter((path) =>
      constructorsOf(textOf(path)).some((count) => count > MOST_PARAMETERS),
    );
    expect(greedy).toEqual([]);
  });

  it('every app and every lib says in a README what it promises', () => {
    const rooms = new Set(tracked().flatMap((path) => /^(?:apps|libs)\/[^/]+(?=\/)/.exec(path)?.[0] ?? []));
    const files = new Set(tracked());
    expect([...rooms].filter((room) => !files.has(`${room}/README.md`))).toEqual([]);
  });
});
