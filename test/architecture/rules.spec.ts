import { describe, expect, it } from '@jest/globals';
import { atShare, codeOf, constructorsOf, FORBIDDEN } from './rules.js';

/** For every rule what breaks it, and what looks like it and is allowed. */
const SNIPPETS: Record<keyof typeof FORBIDDEN, { wrong: string[]; right: string[] }> = {
  'a hole in the types': {
    wrong: ['const a = b as any;', 'let a: any;', 'f<any>()', '// @ts-ignore', 'function f(a: any) {}'],
    right: ['// as any other', '/* cast as any */ const a = 1;', 'const many: Company = b;'],
  },
  'an enum': {
    wrong: ['enum Mode { live }', 'export const enum Mode {}'],
    right: ['z.enum(["live"])', '// enum Mode'],
  },
  'an I prefix': {
    wrong: ['interface IChannel {}', 'type ISender = 1', 'type IBox<T> = T'],
    right: ['type Instant = string', 'interface Import {}', 'import { type IQueryHandler } from'],
  },
  'a mock that is asserted and nothing else': {
    wrong: ['expect(send).toHaveBeenCalledWith(1)'],
    right: ['expect(sent).toEqual([1])'],
  },
  'a lint rule switched off without its reason': {
    wrong: ['// oxlint-disable-next-line no-console', '/* eslint-disable */'],
    right: ['// oxlint-disable-next-line no-console -- the terminal is the screen here'],
  },
  'a path of a machine': {
    wrong: [`'/home/ann/larum'`, 'see /root/x', '=/Users/bob/x'],
    right: ['https://example.org/home/page', 'dist/work/x', '`${url}/v1/incidents`'],
  },
  'a host of a package registry': {
    wrong: ['https://registry.npmjs.org/x', 'repo1.maven.org', 'repo.maven.apache.org'],
    right: ['npm install', 'maven'],
  },
  'a TODO without a date and an owner': {
    wrong: ['// TODO later', '// FIXME'],
    right: [
      '// TODO(ann, 2026-11-21) the second gateway, when it is bought',
      'todos',
      'refuses "TODO" in a text',
    ],
  },
  'a bus in memory': {
    wrong: ['constructor(bus: EventBus)', '@Saga()'],
    right: ['CommandBus', '// no EventBus'],
  },
  'a second schema language': {
    wrong: [`import { IsString } from 'class-validator';`],
    right: [`import { z } from 'zod';`],
  },
  'a synchronised schema': { wrong: ['{ synchronize: true }'], right: ['{ synchronize: false }'] },
  'chance, or the clock as data': {
    wrong: ['const id = Math.random();', 'at: toInstant(Date.now() + 1)', 'new Date()', '{ now: Date.now }'],
    right: ['new Date(1_764_000_000_000)', 'performance.now()', '// never Date.now() here', 'now: () => NOW'],
  },
  'a property that tries other cases on every run': {
    wrong: [
      ' fc.assert(fc.property(id, holds));',
      ' fc.assert(fc.property(id, holds), { numRuns: 9 });\n fc.assert(fc.property(id, holds), { seed: 1 });',
    ],
    right: [
      ' fc.assert(fc.property(id, holds), { seed: 20261121 });',
      '// fc.assert(fc.property(id, holds))',
    ],
  },
};

describe('a rule of the house', () => {
  it.each(Object.keys(FORBIDDEN) as (keyof typeof FORBIDDEN)[])(
    'can fail, and fails on nothing else: %s',
    (rule) => {
      const { wrong, right } = SNIPPETS[rule];
      expect(wrong.filter((text) => FORBIDDEN[rule](text) === undefined)).toEqual([]);
      expect(right.flatMap((text) => FORBIDDEN[rule](text) ?? [])).toEqual([]);
    },
  );

  it.each([
    ['constructor() {}', [0]],
    ['constructor(private readonly a: A) {}', [1]],
    ['constructor(a: Map<string, number>, b: (c: D, e: F) => G, { h, i }: J, k = [1, 2],) {}', [4]],
    ['constructor(\n  a: A, // first, of two\n  b: B,\n) {}', [2]],
    ['constructor(a, b, c, d, e) {}', [5]],
    ['class A { constructor(a) {} } class B { constructor(a, b) {} }', [1, 2]],
  ])('counts the parameters of %s', (text, counts) => expect(constructorsOf(text)).toEqual(counts));

  it('looks at code and not at comments, and keeps the lines where they are', () => {
    expect(codeOf('a /* b\nc */ d // e\nf')).toBe('a \n d \nf');
    expect(codeOf(`const url = 'https://example.org';`)).toBe(`const url = 'https://example.org';`);
  });

  it('knows a median and nine in ten', () => {
    const sizes = Array.from({ length: 10 }, (_, n) => (10 - n) * 10);
    expect([atShare(sizes, 0.5), atShare(sizes, 0.9), atShare([], 0.5)]).toEqual([60, 100, 0]);
  });
});
