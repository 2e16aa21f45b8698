import { beforeEach, describe, expect, it } from '@jest/globals';
import { topics, type ListChannel } from '#contracts';
import { silentLog } from '#runtime';
import { flood, FakeStream, messageOf, sender, warning } from '../testing/index.js';
import type { ChunkKey } from '../record/channel-record.js';
import { ChunkConsumer } from './chunk-consumer.js';
import type { ChunkWork } from '../delivering/chunk-work.js';
import type { NotTaken } from '../chunks/chunk-store.js';

const CHANNEL: ListChannel = 'sms';
const MILD = topics('exercise').chunks(CHANNEL);
const planned = (chunk: number) => ({
  type: 'ChunkPlanned',
  incidentId: flood,
  warningId: warning(1),
  version: 1,
  act: 'issue',
  channel: CHANNEL,
  at: '2026-11-21T10:00:00.000Z',
  accountId: sender,
  chunk,
  recipients: 200,
  urgent: false,
});
const message = (offset: number, body: Record<string, unknown> | string = planned(offset)) =>
  messageOf(MILD, offset, body);

describe('what becomes of a message about a chunk', () => {
  let stream: FakeStream;
  let worked: number[];
  let work: (key: ChunkKey, stop: AbortSignal) => Promise<'worked' | NotTaken>;
  let consumer: ChunkConsumer;
  beforeEach(async () => {
    stream = new FakeStream();
    worked = [];
    work = ({ chunk }) => Promise.resolve(void worked.push(chunk)).then(() => 'worked' as const);
    const run: ChunkWork['run'] = (key, stop) => work(key, stop);
    const at = { mode: 'exercise', channel: CHANNEL, group: 'channel-sms' } as const;
    consumer = new ChunkConsumer(stream.port, { run } as ChunkWork, at, silentLog);
    await consumer.start();
  });

  it('is worked on in order, and done when the work is', async () => {
    await stream.deliver([message(0), message(1)]);
    expect(worked).toEqual([0, 1]);
    expect(stream.exits).toEqual([
      { offset: 0n, exit: 'done' },
      { offset: 1n, exit: 'done' },
    ]);
  });

  it.each(['done', 'busy'] as const)(
    'is done when its chunk is %s: who holds it, or nobody, has to',
    async (what) => {
      work = () => Promise.resolve(what);
      await stream.deliver([message(0)]);
      expect(stream.exits).toEqual([{ offset: 0n, exit: 'done' }]);
    },
  );

  it('is parked when this channel never planned that chunk', async () => {
    work = () => Promise.resolve('unheard-of');
    await stream.deliver([message(0)]);
    expect(stream.exits).toEqual([
      { offset: 0n, exit: 'parked', why: 'this channel never planned that chunk' },
    ]);
  });

  it.each<[string, Record<string, unknown> | string]>([
    ['is no JSON', '{"type":'],
    ['has no type', { chunk: 1 }],
    ['lacks its warning', { ...planned(0), warningId: undefined }],
    ['has a chunk that is no number', { ...planned(0), chunk: 'first' }],
  ])('is parked with the reason when it %s, and the next one is worked on', async (_, body) => {
    await stream.deliver([message(0, body), message(1)]);
    expect(stream.exits).toEqual([
      { offset: 0n, exit: 'parked', why: expect.stringMatching(/./) },
      { offset: 1n, exit: 'done' },
    ]);
    expect(worked).toEqual([1]);
  });

  it('is skipped by rule when its type is newer than this build', async () => {
    await stream.deliver([message(0, { type: 'ChunkMerged' })]);
    expect([stream.exits, worked]).toEqual([[{ offset: 0n, exit: 'done' }], []]);
  });

  it('stays where it is when the work fails: neither done nor parked, and nothing after it is touched', async () => {
    work = () => Promise.reject(new Error('the database is away'));
    await expect(stream.deliver([message(0), message(1)])).rejects.toThrow('the database is away');
    expect(stream.exits).toEqual([]);
  });

  it('stays where it is once the process stops', async () => {
    work = () => {
      void consumer.close();
      return Promise.resolve('worked');
    };
    await stream.deliver([message(0), message(1)]);
    expect(stream.exits).toEqual([{ offset: 0n, exit: 'done' }]);
  });

  it('stays where it is once its partition moves to another member', async () => {
    stream.stopping.abort();
    await stream.deliver([message(0)]);
    expect([stream.exits, worked]).toEqual([[], []]);
  });

  it('tells the work when to stop, for either reason', async () => {
    let stop: AbortSignal | undefined;
    work = (_, signal) => {
      stop = signal;
      return Promise.resolve('worked');
    };
    await stream.deliver([message(0)]);
    expect(stop?.aborted).toBe(false);
    await consumer.close();
    expect(stop?.aborted).toBe(true);
    expect(stream.closed).toBe(2);
  });
});

describe('the lanes of a channel', () => {
  it('are read by groups of their own, few chunks at a time, and once however often it is started', async () => {
    const stream = new FakeStream();
    const at = { mode: 'exercise', channel: CHANNEL, group: 'channel-sms' } as const;
    const consumer = new ChunkConsumer(stream.port, {} as ChunkWork, at, silentLog);
    await consumer.start();
    await consumer.start();
    expect(stream.subscribed).toEqual([
      { topics: [topics('exercise').urgentChunks(CHANNEL)], group: 'channel-sms.urgent', maxBatch: 10 },
      { topics: [MILD], group: 'channel-sms.chunks', maxBatch: 10 },
    ]);
  });
});
