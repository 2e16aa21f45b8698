import { describe, expect, it } from '@jest/globals';
import { product, tests, textOf, tracked } from './house.js';
import { FORBIDDEN } from './rules.js';

const prose = () => tracked().filter((path) => /\.(ts|mjs|cjs|json|ya?ml|md|sh)$|^\.ci\//.test(path));
const ours = () =>
  prose().filter((path) => path !== 'package-lock.json' && !path.startsWith('test/architecture/'));

type Rule = keyof typeof FORBIDDEN;

/** Tests whose data come from the machine's clock, each with what leaves it no choice. One that needs it no longer fails, until it is taken out. */
const BY_THE_CLOCK = new Map([
  ['libs/channel/src/chunks/arming.int.spec.ts', 'a gate is held against the database’s clock'],
  [
    'libs/channel/src/chunks/delivery-store.int.spec.ts',
    'when a row is due again is counted by the database’s clock',
  ],
  ['libs/channel/src/posting/post-store.int.spec.ts', 'the same, for posts'],
  [
    'libs/channel/src/testing/list-world.ts',
    'the same, for whole services: its clock is the machine’s, moved by hand',
  ],
  [
    'libs/channel/src/testing/adapter-contract.ts',
    'platforms stamp posts and ends of limits with the machine’s time',
  ],
  ['libs/runtime/bin/prepare.int.spec.ts', 'a build is newer than files that the machine has stamped'],
  ['test/support/main-job.mjs', 'it measures how long people wait'],
]);

/** Files that break a rule, with the first place. The rules' own snippets are not held against them. */
function breaking(paths: string[], rule: Rule): string[] {
  return paths
    .filter((path) => !path.startsWith('test/architecture/'))
    .flatMap((path) => {
      const found = FORBIDDEN[rule](textOf(path));
      return found === undefined ? [] : [`${path}: ${found}`];
    });
}

/** Files in which `pattern` stands, with the first place. */
function standing(paths: string[], pattern: RegExp): string[] {
  return paths.flatMap((path) => {
    const found = pattern.exec(textOf(path));
    return found === null ? [] : [`${path}: ${found[0]}`];
  });
}

describe('what must not stand in the house', () => {
  const everywhere = ['a path of a machine', 'a host of a package registry'] as const;
  it.each(everywhere)('%s', (rule) => expect(breaking(ours(), rule)).toEqual([]));

  /** Rules for one kind of file. Every other rule is held against all code, whoever adds it. */
  const OF_ITS_OWN: readonly Rule[] = [
    ...everywhere,
    'a mock that is asserted and nothing else',
    'chance, or the clock as data',
    'a bus in memory',
  ];
  const inCode = (Object.keys(FORBIDDEN) as Rule[]).filter((rule) => !OF_ITS_OWN.includes(rule));
  it.each(inCode)('%s', (rule) => expect(breaking([...product(), ...tests()], rule)).toEqual([]));

  it('a test that only asserts that something was called', () =>
    expect(breaking(tests(), 'a mock that is asserted and nothing else')).toEqual([]));

  it('something that must not be lost on a bus in memory', () =>
    expect(breaking(product(), 'a bus in memory')).toEqual([]));

  it('no test that is left out without a loud line, or that keeps the others from running', () => {
    const specs = tests().filter((path) => path !== 'test/architecture/hygiene.spec.ts');
    expect(standing(specs, /^\s*(it|test|describe)\.(only|todo)\(/m)).toEqual([]);
    const quiet = specs.filter((path) => !/console\.(warn|error)/.test(textOf(path)));
    expect(standing(quiet, /^\s*(it|test|describe)\.skip\(/m)).toEqual([]);
  });

  it('chance, or the clock as data of a test that says no reason for it', () => {
    const specs = tests().filter((path) => !/^test\/(end-to-end|faults|bench)\//.test(path)); // whole houses run on the machine's clock
    const found = breaking(specs, 'chance, or the clock as data').map((one) => one.split(': ')[0] ?? '');
    expect(found.toSorted()).toEqual([...BY_THE_CLOCK.keys()].toSorted());
  });

  it('nothing but runtime’s reader looks at the environment', () => {
    // PostgreSQL’s server and command-line programs hand the environment on to what they start, and read nothing from it.
    const handsOn = /^libs\/postgres\/src\/(embedded|server)\/|^(libs|apps)\/[^/]+\/bin\//;
    const readers = product().filter((path) => !path.startsWith('libs/runtime/') && !handsOn.test(path));
    expect(standing(readers, /process\.env/)).toEqual([]);
  });

  it('nothing on the top level but what the README draws', () => {
    const top = new Set(tracked().map((path) => path.split('/')[0] ?? ''));
    const visible = [...top].filter((name) => !name.startsWith('.')).sort();
    expect(visible).toEqual(
      [
        'LICENSE',
        'README.md',
        'apps',
        'docker',
        'libs',
        'nest-cli.json',
        'package-lock.json',
        'package.json',
        'test',
        'tsconfig.build.json',
        'tsconfig.json',
      ].sort(),
    );
  });
});
