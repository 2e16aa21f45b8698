import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { toInstant, type DeliveryId } from '#contracts';
import { migrate } from '#postgres';
import { testDatabase, type TestDatabase } from '#postgres/testing';
import { Gates } from '../gate/gates.js';
import { channelMigrations } from '../migrations/channel-migrations.js';
import { settledOf } from '../outcomes/settled-of.js';
import type { ReceiptKind } from '../receipts/receipts.js';
import { issued, listTexts, sender, warning } from '../testing/index.js';
import { Arming } from './arming.js';
import { ChunkStore, type TakenChunk } from './chunk-store.js';
import { DeliveryStore, type Settled } from './delivery-store.js';

const SCHEMA = 'channel_email';
let test: TestDatabase;
let chunks: ChunkStore;
let deliveries: DeliveryStore;
let number = 0;
/** The first worker's chunk, and its window with everybody in it. */
let mine: TakenChunk;
let window: bigint;
let ids: DeliveryId[];

beforeAll(async () => {
  test = await testDatabase({ max: 8 });
  await migrate(test.db, { schema: SCHEMA, migrations: channelMigrations });
  chunks = new ChunkStore(test.db, SCHEMA);
  deliveries = new DeliveryStore(test.db, SCHEMA);
});
afterAll(() => test.close());

const take = async (): Promise<TakenChunk> => {
  const chunk = await chunks.take({ warningId: warning(number), version: 1, act: 'issue', chunk: 0 });
  if (typeof chunk === 'string') throw new Error(chunk);
  return chunk;
};
const arm = async (chunk: TakenChunk): Promise<bigint> => {
  const armed = await new Arming(test.db, SCHEMA).arm(chunk, ids);
  if ('shut' in armed) throw new Error(armed.shut);
  return armed.armed;
};

beforeEach(async () => {
  number += 1;
  const warningId = warning(number);
  const [at, expiresAt] = [toInstant(Date.now()), toInstant(Date.now() + 24 * 3_600_000)];
  const version = issued({ warningId, at, expiresAt, composed: listTexts('email', 1) });
  await new Gates(test.db, SCHEMA, 'email').raise(version, 'here');
  await test.db.execute(
    `insert into ${SCHEMA}.chunk (warning_id, version, act, chunk, account_id, recipients, urgent, revision) values ($1, 1, 'issue', 0, $2, 2, false, 1)`,
    [warningId, sender],
  );
  ids = [1, 2].map((n) => `dlv_${(number * 10 + n).toString(16).padStart(32, '0')}` as DeliveryId);
  await test.db.execute(
    `insert into ${SCHEMA}.delivery (delivery_id, warning_id, version, act, chunk, ordinal, target, language, variant)
     select id, $1, 1, 'issue', 0, n, 'sub_' || n, 'en-GB', 'first' from unnest($2::text[]) with ordinality o (id, n)`,
    [warningId, ids],
  );
  mine = await take();
  window = await arm(mine);
});

/** The first worker is taken for dead, and its chunk goes to a second. */
async function successor(): Promise<TakenChunk> {
  await test.db.execute(
    `update ${SCHEMA}.chunk set lease_until = clock_timestamp() - interval '1 s' where warning_id = $1`,
    [warning(number)],
  );
  return take();
}
const states = async () =>
  (
    await test.db.query<{ state: string; unknowns: number }>(
      `select state, unknowns from ${SCHEMA}.delivery where delivery_id = any($1) order by ordinal`,
      [ids],
    )
  ).map(({ state, unknowns }) => `${state}/${unknowns}`);
const accepted = (): Settled[] =>
  ids.map((deliveryId) => ({ deliveryId, state: 'accepted', at: null, ref: { id: 'q1' }, tried: true }));
const again = (): Settled[] =>
  ids.map((deliveryId) => ({
    deliveryId,
    state: 'deferred',
    at: null,
    waitMs: 0,
    unknown: true,
    tried: true,
  }));
const unreported = async () =>
  (
    await test.db.query<{ n: number }>(`select unreported as n from ${SCHEMA}.chunk where warning_id = $1`, [
      warning(number),
    ])
  )[0]?.n;

describe('what a dead worker had armed', () => {
  it('is in doubt once: whoever settles it closes its window in the same breath', async () => {
    const heir = await successor();
    expect(await deliveries.inDoubt(heir)).toEqual(ids);
    await deliveries.settle(heir, null, again());
    // Here the heir dies as well: the next one must not count the same doubt again, and give the grave warning up for that.
    expect(await deliveries.inDoubt(await successor())).toEqual([]);
    expect(await states()).toEqual(['deferred/1', 'deferred/1']);
  });

  it('is not in doubt when the worker was only frozen, and says in time what became of it', async () => {
    const heir = await successor();
    await deliveries.settle(mine, window, accepted());
    await deliveries.settle(heir, null, again());
    expect(await states()).toEqual(['accepted/0', 'accepted/0']);
    expect(await unreported()).toBeGreaterThan(0);
  });

  it('is corrected by what the worker says too late, and a second try does not undo that', async () => {
    const heir = await successor();
    await deliveries.settle(heir, null, again());
    const second = await arm(heir);
    await deliveries.settle(mine, window, accepted());
    await deliveries.settle(heir, second, again());
    expect(await states()).toEqual(['accepted/1', 'accepted/1']);
  });

  it('is not called refused by what the worker says too late while its successor is sending it once more', async () => {
    const heir = await successor();
    await deliveries.settle(heir, null, again());
    const refused = accepted().map((one) => ({ ...one, state: 'refused' as const }));
    const second = await arm(heir);
    await deliveries.settle(mine, window, refused);
    await deliveries.settle(heir, second, accepted());
    expect(await states()).toEqual(['accepted/1', 'accepted/1']);
  });

  it('is called refused by what the worker says too late when nobody is sending it', async () => {
    await deliveries.settle(await successor(), null, again());
    await deliveries.settle(
      mine,
      window,
      accepted().map((one) => ({ ...one, state: 'refused' as const })),
    );
    expect(await states()).toEqual(['refused/1', 'refused/1']);
  });

  it('stays as it is when the worker can only say that nothing left', async () => {
    await successor();
    const later = again().map((one) => ({ ...one, unknown: false }));
    await deliveries.settle(mine, window, later);
    expect(await states()).toEqual(['planned/0', 'planned/0']);
  });

  it('counts once when it is said twice, because the answer of the database was lost', async () => {
    await deliveries.settle(mine, window, again());
    await deliveries.settle(mine, window, again());
    expect(await states()).toEqual(['deferred/1', 'deferred/1']);
  });

  it('is not corrected by what the worker decides without a try', async () => {
    await deliveries.settle(await successor(), null, again());
    const refused = accepted().map((one) => ({ ...one, state: 'refused' as const, tried: false }));
    await deliveries.settle(mine, null, refused);
    expect(await states()).toEqual(['deferred/1', 'deferred/1']);
  });
});

