import { describe, expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import type { OutgoingRecord, Placed } from '../event-stream.js';
import { MOST_RECORD_BYTES, OneInFlight, type ReadyRecord } from './one-in-flight.js';

const TOPIC = 'exercise.warnings.v1';
const record = (value: string): OutgoingRecord => ({ topic: TOPIC, key: 'wrn_1', value, headers: {} });

/** A log of one partition behind a queue; `fails` decides by the number of the send. */
function logBehindQueue(fails: (send: number) => Error | undefined = () => undefined) {
  const sends: string[][] = [];
  const stored: string[] = [];
  let onTheWay = 0;
  const queue = new OneInFlight(async (records: readonly ReadyRecord[]): Promise<Placed[]> => {
    onTheWay += 1;
    expect(onTheWay).toBe(1);
    const texts = records.map(({ value }) => Buffer.from(value).toString('utf8'));
    sends.push(texts);
    await sleep(5);
    onTheWay -= 1;
    const error = fails(sends.length);
    if (error) throw error;
    return texts.map((text) => ({ topic: TOPIC, partition: 0, offset: BigInt(stored.push(text) - 1) }));
  });
  return { queue, sends, stored };
}

describe('records on their way', () => {
  it('go out one send at a time, and what came meanwhile goes together with the next', async () => {
    const { queue, sends } = logBehindQueue();
    const first = queue.publish([record('a')]);
    await sleep(1);
    const others = ['b', 'c', 'd'].map((text) => queue.publish([record(text)]));
    await Promise.all([first, ...others]);
    expect(sends).toEqual([['a'], ['b', 'c', 'd']]);
  });

  it('each publisher learns the places of its own records, in its own order', async () => {
    const { queue } = logBehindQueue();
    const [one, two] = await Promise.all([
      queue.publish([record('a'), record('b')]),
      queue.publish([record('c')]),
    ]);
    expect(one.map(({ offset }) => offset)).toEqual([0n, 1n]);
    expect(two.map(({ offset }) => offset)).toEqual([2n]);
  });

  it('of one call are split where one send would be larger than a broker takes', async () => {
    const { queue, sends, stored } = logBehindQueue();
    const large = 'x'.repeat(400_000);
    const placed = await queue.publish([record(`1${large}`), record(`2${large}`), record(`3${large}`)]);
    expect(sends.map((texts) => texts.length)).toEqual([2, 1]);
    expect(placed.map(({ offset }) => stored[Number(offset)]?.[0])).toEqual(['1', '2', '3']);
  });

  it('go by a thousand at most', async () => {
    const { queue, sends } = logBehindQueue();
    await queue.publish(Array.from({ length: 2_500 }, (_, n) => record(String(n))));
    expect(sends.map((texts) => texts.length)).toEqual([1_000, 1_000, 500]);
  });

  it('are all refused behind one that failed, so that nothing overtakes what is published again', async () => {
    const away = new Error('the broker is away');
    const { queue, stored } = logBehindQueue((send) => (send === 1 ? away : undefined));
    const first = queue.publish([record('a')]);
    await sleep(1);
    const second = queue.publish([record('b')]);
    await expect(first).rejects.toBe(away);
    await expect(second).rejects.toBe(away);
    await queue.publish([record('a'), record('b')]);
    expect(stored).toEqual(['a', 'b']);
  });

  it('are refused before they leave when they are too large, and name the topic', async () => {
    const { queue, sends } = logBehindQueue();
    await expect((async () => queue.publish([record('x'.repeat(MOST_RECORD_BYTES))]))()).rejects.toThrow(
      /a record for exercise.warnings.v1 has 900005 bytes/,
    );
    expect(sends).toEqual([]);
  });

  it('may be none', async () => {
    const { queue, sends } = logBehindQueue();
    expect(await queue.publish([])).toEqual([]);
    expect(sends).toEqual([]);
  });

  it('are waited for', async () => {
    const { queue, stored } = logBehindQueue();
    void queue.publish([record('a')]);
    await queue.idle();
    expect(stored).toEqual(['a']);
  });
});
