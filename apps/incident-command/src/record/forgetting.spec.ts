import { describe, expect, it, jest } from '@jest/globals';
import type { EventRecord } from '#postgres';
import { silentLog } from '#runtime';
import { Forgetting } from './forgetting.js';

const forgettingWith = (forgetOldRequests: () => Promise<number>) =>
  new Forgetting({ forgetOldRequests } as unknown as EventRecord, { log: silentLog });

describe('the answers of old requests', () => {
  it('are let go of, and it is told how many', async () =>
    expect(await forgettingWith(async () => 12).forget()).toBe(12));

  it('stay for another hour when the database is away, and nobody is disturbed', async () => {
    const away = forgettingWith(() => Promise.reject(new Error('the database does not answer')));
    expect(await away.forget()).toBe(0);
  });

  it('are looked for every hour from the start to the end of the process', async () => {
    jest.useFakeTimers();
    try {
      let looks = 0;
      const forgetting = forgettingWith(async () => (looks += 1));
      forgetting.onApplicationBootstrap();
      expect(looks).toBe(0);
      jest.advanceTimersByTime(3 * 3_600_000);
      expect(looks).toBe(3);
      forgetting.onApplicationShutdown();
      jest.advanceTimersByTime(24 * 3_600_000);
      expect(looks).toBe(3);
    } finally {
      jest.useRealTimers();
    }
  });
});
