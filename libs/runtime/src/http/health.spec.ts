import { describe, expect, it } from '@jest/globals';
import { HealthRegistry, sleep } from '#runtime';

describe('readiness', () => {
  it('of a process that needs nothing is given', async () =>
    expect(await new HealthRegistry().readiness()).toEqual({ ready: true, checks: {} }));

  it.each([
    ['an error', () => Promise.reject(new Error('connect ECONNREFUSED')), 'connect ECONNREFUSED'],
    ['a throw', () => void JSON.parse('{'), expect.stringContaining('JSON')],
    ['a text', () => Promise.reject<void>('no broker' as unknown as Error), 'no broker'],
  ])('tells the reason, whether it comes as %s or not', async (_, check, said) => {
    const health = new HealthRegistry();
    health.add('stream', check);
    health.add('database', () => {});
    expect(await health.readiness()).toEqual({ ready: false, checks: { stream: said, database: 'ok' } });
  });

  it('asks all at once: three slow checks take as long as one', async () => {
    const health = new HealthRegistry();
    let [asked, ended] = [0, 0];
    const slow = async () => {
      asked += 1;
      await sleep(200);
      if (ended === 0) expect(asked).toBe(3);
      ended += 1;
    };
    for (const name of ['a', 'b', 'c']) health.add(name, slow);
    expect(await health.readiness()).toMatchObject({ ready: true });
    expect(ended).toBe(3);
  });

  it('of one hanging part names that part alone, and takes a second', async () => {
    const health = new HealthRegistry();
    health.add('database', () => new Promise(() => {}));
    health.add('stream', () => {});
    const began = performance.now();
    expect((await health.readiness()).checks).toEqual({ database: 'no answer within 1000 ms', stream: 'ok' });
    expect(performance.now() - began).toBeLessThan(20_000);
  });

  it('comes back by itself', async () => {
    const health = new HealthRegistry();
    let isAway = true;
    health.add('database', () => (isAway ? Promise.reject(new Error('away')) : Promise.resolve()));
    expect((await health.readiness()).ready).toBe(false);
    isAway = false;
    expect((await health.readiness()).ready).toBe(true);
  });

  it('never comes back once the process stops', async () => {
    const health = new HealthRegistry();
    health.stopping();
    health.add('database', () => {});
    expect(await health.readiness()).toEqual({
      ready: false,
      checks: { database: 'ok', process: 'is stopping' },
    });
  });
});
