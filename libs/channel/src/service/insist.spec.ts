import { describe, expect, it } from '@jest/globals';
import { silentLog } from '#runtime';
import { insist } from './insist.js';

describe('a step of a start', () => {
  it('is taken once when it works', async () => {
    let taken = 0;
    await insist('its topics', async () => void (taken += 1), new AbortController().signal, silentLog);
    expect(taken).toBe(1);
  });

  it('is tried until it works: a service that comes up before its broker needs nobody’s help', async () => {
    let tries = 0;
    const step = async (): Promise<void> => {
      tries += 1;
      if (tries < 3) throw new Error('the broker is away');
    };
    await insist('its topics', step, new AbortController().signal, silentLog);
    expect(tries).toBe(3);
  });

  it('is given up when the process is to stop, without an error', async () => {
    const stop = new AbortController();
    let tries = 0;
    const step = (): Promise<void> => {
      tries += 1;
      stop.abort();
      return Promise.reject(new Error('the broker is away'));
    };
    await insist('its topics', step, stop.signal, silentLog);
    expect(tries).toBe(1);
  });

  it('that asks a broker in vain is left when the process is to stop', async () => {
    const stop = new AbortController();
    const asking = new Promise<void>(() => {}); // the client itself would ask for ten seconds
    const starting = insist('its topics', () => asking, stop.signal, silentLog);
    stop.abort();
    await starting;
  });

  it('is not begun when the process is to stop already', async () => {
    let tries = 0;
    await insist('its topics', async () => void (tries += 1), AbortSignal.abort(), silentLog);
    expect(tries).toBe(0);
  });
});
