import { describe, expect, it } from '@jest/globals';
import { Problem } from '#runtime';
import { flood } from '#warning/testing';
import { checkDepth } from './depth.js';

/** A value that lies so many levels deep, in lists and objects by turns. */
function nested(levels: number, inner: unknown = 1): unknown {
  let value = inner;
  for (let level = 0; level < levels; level += 1) value = level % 2 === 0 ? [value] : { value };
  return value;
}

function codeOf(body: unknown): string {
  try {
    checkDepth(body);
    return 'taken';
  } catch (error) {
    if (error instanceof Problem) return error.code;
    throw error;
  }
}

describe('how deep a body may be', () => {
  it.each<[string, unknown]>([
    ['nothing', undefined],
    ['null', null],
    ['a word', 'flood'],
    ['an empty object', {}],
    ['a whole warning', { incidentId: 'inc_1', content: flood }],
    ['as many levels as there may be', nested(32)],
    ['ten thousand corners side by side', Array.from({ length: 10_000 }, (_, n) => [n, n])],
  ])('%s is taken', (_, body) => expect(codeOf(body)).toBe('taken'));

  it.each<[string, unknown]>([
    ['one level more', nested(33)],
    ['a hundred thousand levels, which would overflow whatever goes down by recursion', nested(100_000)],
    ['one deep corner of a wide body', { a: 1, b: [1, 2, { c: nested(31) }], d: [] }],
  ])('%s is not', (_, body) => expect(codeOf(body)).toBe('too-deep'));
});
