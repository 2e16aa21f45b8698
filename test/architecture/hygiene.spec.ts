import { describe, expect, it } from '@jest/globals';
import { product, tests, textOf, tracked } from './house.js';

const prose = () => tracked().filter((path) => /\.(ts|mjs|cjs|json|ya?ml|md|sh)$|^\.ci\//.test(path));
const ours = () =>
  prose().filter((path) => path !== 'package-lock.json' && !path.startsWith('test/architecture/'));

/** Files in which `pattern` stands, with the first place. */
function standing(paths: string[], pattern: RegExp): string[] {
  return paths.flatMap((path) => {
    const found = pattern.exec(textOf(path));
    return found === null ? [] : [`${path}: ${found[0]}`];
  });
}

describe('what must not stand in the house', () => {
  it('no absolute path of a machine', () =>
    expect(standing(ours(), /(^|[\s'"`(=:])\/(work|root|home|Users)\/[\w.-]+/m)).toEqual([]));

  it('no host of a package registry', () =>
    expect(
      standing(
        tracked().filter((path) => /\.(json|ya?ml|md|ts|mjs)$|npmrc|\.ci\//.test(path)),
        /registry\.npm|repo1?\.maven|npmjs\.(org|com)\/-/,
      ),
    ).toEqual([]));

  it('no hole in the types', () =>
    expect(
      standing(
        [...product(), ...tests()].filter((path) => !path.startsWith('test/architecture/')),
        /\bas any\b|: any(?=[;,)\]=|}])|<any>|@ts-(ignore|nocheck)/,
      ),
    ).toEqual([]));

  it('no test that is left out without a loud line, or that keeps the others from running', () => {
    const specs = tests().filter((path) => path !== 'test/architecture/hygiene.spec.ts');
    expect(standing(specs, /^\s*(it|test|describe)\.(only|todo)\(/m)).toEqual([]);
    const quiet = specs.filter((path) => !/console\.(warn|error)/.test(textOf(path)));
    expect(standing(quiet, /^\s*(it|test|describe)\.skip\(/m)).toEqual([]);
  });

  it('no lint rule switched off without its reason on the line', () =>
    expect(standing(product(), /(oxlint|eslint)-disable(?!.* -- ).*/)).toEqual([]));

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
