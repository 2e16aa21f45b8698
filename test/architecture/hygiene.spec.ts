import { describe, expect, it } from '@jest/globals';
import { product, tests, textOf, tracked } from './house.js';
import { FORBIDDEN } from './rules.js';

const prose = () => tracked().filter((path) => /\.(ts|mjs|cjs|json|ya?ml|md|sh)$|^\.ci\//.test(path));
const ours = () =>
  prose().filter((path) => path !== 'package-lock.json' && !path.startsWith('test/architecture/'));

/** Files that break a rule, with the first place. The rules' own snippets are not held against them. */
function breaking(paths: string[], rule: keyof typeof FORBIDDEN): string[] {
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

  const inCode = [
    'a hole in the types',
    'an enum',
    'an I prefix',
    'a TODO without a date and an owner',
    'a lint rule switched off without its reason',
    'a second schema language',
    'a synchronised schema',
  ] as const;
  it.each(inCode)('%s', (rule) => expect(breaking([...product(), ...tests()], rule)).toEqual([]));

  it('a test that only asserts that something was called', () =>
    expect(breaking(tests(), 'a mock that is asserted and nothing else')).toEqual([]));

  it('no test that is left out without a loud line, or that keeps the others from running', () => {
    const specs = tests().filter((path) => path !== 'test/architecture/hygiene.spec.ts');
    expect(standing(specs, /^\s*(it|test|describe)\.(only|todo)\(/m)).toEqual([]);
    const quiet = specs.filter((path) => !/console\.(warn|error)/.test(textOf(path)));
    expect(standing(quiet, /^\s*(it|test|describe)\.skip\(/m)).toEqual([]);
  });

  it('no chance and no clock as data in a test', () =>
    expect(
      standing(
        tests().filter((path) => /^(libs\/(contracts|warning|wording|cap)|apps\/incident-log)\//.test(path)),
        /Math\.random\(\)|new Date\(\)|Date\.now\(\)/,
      ),
    ).toEqual([]));

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
