import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { toInstant } from '#contracts';
import { migrate, type Database } from '#postgres';
import { SystemClock } from '#runtime';
import { testDatabase, type TestDatabase } from '#postgres/testing';
import { Gates } from '../gate/gates.js';
import { channelMigrations } from '../migrations/channel-migrations.js';
import { ChannelRecord } from '../record/channel-record.js';
import { account, composed, flood, issued, warning } from '../testing/index.js';
import { PostStore } from './post-store.js';

const SCHEMA = 'channel_social';
const key = { warningId: warning(1), version: 1, act: 'issue' as const, chunk: 0 };
const chunk = { key, incidentId: flood, accountId: account(1), platform: 'fake' };
const id = `dlv_${'1'.repeat(32)}`;
let test: TestDatabase;

beforeAll(async () => {
  test = await testDatabase({ max: 8 });
  await migrate(test.db, { schema: SCHEMA, migrations: channelMigrations });
  const texts = [
    composed({ channel: 'social', accountId: account(1), platform: 'fake', texts: ['Leave now.'] }),
  ];
  const [at, expiresAt] = [toInstant(Date.now()), toInstant(Date.now() + 600_000)];
  await new Gates(test.db, SCHEMA, 'social').raise(issued({ at, expiresAt, composed: texts }), 'here');
  await test.db.execute(
    `insert into ${SCHEMA}.chunk (warning_id, version, act, chunk, account_id, recipients, urgent, revision) values ($1, 1, 'issue', 0, $2, 1, false, 0)`,
    [key.warningId, account(1)],
  );
  await test.db.execute(
    `insert into ${SCHEMA}.delivery (delivery_id, warning_id, version, act, chunk, ordinal, target, language, variant, state, told)
     values ($1, $2, 1, 'issue', 0, 1, $3, 'en-GB', 'first', 'deferred', 'deferred/0/0')`,
    [id, key.warningId, account(1)],
  );
});
afterAll(() => test.close());

const became = (state: string) =>
  test.db.execute(
    `with told as (update ${SCHEMA}.chunk set unreported = unreported + 1)
     update ${SCHEMA}.delivery set state = $1, attempt = attempt + 1 where delivery_id = $2`,
    [state, id],
  );

it('two workers of one account, one of them long taken for dead, say what became of a post without ever going back', async () => {
  const record = new ChannelRecord(test.db, SCHEMA, 'channel-social', new SystemClock());
  const heir = new PostStore(test.db, record);
  let isOvertaken = false;
  const late = {
    query: test.db.query.bind(test.db),
    execute: async (...statement: Parameters<Database['execute']>) => {
      if (!isOvertaken) {
        isOvertaken = true; // it had nothing to say, and the heir is faster than its note of that
        await became('unknown');
        await heir.report(chunk, null, undefined);
      }
      return test.db.execute(...statement);
    },
  } as unknown as Database;
  await new PostStore(late, record).report(chunk, null, undefined);
  expect(isOvertaken).toBe(true);
  await became('accepted');
  await heir.report(chunk, null, undefined);
  const said = await record.record.read('wrn_00000000000000000000000000000001/v1/issue/social/0');
  expect(said.map(({ revision, body }) => [revision, body['state']])).toEqual([
    [1, 'unknown'],
    [2, 'accepted'],
  ]);
  const [row] = await test.db.query(`select revision, unreported, done from ${SCHEMA}.chunk`);
  expect(row).toEqual({ revision: 2, unreported: 0, done: true });
}, 60_000);

it('what became of a post while its report was being put together is told by it or by the next one, never by none', async () => {
  const record = new ChannelRecord(test.db, SCHEMA, 'channel-social', new SystemClock());
  let looks = 0;
  const slow = {
    query: async (...statement: Parameters<Database['query']>) => {
      const rows = await test.db.query(...statement);
      if ((looks += 1) === 1) await became('refused'); // by another worker, right after the first look
      return rows;
    },
    execute: test.db.execute.bind(test.db),
  } as unknown as Database;
  await new PostStore(slow, record).report(chunk, null, undefined);
  const [left] = await test.db.query<{ n: number }>(`select unreported as n from ${SCHEMA}.chunk`);
  if (left?.n !== 0) await new PostStore(test.db, record).report(chunk, null, undefined); // as the look for unreported chunks has it
  const said = await record.record.read('wrn_00000000000000000000000000000001/v1/issue/social/0');
  expect(said.at(-1)?.body['state']).toBe('refused');
});
