import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { migrate, type Database } from '#postgres';
import { testDatabase, type TestDatabase } from '#postgres/testing';
import { channelMigrations } from '../migrations/channel-migrations.js';
import { sender, warning } from '../testing/index.js';
import { ChunkStore } from './chunk-store.js';

const SCHEMA = 'channel_sms';
const LATER = 50_000;
let test: TestDatabase;

/** One warning whose rows wait for tomorrow, and one with a row that is due now. */
beforeAll(async () => {
  test = await testDatabase({ max: 4 });
  await migrate(test.db, { schema: SCHEMA, migrations: channelMigrations });
  for (const warningId of [warning(1), warning(2)])
    await test.db.execute(
      `insert into ${SCHEMA}.chunk (warning_id, version, act, chunk, account_id, recipients, urgent, revision)
       select $1, 1, 'issue', n, $2, 500, true, 1 from generate_series(0, 99) n`,
      [warningId, sender],
    );
  const plant = (warningId: string, rows: number, due: string) =>
    test.db.execute(
      `insert into ${SCHEMA}.delivery (delivery_id, warning_id, version, act, chunk, ordinal, target, language, variant, state, due_at)
       select md5($1 || n), $1, 1, 'issue', n % 100, n, 'sub_' || n, 'en-GB', 'first', 'deferred', clock_timestamp() + $3::interval
       from generate_series(1, $2::integer) n`,
      [warningId, rows, due],
    );
  await plant(warning(1), LATER, '1 day');
  await plant(warning(2), 3, '-1 second');
  await test.db.execute(`analyze ${SCHEMA}.delivery`);
}, 60_000);
afterAll(() => test.close());

type Plan = {
  'Relation Name'?: string;
  'Actual Rows': number;
  'Rows Removed by Filter'?: number;
  'Rows Removed by Index Recheck'?: number;
  Plans?: Plan[];
};

/** How many rows of deliveries the server touched for the one statement of a look. */
async function rowsRead(look: (chunks: ChunkStore) => Promise<unknown>): Promise<number> {
  let read = 0;
  const count = (plan: Plan): void => {
    if (plan['Relation Name'] === 'delivery')
      read +=
        plan['Actual Rows'] +
        (plan['Rows Removed by Filter'] ?? 0) +
        (plan['Rows Removed by Index Recheck'] ?? 0);
    plan.Plans?.forEach(count);
  };
  const explained = async (sql: string, params: readonly unknown[]) => {
    const [row] = await test.db.query<{ 'QUERY PLAN': [{ Plan: Plan }] }>(
      `explain (analyze, format json) ${sql}`,
      params,
    );
    row?.['QUERY PLAN'].forEach(({ Plan }) => count(Plan));
    return test.db.query(sql, params);
  };
  await look(new ChunkStore({ query: explained } as unknown as Database, SCHEMA));
  return read;
}

describe('a look for what is due', () => {
  it('finds it, and reads nothing of the many that wait for their time', async () => {
    let found: unknown[] = [];
    const read = await rowsRead(async (chunks) => (found = await chunks.waiting(true, 9)));
    expect(found).toHaveLength(3);
    expect(found).toContainEqual({ warningId: warning(2), version: 1, act: 'issue', chunk: 1 });
    expect(read).toBe(3);
  });

  it('and for when the next is due reads one row, however many have long been due', async () => {
    await test.db.execute(
      `update ${SCHEMA}.delivery set due_at = clock_timestamp() - interval '1 hour' where warning_id = $1 and ordinal > 20000`,
      [warning(1)],
    );
    await test.db.execute(`analyze ${SCHEMA}.delivery`);
    let nextMs: number | undefined;
    const read = await rowsRead(async (chunks) => (nextMs = await chunks.nextDueMs()));
    expect(nextMs).toBeGreaterThan(3_600_000);
    expect(read).toBe(1);
  });
});
