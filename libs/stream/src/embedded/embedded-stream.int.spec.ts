import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Database } from '#postgres';
import { testDatabase, type TestDatabase } from '#postgres/testing';
import { silentLog, type Log } from '#runtime';
import { parkedTopic } from '../parked.js';
import { consume, records, textOf, until } from '../testing/consumer.js';
import { EmbeddedStream } from './embedded-stream.js';

const KEYS = ['wrn_flood', 'wrn_gale', 'wrn_fire'];
let test: TestDatabase;
let topics = 0;
let topic = '';
const opened: { stream: EmbeddedStream; db: Database }[] = [];

/** A process of its own on the same database. */
async function open(log: Log = silentLog): Promise<EmbeddedStream> {
  const db = await Database.open({ url: test.url, max: 6, log: silentLog });
  const stream = new EmbeddedStream(db, log, 168);
  opened.push({ stream, db });
  return stream;
}

beforeAll(async () => {
  test = await testDatabase();
});
beforeEach(() => void (topic = `exercise.embedded${(topics += 1)}.v1`));
afterEach(async () => {
  for (const { stream, db } of opened.splice(0)) {
    await stream.close();
    await db.close();
  }
});
afterAll(() => test?.close());

describe('the embedded stream', () => {
  it('hands over what others published while a send of its own hangs, to whichever topic', async () => {
    const [here, there] = [await open(), await open()];
    const blocked = `${topic}.blocked`;
    await here.ensureTopics([
      { name: topic, partitions: 1 },
      { name: blocked, partitions: 1 },
    ]);
    const met = await consume(here, { topics: [topic], group: 'channel-sms' });
    await until('it has joined', () => met.subscription.health().partitions.length === 1);
    let hanging: Promise<unknown> | undefined;
    let hasLeft = false;
    await test.db.tx(async (tx) => {
      await tx.execute('set local idle_in_transaction_session_timeout = 0'); // a busy machine may take a while
      await tx.query('select from stream.partition where topic = $1 for update', [blocked]);
      hanging = here.publish(records(blocked, KEYS, 1)).finally(() => (hasLeft = true));
      await tx.query('select pg_sleep(0.1)'); // it is under way now
      await there.publish(records(topic, KEYS, 3));
      await until('they are met', () => met.messages.length === 3);
      expect(hasLeft).toBe(false);
    });
    await hanging;
    expect(met.messages.map(textOf)).toEqual(['wrn_flood-0', 'wrn_gale-1', 'wrn_fire-2']);
  });

  it('hands its own messages over as they are, whatever their publisher does to its bytes afterwards', async () => {
    const stream = await open();
    await stream.ensureTopics([{ name: topic, partitions: 1 }]);
    const met = await consume(stream, { topics: [topic], group: 'channel-sms' });
    const value = Buffer.from('approved');
    const headers: Record<string, string> = { ce_id: '1', ce_source: '/larum/test' };
    await stream.publish([{ topic, key: 'wrn_1', value, headers }]);
    value.fill('x');
    headers['ce_id'] = 'changed';
    await until('it is met', () => met.messages.length === 1);
    expect(met.messages.map((message) => [textOf(message), message.headers['ce_id']])).toEqual([
      ['approved', '1'],
    ]);
    expect((await stream.read({ topic, partition: 0, offset: 0n, limit: 1 })).map(textOf)).toEqual([
      'approved',
    ]);
  });

  it('gives the same message to a group at home and to one that reads it from the database', async () => {
    const [here, there] = [await open(), await open()];
    await here.ensureTopics([{ name: topic, partitions: 2 }]);
    const near = await consume(here, { topics: [topic], group: 'near' });
    const far = await consume(there, { topics: [topic], group: 'far' });
    await here.publish(records(topic, KEYS, 30));
    await until('both have met all', () => near.messages.length === 30 && far.messages.length === 30);
    const shown = (messages: typeof near.messages) =>
      messages
        .map(({ value: _, ...message }) => ({ ...message, text: textOf({ ...message, value: _ }) }))
        .sort((a, b) => a.partition - b.partition || Number(a.offset - b.offset));
    expect(shown(far.messages)).toEqual(shown(near.messages));
  });

  it('skips nothing where this process and another publish to one partition by turns', async () => {
    const [here, there] = [await open(), await open()];
    await here.ensureTopics([{ name: topic, partitions: 1 }]);
    const met = await consume(here, { topics: [topic], group: 'channel-sms' });
    const both = Array.from({ length: 40 }, (_, n) =>
      (n % 3 === 0 ? there : here).publish(records(topic, KEYS, 2, n * 2)),
    );
    await Promise.all(both);
    await until('all are met', () => met.messages.length >= 80);
    expect(met.messages.map(({ offset }) => offset)).toEqual(Array.from({ length: 80 }, (_, n) => BigInt(n)));
    expect(new Set(met.messages.map(textOf)).size).toBe(80);
  });

  it('warns whoever plans another number of partitions, and leaves the topic as it is', async () => {
    const lines: unknown[] = [];
    await (await open()).ensureTopics([{ name: topic, partitions: 2 }]);
    const later = await open({ ...silentLog, warn: (fields) => void lines.push(fields) });
    await later.ensureTopics([{ name: topic, partitions: 5 }]);
    expect(lines).toEqual([{ topic, found: 2, planned: 5 }]);
    expect([...(await later.endOffsets(topic)).keys()]).toEqual([0, 1]);
  });

  it('knows nothing of a topic that nobody created, and says who creates it', async () => {
    const stream = await open();
    await expect(stream.publish(records('exercise.nobody.v1', KEYS, 1))).rejects.toThrow(
      'no such topic: exercise.nobody.v1; its owner creates it by ensureTopics',
    );
    expect(await stream.endOffsets('exercise.nobody.v1')).toEqual(new Map());
    expect(await stream.lag('exercise.nobody.v1', 'channel-sms')).toBe(0n);
    expect(await stream.read({ topic: 'exercise.nobody.v1', partition: 0, offset: 0n, limit: 10 })).toEqual(
      [],
    );
  });

  it('finds a topic that was created after it had been asked for in vain', async () => {
    const [early, owner] = [await open(), await open()];
    await expect(early.publish(records(topic, KEYS, 1))).rejects.toThrow('no such topic');
    await owner.ensureTopics([{ name: topic, partitions: 1 }]);
    expect(await early.publish(records(topic, KEYS, 1))).toEqual([{ topic, partition: 0, offset: 0n }]);
  });

  it('stores all records of one publication or none', async () => {
    const stream = await open();
    await stream.ensureTopics([
      { name: topic, partitions: 1 },
      { name: `${topic}.other`, partitions: 1 },
    ]);
    const broken = {
      topic: `${topic}.other`,
      key: 'a',
      value: 'a',
      headers: { note: 'not for json: \u0000' },
    };
    const good = records(topic, KEYS, 2);
    await test.db.execute(
      `alter table stream.message add constraint no_zero check (topic <> '${topic}.other') not valid`,
    );
    await expect(stream.publish([...good, broken])).rejects.toMatchObject({ code: '23514' });
    await test.db.execute('alter table stream.message drop constraint no_zero');
    expect((await stream.endOffsets(topic)).get(0)).toBe(0n);
    expect(await stream.publish(good)).toEqual([0n, 1n].map((offset) => ({ topic, partition: 0, offset })));
  });

  it('tells a group that never was where it would begin, and how much lies before it', async () => {
    const stream = await open();
    await stream.ensureTopics([{ name: topic, partitions: 2 }]);
    await stream.publish(records(topic, KEYS, 9));
    expect([...(await stream.committed(topic, 'nobody')).values()]).toEqual([0n, 0n]);
    expect(await stream.lag(topic, 'nobody')).toBe(9n);
    expect([...(await stream.endOffsets(parkedTopic(topic))).values()]).toEqual([0n]);
  });

  it('opens when the database does, though it was away the first time', async () => {
    const db = await Database.open({ url: test.url, max: 1, log: silentLog });
    let away = true;
    const flaky = Object.create(db, {
      url: { get: () => (away ? 'postgres://larum@127.0.0.1:1/nothing' : db.url) },
    }) as Database;
    const stream = new EmbeddedStream(flaky, silentLog, 168);
    await expect(stream.ensureTopics([{ name: topic, partitions: 1 }])).rejects.toMatchObject({
      name: 'DatabaseAway',
    });
    away = false;
    await stream.ensureTopics([{ name: topic, partitions: 1 }]);
    expect((await stream.endOffsets(topic)).size).toBe(1);
    await stream.close();
    await db.close();
  });
});
