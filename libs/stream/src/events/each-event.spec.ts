import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Found } from '#contracts';
import { silentLog, type Log } from '#runtime';
import type { Batch, StreamMessage } from '../event-stream.js';
import { eachEvent, type EachEvent, type Read } from './each-event.js';

type Rain = { type: 'RainFell'; mm: number };

/** A message says how it is read: `12` is an event of 12 mm, `newer` and `broken` are what they say. */
const message = (text: string, n: number) =>
  ({ value: Buffer.from(text), eventId: `evt_${n}`, offset: BigInt(n) }) as unknown as StreamMessage;

function read(value: Uint8Array): Found<Rain> {
  const text = Buffer.from(value).toString();
  if (text === 'newer') return { read: 'newer', type: 'SnowFell' };
  if (text === 'broken') return { read: 'unreadable', why: 'no JSON' };
  const mm = Number(text);
  return { read: 'event', event: { type: 'RainFell', mm }, raw: { mm, unit: 'mm' } };
}

describe('each event of a batch', () => {
  let told: string[];
  let stopping: AbortController;
  let take: EachEvent<Rain>['take'];
  const go = (texts: readonly string[], log: Log = silentLog, signal?: AbortSignal) => {
    const batch: Batch = {
      messages: texts.map(message),
      done: async ({ offset }) => void told.push(`${offset} done`),
      park: async ({ offset }, why) => void told.push(`${offset} parked: ${why}`),
      beat: async () => undefined,
      signal: stopping.signal,
    };
    return eachEvent(batch, { read, take, log }, signal);
  };
  beforeEach(() => {
    told = [];
    stopping = new AbortController();
    take = async ({ event }) => void told.push(`took ${event.mm}`);
  });

  it('is taken and then done, in the order of the batch', async () => {
    await go(['3', '7']);
    expect(told).toEqual(['took 3', '0 done', 'took 7', '1 done']);
  });

  it('comes with the JSON as received and the message that brought it', async () => {
    let got: Read<Rain> | undefined;
    take = async (one) => void (got = one);
    await go(['3']);
    expect([got?.raw, got?.message.eventId]).toEqual([{ mm: 3, unit: 'mm' }, 'evt_0']);
  });

  it('is done without being taken, and told, when its type is newer than this build', async () => {
    const lines: unknown[] = [];
    await go(['newer', '3'], { ...silentLog, info: (...line: unknown[]) => void lines.push(line) } as Log);
    expect(told).toEqual(['0 done', 'took 3', '1 done']);
    expect(lines).toEqual([[{ eventId: 'evt_0', type: 'SnowFell' }, 'event skipped: newer than this build']]);
  });

  it('is parked with its reason when it cannot be read, and the rest go on', async () => {
    await go(['broken', '3']);
    expect(told).toEqual(['0 parked: no JSON', 'took 3', '1 done']);
  });

  it('is parked when its taker says that it can never work', async () => {
    take = async ({ event }) => (event.mm < 0 ? { park: 'rain does not fall upwards' } : undefined);
    await go(['-1', '2']);
    expect(told).toEqual(['0 parked: rain does not fall upwards', '1 done']);
  });

  it('has no exit when its taker throws: the stream tries again from there', async () => {
    take = async ({ event }) => {
      if (event.mm === 7) throw new Error('the database is away');
    };
    await expect(go(['3', '7', '9'])).rejects.toThrow('the database is away');
    expect(told).toEqual(['0 done']);
  });

  it('is the last one when the batch is stopped meanwhile', async () => {
    take = async () => stopping.abort();
    await go(['3', '7']);
    expect(told).toEqual(['0 done']);
  });

  it('is the last one when its reader is stopped by a signal of its own', async () => {
    const own = new AbortController();
    take = async () => own.abort();
    await go(['3', '7'], silentLog, own.signal);
    expect(told).toEqual(['0 done']);
  });
});
