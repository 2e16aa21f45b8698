import { getEventListeners } from 'node:events';
import { describe, expect, it } from '@jest/globals';
import { unlessStopped } from '#runtime';

const never = new Promise<string>(() => {});

describe('a step of a start', () => {
  it('is waited for, and gives what it gives', async () => {
    const stop = new AbortController();
    expect(await unlessStopped(Promise.resolve('joined'), stop.signal)).toBe('joined');
    const failing = unlessStopped(Promise.reject(new Error('no broker answers')), stop.signal);
    await expect(failing).rejects.toThrow('no broker answers');
  });

  it('is left when the process stops', async () => {
    const stop = new AbortController();
    const waiting = unlessStopped(never, stop.signal);
    stop.abort();
    expect(await waiting).toBeUndefined();
  });

  it('that is nearly done then is done, so that what it opened can be closed', async () => {
    const stop = new AbortController();
    let done: (what: string) => void = () => {};
    const waiting = unlessStopped(new Promise<string>((resolve) => (done = resolve)), stop.signal);
    stop.abort();
    done('joined');
    expect(await waiting).toBe('joined');
    expect(await unlessStopped(Promise.resolve('joined'), AbortSignal.abort())).toBe('joined');
  });

  it('is not waited for by a process that stops already', async () => {
    expect(await unlessStopped(never, AbortSignal.abort())).toBeUndefined();
  });

  it('may fail after it was left, without ending the process', async () => {
    let fail = (): void => {};
    const step = new Promise<string>((_, reject) => (fail = () => reject(new Error('too late'))));
    expect(await unlessStopped(step, AbortSignal.abort())).toBeUndefined();
    fail();
    await new Promise((resolve) => setImmediate(resolve)); // an unhandled rejection would fail this test
  });

  it('leaves no listener behind, however often it is tried again', async () => {
    const stop = new AbortController();
    for (let n = 0; n < 20; n += 1) await unlessStopped(Promise.resolve(n), stop.signal);
    await unlessStopped(Promise.reject(new Error('once more')), stop.signal).catch(() => {});
    expect(getEventListeners(stop.signal, 'abort')).toHaveLength(0);
  });
});
