import { describe, expect, it } from '@jest/globals';
import {
  currentTraceId,
  currentTraceparent,
  HealthRegistry,
  inTrace,
  Metrics,
  nextTraceparent,
} from '#runtime';

describe('health', () => {
  it('is ready when every check is, and names each', async () => {
    const health = new HealthRegistry();
    health.add('database', () => {});
    health.add('stream', async () => {});
    expect(await health.readiness()).toEqual({ ready: true, checks: { database: 'ok', stream: 'ok' } });
  });

  it('counts a check that hangs as failed, without waiting for it', async () => {
    const health = new HealthRegistry();
    health.add('database', () => new Promise(() => {}));
    expect(await health.readiness()).toEqual({
      ready: false,
      checks: { database: 'no answer within 1000 ms' },
    });
  });

  it('is not ready while the process stops', async () => {
    const health = new HealthRegistry();
    health.stopping();
    expect(await health.readiness()).toMatchObject({ ready: false });
  });

  it('knows each name once', () => {
    const health = new HealthRegistry();
    const remove = health.add('database', () => {});
    expect(() => health.add('database', () => {})).toThrow('already');
    remove();
    expect(() => health.add('database', () => {})).not.toThrow();
  });
});

describe('figures', () => {
  it('are shared by name among the apps of one process, and readable as text', async () => {
    const metrics = new Metrics();
    metrics.counter('larum_sent_total', 'Sends that left', ['channel']).inc({ channel: 'sms' }, 2);
    metrics.counter('larum_sent_total', 'Sends that left', ['channel']).inc({ channel: 'sms' });
    metrics.histogram('larum_send_seconds', 'From plan to send').observe(0.02);
    let lag = 1;
    metrics.gauge('larum_relay_lag', 'Events not yet relayed', [], () => lag);
    lag = 7;
    const text = await metrics.text();
    expect(text).toContain('larum_sent_total{channel="sms"} 3');
    expect(text).toContain('larum_send_seconds_bucket{le="0.025"} 1');
    expect(text).toContain('larum_relay_lag 7');
  });

  it('of several parts of one process are told apart, each read when it is asked for', async () => {
    const metrics = new Metrics();
    let behind = 3;
    metrics.reading('larum_behind', 'Events behind', { record: 'one' }, () => behind);
    metrics.reading('larum_behind', 'Events behind', { record: 'other' }, async () => 0);
    expect(await metrics.text()).toContain('larum_behind{record="one"} 3');
    behind = 5;
    const text = await metrics.text();
    expect(text).toContain('larum_behind{record="one"} 5');
    expect(text).toContain('larum_behind{record="other"} 0');
  });

  it('that cannot be read, or not in time, are left out and hide no others', async () => {
    const metrics = new Metrics();
    const readings: Record<string, () => number | Promise<number>> = {
      well: () => 1,
      away: () => Promise.reject(new Error('the database is away')),
      slow: () => new Promise<number>(() => {}),
    };
    for (const [record, read] of Object.entries(readings))
      metrics.reading('larum_behind', 'Behind', { record }, read);
    const lines = (await metrics.text()).split('\n').filter((line) => line.startsWith('larum_behind{'));
    expect(lines).toEqual(['larum_behind{record="well"} 1']);
  });
});

describe('a trace', () => {
  const given = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

  it('goes on with a hop of our own', () => {
    const next = nextTraceparent(given);
    expect(next).toMatch(/^00-0af7651916cd43dd8448eb211c80319c-[0-9a-f]{16}-01$/);
    expect(next).not.toBe(given);
  });

  it.each([
    ['nothing', undefined],
    ['nonsense', 'nonsense'],
    ['an id of zeros', `00-${'0'.repeat(32)}-b7ad6b7169203331-01`],
    ['a line break', `${given}\r\nx: y`],
  ])('begins anew after %s', (_, wrong) => {
    const next = nextTraceparent(wrong);
    expect(next).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/);
    expect(next).not.toContain('0af7651916cd43dd8448eb211c80319c');
  });

  it('is known to everything that the work sets off, and to nothing else', async () => {
    await inTrace(given, async () => {
      await Promise.resolve();
      expect(currentTraceparent()).toBe(given);
      expect(currentTraceId()).toBe('0af7651916cd43dd8448eb211c80319c');
    });
    expect(currentTraceparent()).toBeNull();
  });
});
