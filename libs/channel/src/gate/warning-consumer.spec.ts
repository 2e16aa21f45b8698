import { beforeEach, describe, expect, it } from '@jest/globals';
import { topics } from '#contracts';
import { silentLog, sleep } from '#runtime';
import { cancelled, FakeStream, messageOf, warning } from '../testing/index.js';
import type { Intake } from './intake.js';
import { WarningConsumer } from './warning-consumer.js';

const TOPIC = topics('exercise').warnings;
const cancel = (number: number): Record<string, unknown> =>
  cancelled({ warningId: warning(number), at: '2026-11-21T10:00:00.000Z' as never });
const message = (offset: number, body: Record<string, unknown> | string = cancel(offset)) =>
  messageOf(TOPIC, offset, body);

let stream: FakeStream;
let taken: { warningId: string; eventId: string; raw: Readonly<Record<string, unknown>> }[];
let take: () => Promise<void>;
let consumer: WarningConsumer;
beforeEach(() => {
  stream = new FakeStream();
  taken = [];
  take = () => Promise.resolve();
  const intake: Pick<Intake, 'take'> = {
    take: (event, raw, eventId) => {
      taken.push({ warningId: event.warningId, eventId, raw });
      return take();
    },
  };
  const at = { mode: 'exercise', group: 'channel-sms' } as const;
  consumer = new WarningConsumer(stream.port, intake as Intake, at, silentLog);
});

describe('a message about a warning', () => {
  beforeEach(() => consumer.start(new AbortController().signal));

  it('is taken with its bytes as they came and the id that repeats are known by, and then done', async () => {
    const body = { ...cancel(1), aFieldOfTomorrow: { kept: true } };
    await stream.deliver([message(1, body)]);
    expect(taken).toEqual([{ warningId: warning(1), eventId: 'event 1', raw: body }]);
    expect(stream.exits).toEqual([{ offset: 1n, exit: 'done' }]);
  });

  it.each<[string, Record<string, unknown> | string]>([
    ['no JSON', 'WarningIssued!'],
    ['no warning', { type: 'WarningCancelled', reason: 'false alarm' }],
    ['a version that is none', { ...cancel(1), version: 0 }],
  ])('that is %s is parked with the reason, and the next one is taken', async (_, body) => {
    await stream.deliver([message(0, body), message(1)]);
    expect(stream.exits).toEqual([
      { offset: 0n, exit: 'parked', why: expect.stringMatching(/./) },
      { offset: 1n, exit: 'done' },
    ]);
    expect(taken).toHaveLength(1);
  });

  it('of a type that is newer than this build is skipped by rule', async () => {
    await stream.deliver([message(0, { type: 'WarningTranslated', warningId: warning(1) })]);
    expect([stream.exits, taken]).toEqual([[{ offset: 0n, exit: 'done' }], []]);
  });

  it('whose taking fails is neither done nor parked: it comes again', async () => {
    take = () => Promise.reject(new Error('the database is away'));
    await expect(stream.deliver([message(0), message(1)])).rejects.toThrow('the database is away');
    expect(stream.exits).toEqual([]);
    expect(taken).toHaveLength(1);
  });

  it('is left alone once the partition moves to another member', async () => {
    stream.stopping.abort();
    await stream.deliver([message(0)]);
    expect([stream.exits, taken]).toEqual([[], []]);
  });
});

describe('a channel that starts', () => {
  const hasStarted = async (starting: Promise<void>): Promise<boolean> =>
    Promise.race([starting.then(() => true), sleep(80).then(() => false)]);

  it('may send at once when no warning was ever issued', async () => {
    stream.ends = new Map([
      [0, 0n],
      [1, 0n],
    ]);
    expect(await hasStarted(consumer.start(new AbortController().signal))).toBe(true);
  });

  it('may send only when it has handled what stood in every partition when it began, and not what came since', async () => {
    stream.ends = new Map([
      [0, 7n],
      [1, 2n],
    ]);
    const starting = consumer.start(new AbortController().signal);
    expect(await hasStarted(starting)).toBe(false); // it was away for an hour, and has read nothing yet
    stream.ends = new Map([[0, 900n]]);
    stream.commits = new Map([[0, 7n]]);
    expect(await hasStarted(starting)).toBe(false); // one partition is missing
    stream.commits = new Map([
      [0, 6n],
      [1, 2n],
    ]);
    expect(await hasStarted(starting)).toBe(false); // one event is
    stream.commits = new Map([
      [0, 7n],
      [1, 2n],
    ]);
    expect(await hasStarted(starting)).toBe(true);
  });

  it('gives up waiting when it is told to stop, and leaves its group', async () => {
    stream.ends = new Map([[0, 7n]]);
    const stop = new AbortController();
    const starting = consumer.start(stop.signal);
    stop.abort();
    expect(await hasStarted(starting)).toBe(true);
    await consumer.close();
    expect(stream.closed).toBe(1);
  });

  it('joins its group once, however often the start is tried', async () => {
    const { signal } = new AbortController();
    await consumer.start(signal);
    await consumer.start(signal);
    expect(stream.subscribed).toEqual([{ topics: [TOPIC], group: 'channel-sms' }]);
  });
});
