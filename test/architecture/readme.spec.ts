import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { blocksOf, readmes, scriptsNamed, sessionsOf } from '../support/readme/blocks.js';
import { NOT_RUN, OWN_SPEC } from '../support/readme/not-run.js';
import { RUN_HERE } from '../support/readme/run-here.js';
import { lines, textOf, tracked } from './house.js';

const pages = readmes();
const blocks = pages.flatMap((file) => blocksOf(file));
const sessions = blocks.flatMap(sessionsOf);
const at = ({ file, line }: { file: string; line: number }) => `${file}:${line}`;

/** Lines are broken as the room allows, and prettier takes a comma away with the last line of a list. */
const squeezed = (text: string): string => text.replaceAll(/\s+/g, '').replaceAll(/,(?=[)}\]])/g, '');

describe('the pages of the house', () => {
  it('say of every block what it is, so that it can be tried', () => {
    const known = new Set(['ts', 'json', 'sh', 'console', 'text']);
    expect(blocks.filter(({ language }) => !known.has(language)).map(at)).toEqual([]);
  });

  it('show no code that is not a part of a test, word for word', () => {
    const specs = tracked().filter((path) => path.endsWith('.spec.ts'));
    const tested = specs.map((path) => squeezed(textOf(path)));
    const shown = blocks.filter(({ language }) => language === 'ts');
    const untested = shown.filter(({ text }) => !tested.some((spec) => spec.includes(squeezed(text))));
    expect(untested.map(at)).toEqual([]);
    expect(shown.length).toBeGreaterThan(10);
  });

  it('show no JSON that cannot be read', () => {
    for (const { text } of blocks.filter(({ language }) => language === 'json'))
      expect(() => JSON.parse(text) as unknown).not.toThrow();
  });

  it('show no command that nobody runs, unless the reason stands on the list', () => {
    const isKnown = ({ file, command }: { file: string; command: string }) =>
      file in OWN_SPEC ||
      (RUN_HERE[file] ?? []).includes(command) ||
      NOT_RUN.some((one) => one.file === file && one.command.test(command));
    expect(sessions.filter((one) => !isKnown(one)).map((one) => `${at(one)}: ${one.command}`)).toEqual([]);
  });

  it('keep no reason and no promise for a command that is gone', () => {
    const gone = NOT_RUN.filter(
      ({ file, command }) => !sessions.some((one) => one.file === file && command.test(one.command)),
    );
    expect(gone.map(({ file }) => file)).toEqual([]);
    const unshown = Object.entries(RUN_HERE).flatMap(([file, commands]) =>
      commands.filter((command) => !sessions.some((one) => one.file === file && one.command === command)),
    );
    expect(unshown).toEqual([]);
    for (const [page, spec] of Object.entries(OWN_SPEC)) {
      expect(existsSync(page)).toBe(true);
      expect(textOf(spec)).toContain('README.md');
    }
  });

  it('name no npm script that does not exist, and the first page names each that people run', () => {
    const { scripts } = JSON.parse(textOf('package.json')) as { scripts: Record<string, string> };
    const wrong = pages.flatMap((file) =>
      scriptsNamed(textOf(file)).flatMap((name) => (name in scripts ? [] : [`${file}: ${name}`])),
    );
    expect(wrong).toEqual([]);
    const named = new Set(pages.flatMap((file) => scriptsNamed(textOf(file))));
    expect(Object.keys(scripts).filter((name) => !named.has(name) && name !== 'build')).toEqual([]);
  });

  it('have no link that leads nowhere', () => {
    const broken = pages.flatMap((file) =>
      [...textOf(file).matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)[^)]*\)/g)]
        .map(([, target = '']) => join(dirname(file), target))
        .filter((target) => !existsSync(target))
        .map((target) => `${file} → ${target}`),
    );
    expect(broken).toEqual([]);
  });

  it('of the whole house fits on 150 lines', () => expect(lines('README.md')).toBeLessThanOrEqual(150));
});
