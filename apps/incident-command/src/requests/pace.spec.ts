import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Problem } from '#runtime';
import { Pace } from './pace.js';

/** A pace whose clock a test moves; `asks` says whether a request is let through, or after how many ms to come again. */
function paced(atOnce: number, perSecond: number) {
  let now = 0;
  const pace = new Pace({ atOnce, perSecond }, () => now);
  return {
    wait: (ms: number) => (now += ms),
    asks: (holder = 'brigade', weight?: number): 'let through' | number => {
      try {
        pace.take(holder, weight);
        return 'let through';
      } catch (error) {
        if (error instanceof Problem && error.status === 429) return Number(error.extra['retryAfterMs']);
        throw error;
      }
    },
  };
}

describe('the pace of an agency', () => {
  it('lets so many through at once, and then says when to come again', () => {
    const { asks } = paced(3, 2);
    expect([asks(), asks(), asks(), asks()]).toEqual(['let through', 'let through', 'let through', 500]);
  });
  it('lets one through again after the time that it named, and not a moment before', () => {
    const { asks, wait } = paced(1, 2);
    asks();
    wait(499);
    expect(asks()).toBe(1);
    wait(1);
    expect(asks()).toBe('let through');
  });
  it('counts a heavy one for as many, and says when there is room for it', () => {
    const { asks, wait } = paced(10, 2);
    expect([asks('brigade', 7), asks('brigade', 4), asks('brigade', 3)]).toEqual([
      'let through',
      500,
      'let through',
    ]);
    wait(1_999);
    expect(asks('brigade', 4)).toBe(1);
    wait(1);
    expect(asks('brigade', 4)).toBe('let through');
  });
  it('of one agency is no other’s', () => {
    const { asks } = paced(1, 1);
    asks('brigade');
    expect([asks('brigade'), asks('council')]).toEqual([1_000, 'let through']);
  });
  it('never saves up more than it lets through at once', () => {
    const { asks, wait } = paced(2, 10);
    wait(3_600_000);
    expect([asks(), asks(), asks()]).toEqual(['let through', 'let through', 100]);
  });
  it('takes no more memory than ten thousand holders need', () => {
    const { asks } = paced(1, 1);
    for (let n = 0; n < 25_000; n += 1) expect(asks(`agency ${n}`)).toBe('let through');
  });
  it('lets through at the most what it says, however the requests come', () =>
    fc.assert(
      fc.property(fc.array(fc.nat(400), { maxLength: 200 }), (waits) => {
        const { asks, wait } = paced(5, 4);
        const total = waits.reduce((a, b) => a + b, 0);
        let through = 0;
        for (const ms of waits) {
          wait(ms);
          if (asks() === 'let through') through += 1;
        }
        expect(through).toBeLessThanOrEqual(5 + (total / 1_000) * 4);
      }),
      { numRuns: 100, seed: 20261121 },
    ));
});
