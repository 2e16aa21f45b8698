import { afterEach, describe, expect, it } from '@jest/globals';
import { setTimeout as pass } from 'node:timers/promises';
import type { Database } from '#postgres';
import { silentLog } from '#runtime';
import { until } from '../../testing/consumer.js';
import { Heads } from './heads.js';

const TOPIC = 'exercise.warnings.v1';
type Head = { topic: string; partition: number; next_place: bigint };

/** What the database says when it is looked at, and a way to notify. */
function listening() {
  const table: Head[] = [];
  const faults = { query: false };
  const warned: string[] = [];
  let notify: (payload: string) => void = () => undefined;
  let listens = false;
  const db = {
    listen: (channel: string, onNotify: (payload: string) => void) => {
      expect(channel).toBe('larum_stream');
      notify = onNotify;
      listens = true;
      return () => void (listens = false);
    },
    query: async () => {
      if (faults.query) throw new Error('the database is away');
      return [...table];
    },
  } as unknown as Database;
  const heads = new Heads(db, { ...silentLog, warn: (_, sentence) => void warned.push(sentence) });
  return {
    heads,
    table,
    faults,
    warned,
    notify: (payload: string) => notify(payload),
    listens: () => listens,
  };
}
/** Whether it has resolved yet, and with what. */
function watched(promise: Promise<bigint>) {
  const seen: { reaches?: bigint } = {};
  void promise.then((reaches) => (seen.reaches = reaches));
  return seen;
}
const never = new AbortController().signal;

let open: Heads[] = [];
const start = () => {
  const one = listening();
  open.push(one.heads);
  return one;
};
afterEach(async () => {
  for (const heads of open) await heads.close();
  open = [];
});

describe('how far a partition reaches', () => {
  it('is known at once where it reaches further already', async () => {
    const { heads } = start();
    heads.reached(TOPIC, 0, 7n);
    expect(await heads.furtherThan(6n, TOPIC, 0, never)).toBe(7n);
    expect(await heads.furtherThan(-1n, TOPIC, 1, never)).toBe(0n);
  });

  it('is waited for until it is further, and a step that is not far enough wakes nobody', async () => {
    const { heads } = start();
    const seen = watched(heads.furtherThan(5n, TOPIC, 0, never));
    heads.reached(TOPIC, 0, 5n);
    await pass(1);
    expect(seen).toEqual({});
    heads.reached(TOPIC, 1, 9n); // another partition
    heads.reached('exercise.deliveries.v1', 0, 9n); // another topic
    await pass(1);
    expect(seen).toEqual({});
    heads.reached(TOPIC, 0, 6n);
    await pass(1);
    expect(seen).toEqual({ reaches: 6n });
  });

  it('wakes each who waits at its own place', async () => {
    const { heads } = start();
    const [near, far] = [
      watched(heads.furtherThan(2n, TOPIC, 0, never)),
      watched(heads.furtherThan(8n, TOPIC, 0, never)),
    ];
    heads.reached(TOPIC, 0, 4n);
    await pass(1);
    expect([near, far]).toEqual([{ reaches: 4n }, {}]);
    heads.reached(TOPIC, 0, 9n);
    await pass(1);
    expect(far).toEqual({ reaches: 9n });
  });

  it('never goes back, whatever comes late', async () => {
    const { heads, notify } = start();
    heads.reached(TOPIC, 0, 9n);
    notify(`p/0/4/${TOPIC}`);
    expect(await heads.furtherThan(0n, TOPIC, 0, never)).toBe(9n);
  });

  it('is not waited for any longer when the partition is given up', async () => {
    const { heads } = start();
    const over = new AbortController();
    const seen = watched(heads.furtherThan(5n, TOPIC, 0, over.signal));
    over.abort();
    await pass(1);
    expect(seen).toEqual({ reaches: 0n });
    expect(await heads.furtherThan(5n, TOPIC, 0, over.signal)).toBe(0n);
  });

  it.each([
    [`p/0/7/${TOPIC}`, TOPIC, 0],
    ['p/11/7/a/topic/with/strokes', 'a/topic/with/strokes', 11],
  ])('comes by the notification %s', async (payload, topic, partition) => {
    const { heads, notify } = start();
    const seen = watched(heads.furtherThan(6n, topic, partition, never));
    notify(payload);
    await pass(1);
    expect(seen).toEqual({ reaches: 7n });
  });

  it.each(['', 'x', 'p', 'p/0', 'p//7/x', 'g', 'zzz/1/2/3'])(
    'is not disturbed by the notification "%s"',
    (payload) => {
      const { notify } = start();
      expect(() => notify(payload)).not.toThrow();
    },
  );

  it('is found within half a second when the notification was lost', async () => {
    const { heads, table } = start();
    const found = heads.furtherThan(0n, TOPIC, 0, never);
    await pass(20);
    table.push({ topic: TOPIC, partition: 0, next_place: 3n });
    // Two timers and no clock: the earlier one is the earlier one on a machine that stalls as well.
    expect(await Promise.race([found, pass(900, 'too late')])).toBe(3n);
  });

  it('is looked for again and again while the database is away', async () => {
    const { heads, table, faults, warned } = start();
    await pass(1);
    faults.query = true;
    table.push({ topic: TOPIC, partition: 0, next_place: 1n });
    const seen = watched(heads.furtherThan(0n, TOPIC, 0, never));
    await until('it was missed twice', () => warned.length >= 2);
    expect(seen).toEqual({});
    faults.query = false;
    await until('it is found', () => seen.reaches === 1n);
    expect(warned[0]).toBe('the embedded stream could not be looked at');
  });

  it('is not looked for any more once it is closed, and closing does not wait for the next look', async () => {
    const { heads, faults, warned, listens } = start();
    await pass(1);
    expect(await Promise.race([heads.close(), pass(200, 'too late')])).toBeUndefined();
    expect(listens()).toBe(false);
    faults.query = true;
    await pass(600);
    expect(warned).toEqual([]);
  });
});

describe('members that come and go', () => {
  it.each([
    ['g/channel-sms', ['sms']],
    ['g/channel-email', ['email']],
    ['g/a group/with strokes', ['odd']],
    ['g/nobody', []],
    ['t', ['sms', 'email', 'odd']], // a new topic may be for anybody
    [`p/0/1/${TOPIC}`, []],
  ])('of the notification %s the groups are told that it concerns', (payload, told) => {
    const { heads, notify } = start();
    const calls: string[] = [];
    heads.onGroup('channel-sms', () => calls.push('sms'));
    heads.onGroup('channel-email', () => calls.push('email'));
    heads.onGroup('a group/with strokes', () => calls.push('odd'));
    notify(payload);
    expect(calls).toEqual(told);
  });

  it('are told no more when they have gone, and others of the group still are', () => {
    const { heads, notify } = start();
    const calls: string[] = [];
    const gone = heads.onGroup('channel-sms', () => calls.push('gone'));
    heads.onGroup('channel-sms', () => calls.push('stays'));
    gone();
    notify('g/channel-sms');
    expect(calls).toEqual(['stays']);
  });
});
