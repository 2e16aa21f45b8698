import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { TokenBucket } from './token-bucket.js';

function paced(perSecond: number) {
  let now = 0;
  const bucket = new TokenBucket(perSecond, () => now);
  const takeFor = (ms: number) => {
    let taken = 0;
    for (const end = now + ms; now < end; now += 1) while (bucket.take()) taken += 1;
    return taken;
  };
  return { bucket, takeFor, after: (ms: number) => (now += ms) };
}

describe('the pace of a gateway', () => {
  it('never gives more in any time than its budget and one small burst', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 500 }),
        fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1, maxLength: 20 }),
        (perSecond, rests) => {
          const { takeFor, after } = paced(perSecond);
          for (const rest of rests) {
            after(rest);
            expect(takeFor(200)).toBeLessThanOrEqual(perSecond * 0.2 + Math.max(1, perSecond / 10) + 1);
          }
        },
      ),
      { seed: 20261121 },
    );
  });

  it('gives its whole budget over ten seconds', () => {
    expect(paced(50).takeFor(10_000)).toBeGreaterThanOrEqual(495);
  });

  it('halves when the gateway says "too fast", and grows back slowly', () => {
    const { bucket, after } = paced(100);
    bucket.slowDown();
    expect(bucket.perSecond).toBe(50);
    after(5_000);
    expect(bucket.perSecond).toBeCloseTo(75);
    after(60_000);
    expect(bucket.perSecond).toBe(100);
  });

  it('takes a whole window of "too fast" as one slowing', () => {
    const { bucket } = paced(100);
    for (let n = 0; n < 10; n += 1) bucket.slowDown();
    expect(bucket.perSecond).toBe(50);
  });

  it('never falls below one part a second, so that the last people are still reached', () => {
    const { bucket, after } = paced(2);
    for (let n = 0; n < 10; n += 1) {
      bucket.slowDown();
      after(1_000);
    }
    expect(bucket.perSecond).toBeGreaterThanOrEqual(1);
    after(1_000);
    expect(bucket.take()).toBe(true);
  });

  it('says how long to wait', () => {
    const { bucket, after } = paced(10);
    expect(bucket.take()).toBe(true);
    expect(bucket.take()).toBe(false);
    expect(bucket.waitMs()).toBe(100);
    after(100);
    expect(bucket.take()).toBe(true);
  });
});
