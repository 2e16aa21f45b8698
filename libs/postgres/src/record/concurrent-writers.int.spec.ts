import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { EventRecord, migrate, recordMigrations } from '#postgres';
import { testDatabase, type TestDatabase } from '#postgres/testing';
import { fact } from '../testing/facts.js';

const WRITERS = 16;

let test: TestDatabase;
let schemas = 0;
let record: EventRecord;

beforeAll(async () => {
  test = await testDatabase({ max: WRITERS + 3 });
});
afterAll(() => test.close());
beforeEach(async () => {
  schemas += 1;
  await migrate(test.db, { schema: `busy_${schemas}`, migrations: recordMigrations });
  record = new EventRecord(test.db, `busy_${schemas}`);
});

const times = <T>(count: number, work: (n: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: count }, (_, n) => work(n)));

/** Reads behind a moving cursor, as a relay does, until `done` and nothing is left. */
async function follow(from: EventRecord, isDone: () => boolean): Promise<bigint[]> {
  const seen: bigint[] = [];
  for (let cursor = 0n; ;) {
    const wasDone = isDone();
    const events = await from.after(cursor, 50);
    seen.push(...events.map(({ position }) => position));
    cursor = seen.at(-1) ?? 0n;
    if (wasDone && events.length === 0) return seen;
  }
}

describe('a record with many writers', () => {
  it('never lets a cursor on position skip an event', async () => {
    await test.db.execute(`create table ${record.schema}.slow (pause text)`);
    // Between an event's position and its commit lies some time; here more than usual, and different for each.
    const slowly = (ms: number) => ({
      sql: `insert into ${record.schema}.slow select pg_sleep($1::float8 / 1000)::text from turn`,
      params: [ms],
    });
    let done = false;
    const following = follow(record, () => done);
    await times(WRITERS, async (writer) => {
      for (let n = 1; n <= 20; n += 1) {
        const facts = [fact(`wrn_${writer}`, 2 * n - 1), fact(`wrn_${writer}`, 2 * n)];
        await record.append({ facts, also: [slowly((writer * 7 + n * 13) % 5)] });
      }
    });
    done = true;
    const seen = await following;
    expect(seen).toHaveLength(WRITERS * 40);
    expect(seen).toEqual(seen.toSorted((a, b) => Number(a - b)));
    const [stored] = await test.db.query<{ count: bigint }>(
      `select count(*) as count from ${record.schema}.event`,
    );
    expect(stored?.count).toBe(BigInt(WRITERS * 40));
  });

  it('is not held back by a foreign transaction that writes for minutes', async () => {
    await test.db.execute('create table if not exists import_of_subscribers (n int)');
    let finish = (): void => {};
    let tellOpen = (): void => {};
    const open = new Promise<void>((resolve) => (tellOpen = resolve));
    const importing = test.db.tx(async (tx) => {
      await tx.execute('set local idle_in_transaction_session_timeout = 0');
      await tx.execute('insert into import_of_subscribers values (1)');
      await new Promise<void>((resolve) => {
        finish = resolve;
        tellOpen();
      });
    });
    await open; // it has written, and goes on being open while the others append
    await times(WRITERS, (writer) => record.append({ facts: [fact(`wrn_${writer}`, 1)] }));
    expect(await record.after(0n, 100)).toHaveLength(WRITERS);
    finish();
    await importing;
  });

  it('lets exactly one of many officers write the next revision', async () => {
    const answers = await times(WRITERS, (n) => record.append({ facts: [fact('wrn_a', 1, `officer ${n}`)] }));
    expect(answers.filter(({ kind }) => kind === 'appended')).toHaveLength(1);
    expect(answers.filter(({ kind }) => kind === 'moved-on')).toHaveLength(WRITERS - 1);
  });

  it('does a request once, however many send it at the same time', async () => {
    const requests = Array.from({ length: 40 }, (_, n) => `key-${n}`);
    const results = await times(WRITERS, async (writer) => {
      const kinds: string[] = [];
      for (const key of requests) {
        const request = { holder: 'off_ann', key, bodyHash: key, answer: { id: key } };
        const { kind } = await record.append({ facts: [fact(`wrn_${writer}_${key}`, 1, key)], request });
        kinds.push(kind);
      }
      return kinds;
    });
    const all = results.flat();
    expect(all.filter((kind) => kind === 'appended')).toHaveLength(requests.length);
    expect(all.filter((kind) => kind === 'repeated')).toHaveLength(requests.length * (WRITERS - 1));
    const notes = (await record.after(0n, 1_000)).map(({ body }) => body['note']);
    expect(notes.toSorted()).toEqual(requests.toSorted());
  });

  it('keeps the key of a request that lost the race free for another try', async () => {
    await record.append({ facts: [fact('wrn_a', 1)] });
    const request = { holder: 'off_ann', key: 'k', bodyHash: 'h', answer: { ok: true } };
    expect(await record.append({ facts: [fact('wrn_a', 1)], request })).toEqual({ kind: 'moved-on' });
    expect(await record.append({ facts: [fact('wrn_a', 2)], request })).toMatchObject({ kind: 'appended' });
  });
});
