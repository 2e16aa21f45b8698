import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { momentOf, STEPS } from './moment.js';

const seeds = fc.string({ minLength: 1, maxLength: 20 });

describe('the moments of a kill', () => {
  it('try every step of a warning’s life in any three in a row, whatever the seed', () =>
    fc.assert(
      fc.property(seeds, fc.nat(50), (seed, from) => {
        const three = [0, 1, 2].map((n) => momentOf(seed, from + n).step);
        expect(new Set(three)).toEqual(new Set(STEPS));
      }),
    ));

  it('are the same again with the same seed', () =>
    fc.assert(
      fc.property(seeds, fc.nat(50), (seed, n) => expect(momentOf(seed, n)).toEqual(momentOf(seed, n))),
    ));

  it('begin at once after the answer, and never wait for everything', () =>
    fc.assert(
      fc.property(seeds, fc.integer({ min: 1, max: 50 }), (seed, n) => {
        expect(momentOf(seed, 0).share).toBe(0);
        expect(momentOf(seed, n).share).toBeGreaterThanOrEqual(0);
        expect(momentOf(seed, n).share).toBeLessThanOrEqual(0.95);
      }),
    ));

  it('do not all end a warning in one way, nor begin with one step', () => {
    const many = Array.from({ length: 50 }, (_, n) => momentOf(`seed ${n}`, 0));
    expect(new Set(many.map(({ ending }) => ending)).size).toBe(2);
    expect(new Set(many.map(({ step }) => step)).size).toBe(3);
  });
});