const receipt = (kind: ReceiptKind, taken: boolean) =>
  test.db.execute(`insert into ${SCHEMA}.receipt values ($1, $2, clock_timestamp(), '', $3)`, [
    ids[0],
    kind,
    taken,
  ]);

it.each(['delivered', 'undelivered'] as const)(
  'a message that is said to be %s before its answer was given up was accepted, and is not sent again',
  async (kind) => {
    await receipt(kind, true);
    await deliveries.settle(mine, window, again());
    expect(await states()).toEqual(['accepted/1', 'deferred/1']);
    expect((await deliveries.due(mine)).map(({ deliveryId }) => deliveryId)).toEqual([ids[1]]);
  },
);

it('a message that a relay refused before the answer was on record has not arrived, and is tried again', async () => {
  await receipt('undelivered', false);
  await deliveries.settle(mine, window, again());
  expect(await states()).toEqual(['deferred/1', 'deferred/1']);
});

it.each([
  ['slow', -3_600_000],
  ['right', 0],
  ['fast', 3_600_000],
])('a try in a minute is due in a minute when the clock of this machine is %s', async (_, offMs) => {
  const now = toInstant(Date.now() + offMs);
  const outcome = {
    outcome: 'deferred',
    until: toInstant(Date.parse(now) + 60_000),
    scope: 'recipient',
  } as const;
  const all = ids.map((deliveryId) => settledOf({ deliveryId, unknowns: 0 }, outcome, mine.sending, now));
  await deliveries.settle(mine, window, all);
  expect(await deliveries.due(mine)).toEqual([]);
  const [due] = await test.db.query<{ s: number }>(
    `select extract(epoch from due_at - clock_timestamp())::float8 as s from ${SCHEMA}.delivery where delivery_id = $1`,
    [ids[0]],
  );
  expect(due?.s).toBeGreaterThan(0);
  expect(due?.s).toBeLessThanOrEqual(60);
});

it.each<[string, string, boolean, 'at once' | 'in a minute']>([
  ['was cancelled', 'cancelled_through = 1', false, 'at once'],
  ['was replaced', 'current_version = 2', false, 'at once'],
  ['has expired', 'expires_at = clock_timestamp()', false, 'at once'],
  ['was cancelled', 'cancelled_through = 1', true, 'in a minute'], // a doubt: it may still be looked for on the platform
  ['goes on', 'current_version = 1', false, 'in a minute'],
])(
  'what must wait a minute while its warning %s (%s, in doubt: %s) is due %s',
  async (_, gate, unknown, when) => {
    await test.db.execute(`update ${SCHEMA}.gate set ${gate} where warning_id = $1`, [warning(number)]);
    await deliveries.settle(
      mine,
      window,
      again().map((one) => ({ ...one, waitMs: 60_000, unknown })),
    );
    expect(await deliveries.due(mine)).toHaveLength(when === 'at once' ? 2 : 0);
  },
);

it('a finished chunk is handed out once more for what was not reported of it, and not otherwise', async () => {
  await deliveries.settle(mine, window, accepted());
  await test.db.execute(
    `update ${SCHEMA}.chunk set done = true, lease_until = null, unreported = 1 where warning_id = $1`,
    [warning(number)],
  );
  expect(await chunks.waiting(null, 9)).toContainEqual(mine.key);
  expect(await take()).toMatchObject({ fence: 2 });
  await test.db.execute(
    `update ${SCHEMA}.chunk set lease_until = null, unreported = 0 where warning_id = $1`,
    [warning(number)],
  );
  expect(await chunks.take(mine.key)).toBe('done');
});

it('what has long been due, and whose chunk somebody works on, is not looked for every few ms', async () => {
  const due = (ms: number) =>
    test.db.execute(
      `update ${SCHEMA}.delivery set state = 'deferred', due_at = clock_timestamp() + $2::float8 * interval '1 ms' where delivery_id = $1`,
      [ids[0], ms],
    );
  await test.db.execute(`update ${SCHEMA}.delivery set state = 'accepted'`); // what earlier tests left
  await due(-10_000);
  expect(await chunks.waiting(null, 9)).toEqual([]);
  expect(await chunks.nextDueMs()).toBeUndefined();
  await due(60_000);
  expect(await chunks.nextDueMs()).toBeGreaterThan(30_000);
});
