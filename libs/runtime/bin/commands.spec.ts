import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';

type Command = { needs: string; help: string; module?: string; script?: string[]; jest?: boolean };
const { commands } = (await import(resolve('libs/runtime/bin/commands.mjs'))) as {
  commands: Record<string, Command>;
};
const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> };
const names = Object.keys(commands);

describe('the commands of the house', () => {
  it('are the scripts of package.json, each through the one bootstrap', () => {
    expect(Object.keys(scripts).toSorted()).toEqual(names.toSorted());
    for (const [name, script] of Object.entries(scripts))
      expect(script).toBe(`node libs/runtime/bin/prepare.mjs ${name}`);
  });

  it.each(names)('%s starts something that is there', (name) => {
    const { module, script, jest, needs } = commands[name] ?? { needs: '', help: '' };
    const sources = [module?.replace(/^dist\//, '').replace(/\.js$/, '.ts'), script?.[0]].filter(
      (one) => one !== undefined,
    );
    for (const source of sources) expect([source, existsSync(source)]).toEqual([source, true]);
    expect(sources.length === 1 || jest === true || name === 'build').toBe(true);
    expect(needs).toBe(module === undefined && jest !== true && name !== 'build' ? 'install' : 'build');
  });

  it.each(names)(
    '%s is explained in plain words that fit a terminal, and begins with how it is called',
    (name) => {
      const { help = '' } = commands[name] ?? {};
      expect(help).toMatch(new RegExp(`^npm (run )?${name}\\b`));
      for (const line of help.split('\n')) expect([line, line.length <= 130]).toEqual([line, true]);
      expect(help).not.toMatch(/\t|TODO/);
    },
  );

  it.each([
    [['--help'], 'there is no command --help'],
    [['constructor'], 'there is no command constructor'],
    [['__proto__'], 'there is no command __proto__'],
    [[], 'there is no command'],
  ])('are not taken for what is none of them: %p', (args, said) => {
    const { status, stderr, stdout } = spawnSync(
      process.execPath,
      ['libs/runtime/bin/prepare.mjs', ...args],
      {
        encoding: 'utf8',
      },
    );
    expect([status, stdout]).toEqual([1, '']);
    expect(stderr).toContain(said);
    expect(stderr).toContain(names.join(', '));
  });
});

describe('the closing line of the tests', () => {
  const closing = (results: object) =>
    spawnSync(
      process.execPath,
      [
        '--input-type=module',
        '-e',
        `const { default: Line } = await import('./libs/runtime/bin/closing-line.mjs');
         new Line().onRunComplete(null, ${JSON.stringify(results)}); console.log('jest says something');`,
      ],
      { encoding: 'utf8' },
    ).stdout.split('\n');
  const all = { numPassedTests: 7, numFailedTests: 0, numRuntimeErrorTestSuites: 0, numPendingTests: 0 };

  it('is the very last one, and counts', () =>
    expect(closing(all)).toEqual(['jest says something', '7 passed, 0 failed', '']));

  it('counts a suite that could not even run as a failure', () =>
    expect(closing({ ...all, numFailedTests: 2, numRuntimeErrorTestSuites: 1 })).toContain(
      '7 passed, 3 failed',
    ));

  it('says what was skipped on a line before it', () =>
    expect(closing({ ...all, numPendingTests: 4 }).slice(1)).toEqual([
      '4 skipped',
      '7 passed, 0 failed',
      '',
    ]));
});
