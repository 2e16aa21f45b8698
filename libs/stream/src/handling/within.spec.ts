import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { CLOSE_GRACE_MS, within } from './within.js';

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

const takes = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const never = new Promise<void>(() => undefined);

describe('work that is waited for', () => {
  it.each([
    [0, 10, 'ended'],
    [9, 10, 'ended'],
    [11, 10, 'late'],
    [CLOSE_GRACE_MS + 1, CLOSE_GRACE_MS, 'late'],
  ])('takes %i ms of %i and has %s', async (takesMs, mostMs, how) => {
    const waited = within(takes(takesMs), mostMs);
    await jest.advanceTimersByTimeAsync(Math.min(takesMs, mostMs));
    expect(await waited).toBe(how);
  });

  it('has ended when it failed: whoever waits only wants to know that it is over', async () =>
    expect(await within(Promise.reject(new Error('no database')), 10)).toBe('ended'));

  it('is waited for without end where that is asked for', async () => {
    let how = 'waiting';
    void within(takes(3_600_000), Infinity).then((end) => (how = end));
    await jest.advanceTimersByTimeAsync(3_599_999);
    expect(how).toBe('waiting');
    await jest.advanceTimersByTimeAsync(1);
    expect(how).toBe('ended');
  });

  it('leaves no timer behind that would keep the process', async () => {
    await within(Promise.resolve(), 60_000);
    expect(jest.getTimerCount()).toBe(0);
    const late = within(never, 5);
    await jest.advanceTimersByTimeAsync(5);
    expect(await late).toBe('late');
    expect(jest.getTimerCount()).toBe(0);
  });

  it('has less grace than a process has for its whole stop', () =>
    expect(CLOSE_GRACE_MS).toBeLessThan(3_000));
});
