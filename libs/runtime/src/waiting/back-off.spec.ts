import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { BackOff, sleep } from '#runtime';

const within = (ms: number, whole: number) => ms >= Math.floor(whole * 0.75) && ms <= Math.ceil(whole * 1.25);

describe('growing pauses', () => {
  it('stay between three quarters of the shortest and five quarters of the longest, however often it fails', () =>
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1_000 }),
        fc.integer({ min: 1, max: 100_000 }),
        fc.integer({ min: 1, max: 200 }),
        (shortest, more, times) => {
          const longest = shortest + more;
          const pauses = new BackOff(shortest, longest);
          for (let n = 0; n < times; n += 1) {
            const whole = Math.min(longest, shortest * 2 ** n);
            if (!within(pauses.next(), whole)) return false;
          }
          return pauses.attempts === times;
        },
      ),
      { seed: 20261121 },
    ));

  it('never become nothing, or longer than a timer can be, after a weekend of failures', () => {
    const pauses = new BackOff(100, 5_000);
    for (let n = 0; n < 5_000; n += 1) pauses.next();
    const pause = pauses.next();
    expect(Number.isFinite(pause)).toBe(true);
    expect(within(pause, 5_000)).toBe(true);
  });

  it('differ between replicas, so that they do not come back all at once', () => {
    const pauses = Array.from({ length: 50 }, () => new BackOff(10_000, 10_000).next());
    expect(new Set(pauses).size).toBeGreaterThan(25);
  });

  it('begin with the shortest again after a success', () => {
    const pauses = new BackOff(100, 60_000);
    for (let n = 0; n < 10; n += 1) pauses.next();
    pauses.reset();
    expect(pauses.attempts).toBe(0);
    expect(within(pauses.next(), 100)).toBe(true);
  });

  it('count a wait as one failure', async () => {
    const pauses = new BackOff(1, 1);
    await pauses.wait();
    await pauses.wait();
    expect(pauses.attempts).toBe(2);
  });
});

describe('a sleep', () => {
  it('lasts as long as it is told', async () => {
    const began = performance.now();
    await sleep(30);
    expect(performance.now() - began).toBeGreaterThanOrEqual(29);
  });

  it('that is given up ends without an error, and leaves no listener behind', async () => {
    const stop = new AbortController();
    const sleeping = Promise.all([sleep(60_000, stop.signal), sleep(60_000, stop.signal)]);
    stop.abort();
    await expect(sleeping).resolves.toEqual([undefined, undefined]);
  });
});
