import { describe, expect, it } from '@jest/globals';
import { Bell } from '#runtime';

describe('a bell', () => {
  it('wakes whoever waits', async () => {
    const bell = new Bell();
    const waiting = bell.ringsWithin(10_000);
    bell.ring();
    expect(await waiting).toBe(true);
  });
  it('that rang while nobody waited is not forgotten', async () => {
    const bell = new Bell();
    bell.ring();
    expect(await bell.ringsWithin(10_000)).toBe(true);
  });
  it('that rang before it was quiet counts no more', async () => {
    const bell = new Bell();
    bell.ring();
    bell.quiet();
    expect(await bell.ringsWithin(5)).toBe(false);
  });
  it('that nobody rings lets go after its time, and can be waited for again', async () => {
    const bell = new Bell();
    expect(await bell.ringsWithin(5)).toBe(false);
    const waiting = bell.ringsWithin(10_000);
    bell.ring();
    expect(await waiting).toBe(true);
  });
  it('may be rung after everybody has gone', async () => {
    const bell = new Bell();
    await bell.ringsWithin(1);
    expect(() => bell.ring()).not.toThrow();
  });
});
