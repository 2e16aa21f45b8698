import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Database } from '#postgres';
import { testDatabase, type TestDatabase } from '#postgres/testing';
import { silentLog } from '#runtime';
import type { EventStream } from '../../event-stream.js';
import { newStream } from '../../new-stream.js';
import { consume, records, until } from '../../testing/consumer.js';

const TOPIC = 'exercise.warnings.v1';

/** The same database, but no notification ever arrives: what is left when the listening connection is half open. */
function deaf(db: Database): Database {
  return Object.create(db, { listen: { value: () => () => undefined } }) as Database;
}

describe('a consumer whose notifications are lost', () => {
  let test: TestDatabase;
  const opened: { stream: EventStream; db: Database }[] = [];
  const open = async (hearing: (db: Database) => Database): Promise<EventStream> => {
    const db = await Database.open({ url: test.url, max: 4, log: silentLog });
    const stream = newStream({ db: hearing(db), log: silentLog, clientId: 'test' });
    opened.push({ stream, db });
    return stream;
  };

  beforeAll(async () => {
    test = await testDatabase();
  });

  afterAll(async () => {
    for (const { stream, db } of opened) {
      await stream.close();
      await db.close();
    }
    await test?.close();
  });

  it('meets every record all the same, within its poll', async () => {
    const publisher = await open((db) => db);
    await publisher.ensureTopics([{ name: TOPIC, partitions: 2 }]);
    const met = await consume(await open(deaf), { topics: [TOPIC], group: 'channel-sms' });
    await until('it has joined', () => met.subscription.health().partitions.length === 2);
    for (let n = 0; n < 3; n += 1) {
      const began = performance.now();
      await publisher.publish(records(TOPIC, ['wrn_flood', 'wrn_gale'], 10, n * 10));
      await until('all are met', () => met.messages.length === (n + 1) * 10);
      expect(performance.now() - began).toBeLessThan(10_000);
    }
  });
});
