import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { toInstant, type Account } from '#contracts';
import { migrate } from '#postgres';
import { testDatabase, type TestDatabase } from '#postgres/testing';
import { channelMigrations } from '../migrations/channel-migrations.js';
import { account } from '../testing/index.js';
import { AccountReports } from './account-reports.js';
import { ChannelRecord } from '../record/channel-record.js';

const SCHEMA = 'channel_social';
const AT = toInstant('2026-11-21T10:00:00.000Z');
const known = (number: number, max = 500): Account => ({
  accountId: account(number),
  channel: 'social',
  platform: 'fake',
  name: `@larum${number}`,
  languages: ['en-GB'],
  kind: 'corporate',
  limits: { max },
});

let test: TestDatabase;
let record: ChannelRecord;
beforeAll(async () => {
  test = await testDatabase({ max: 4 });
  await migrate(test.db, { schema: SCHEMA, migrations: [...channelMigrations] });
  record = new ChannelRecord(test.db, SCHEMA, 'channel-social', { now: () => AT });
});
afterAll(() => test.close());

const facts = (number: number) =>
  test.db.query<{ type: string; body: Record<string, unknown> }>(
    `select type, body from ${SCHEMA}.event where stream_id = $1 order by revision`,
    [account(number)],
  );

describe('an account', () => {
  it('is reported with its limits, once as long as nothing changes, and again when a limit shrinks', async () => {
    const reports = new AccountReports(test.db, record);
    expect([
      await reports.report(known(1)),
      await reports.report(known(1)),
      await reports.report(known(1, 280)),
    ]).toEqual([true, false, true]);
    expect((await facts(1)).map(({ type, body }) => [type, body['limits'], body['at']])).toEqual([
      ['AccountReported', { max: 500 }, AT],
      ['AccountReported', { max: 280 }, AT],
    ]);
  });

  it('is reported anew by each process, whose limits others may have forgotten', async () => {
    await new AccountReports(test.db, record).report(known(2));
    expect(await new AccountReports(test.db, record).report(known(2))).toBe(true);
    expect(await facts(2)).toHaveLength(2);
  });

  it('is known by its last report, also to a later process; one that nobody reported is not', async () => {
    await new AccountReports(test.db, record).report(known(3, 280));
    const later = new AccountReports(test.db, record);
    expect(await later.last(account(3))).toEqual(known(3, 280));
    expect(await later.last(account(4))).toBeUndefined();
  });

  it('says that it is about to stop working, in a stream of its own', async () => {
    const reports = new AccountReports(test.db, record);
    await reports.report(known(5));
    await reports.health(known(5), 'expiring', 'its token ends in three days');
    const [, health] = await facts(5);
    expect(health).toMatchObject({
      type: 'AccountHealthReported',
      body: {
        accountId: account(5),
        channel: 'social',
        health: 'expiring',
        detail: 'its token ends in three days',
      },
    });
  });

  it('is told of in full by two processes that speak at the same moment', async () => {
    const both = [new AccountReports(test.db, record), new AccountReports(test.db, record)];
    await Promise.all(both.map((reports, n) => reports.report(known(6, 100 + n))));
    expect((await facts(6)).map(({ body }) => (body['limits'] as { max: number }).max).sort()).toEqual([
      100, 101,
    ]);
  });
});
