import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Database } from '#postgres';
import { testDatabase, type TestDatabase } from '#postgres/testing';
import { silentLog } from '#runtime';
import type { EventStream } from '../../event-stream.js';
import { newStream } from '../../new-stream.js';
import { consume, records, textOf, until } from '../../testing/consumer.js';
import { Retention } from './retention.js';

const TOPIC = 'exercise.warnings.v1';

describe('messages past their retention', () => {
  let test: TestDatabase;
  let db: Database;
  let stream: EventStream;
  let retention: Retention;

  beforeAll(async () => {
    test = await testDatabase();
    db = test.db;
    stream = newStream({ db, log: silentLog, clientId: 'test' });
    await stream.ensureTopics([{ name: TOPIC, partitions: 1 }]);
    retention = new Retention(db, silentLog, 24);
    await stream.publish(records(TOPIC, ['wrn_flood'], 10));
    await db.execute(`update stream.message set at = at - interval '25 hours' where place < 6`);
  });

  afterAll(async () => {
    await retention?.close();
    await stream?.close();
    await test?.close();
  });

  const left = async () =>
    (await stream.read({ topic: TOPIC, partition: 0, offset: 0n, limit: 100 })).map(textOf);

  it('stay for a group that has not handled them', async () => {
    const met = await consume(
      stream,
      { topics: [TOPIC], group: 'channel-sms', maxBatch: 3 },
      ({ offset }) => {
        if (offset >= 3n) throw new Error('the database is away');
      },
    );
    await until(
      'it is committed so far',
      async () => (await stream.committed(TOPIC, 'channel-sms')).get(0) === 3n,
    );
    await met.subscription.close();
    expect(await retention.sweep()).toBe(3);
    expect(await left()).toEqual(records(TOPIC, ['wrn_flood'], 7, 3).map(({ value }) => value));
  });

  it('go when every group has handled them, and the younger ones stay', async () => {
    const met = await consume(stream, { topics: [TOPIC], group: 'channel-sms' });
    await until('all are met', () => met.messages.length === 7);
    await met.subscription.close();
    expect(await retention.sweep()).toBe(3);
    expect(await left()).toEqual(records(TOPIC, ['wrn_flood'], 4, 6).map(({ value }) => value));
  });

  it('do not give their offsets to others, and a new group begins behind them', async () => {
    const [placed] = await stream.publish(records(TOPIC, ['wrn_flood'], 1, 10));
    expect(placed?.offset).toBe(10n);
    const later = newStream({ db, log: silentLog, clientId: 'another process' });
    const met = await consume(later, { topics: [TOPIC], group: 'incident-log' });
    await until('all that is left is met', () => met.messages.length === 5);
    expect(met.messages[0]?.offset).toBe(6n);
    await later.close();
  });

  it('are nothing that a group which never was has to catch up with', async () => {
    expect((await stream.committed(TOPIC, 'channel-email')).get(0)).toBe(6n);
    expect(await stream.lag(TOPIC, 'channel-email')).toBe(5n);
    const met = await consume(stream, { topics: [TOPIC], group: 'channel-sms' });
    await until('it has met all', async () => (await stream.lag(TOPIC, 'channel-sms')) === 0n);
    await met.subscription.close();
    await db.execute(`update stream.message set at = at - interval '25 hours'`);
    expect(await retention.sweep()).toBe(5);
    expect((await stream.committed(TOPIC, 'channel-email')).get(0)).toBe(11n); // else it would wait for ever to have caught up
    expect(await stream.lag(TOPIC, 'channel-email')).toBe(0n);
  });
});
