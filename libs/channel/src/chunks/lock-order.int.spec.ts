import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { toInstant, type DeliveryId } from '#contracts';
import { codeOf, migrate } from '#postgres';
import { testDatabase, type TestDatabase } from '#postgres/testing';
import { silentLog, SystemClock } from '#runtime';
import { Gates } from '../gate/gates.js';
import { channelMigrations } from '../migrations/channel-migrations.js';
import { ChannelRecord } from '../record/channel-record.js';
import { PostStore } from '../posting/post-store.js';
import { Receipts } from '../receipts/receipts.js';
import { issued, listTexts, sender, warning } from '../testing/index.js';
import { ChunkStore, type TakenChunk } from './chunk-store.js';
import { DeliveryStore, type Settled } from './delivery-store.js';

const SCHEMA = 'channel_email';
const [CHUNKS, ROWS, WINDOW, FOR_MS] = [4, 4_000, 25, 2_000];
const [AT, END] = [toInstant('2026-11-21T10:00:00.000Z'), toInstant('2126-11-21T10:00:00.000Z')];
let test: TestDatabase;
let deliveries: DeliveryStore;
let gates: Gates;
let number = 0;
let chunks: TakenChunk[];
/** The windows of each chunk, in the order of the plan: ids are hashes, so that is no order of theirs. */
let windows: DeliveryId[][][];

beforeAll(async () => {
  test = await testDatabase({ max: 12 });
  await migrate(test.db, { schema: SCHEMA, migrations: channelMigrations });
  deliveries = new DeliveryStore(test.db, SCHEMA);
  gates = new Gates(test.db, SCHEMA, 'email');
});
afterAll(() => test.close());

/** Rows that were in doubt once and wait for another attempt, each for a time of its own. */
beforeEach(async () => {
  const warningId = warning((number += 1));
  await gates.raise(issued({ warningId, at: AT, expiresAt: END, composed: listTexts('email', 1) }), 'here');
  await test.db.execute(
    `insert into ${SCHEMA}.chunk (warning_id, version, act, chunk, account_id, recipients, urgent, revision)
     select $1, 1, 'issue', n, $2, $3::integer, false, 1 from generate_series(0, $4::integer - 1) n`,
    [warningId, sender, ROWS / CHUNKS, CHUNKS],
  );
  const rows = await test.db.query<{ id: DeliveryId; chunk: number }>(
    `insert into ${SCHEMA}.delivery (delivery_id, warning_id, version, act, chunk, ordinal, target, language, variant, state, unknowns, due_at)
     select 'dlv_' || md5($1 || n), $1, 1, 'issue', n % $3::integer, n, 'sub_' || n, 'en-GB', 'first', 'deferred', 1,
       clock_timestamp() + interval '1 hour' + (n * 7919 % 1000) * interval '1 s'
     from generate_series(1, $2::integer) n returning delivery_id as id, chunk`,
    [warningId, ROWS, CHUNKS],
  );
  const store = new ChunkStore(test.db, SCHEMA);
  [chunks, windows] = [[], []];
  for (let chunk = 0; chunk < CHUNKS; chunk += 1) {
    const taken = await store.take({ warningId, version: 1, act: 'issue', chunk });
    if (typeof taken === 'string') throw new Error(taken);
    const ids = rows.filter((row) => row.chunk === chunk).map(({ id }) => id);
    chunks.push(taken);
    windows.push(
      Array.from({ length: ids.length / WINDOW }, (_, n) => ids.slice(n * WINDOW, (n + 1) * WINDOW)),
    );
  }
});

const later = (ids: readonly DeliveryId[]): Settled[] =>
  ids.map((deliveryId, n) => ({
    deliveryId,
    state: 'deferred',
    at: null,
    waitMs: 60_000 + ((n * 7_919) % 1_000),
    tried: true,
  }));
/** The codes of the errors of work that is done again and again, side by side. */
async function failures(...works: ((turn: number) => Promise<unknown>)[]): Promise<string[]> {
  const failed: string[] = [];
  const until = performance.now() + FOR_MS;
  const loop = async (work: (turn: number) => Promise<unknown>): Promise<void> => {
    for (let turn = 0; performance.now() < until; turn += 1)
      await work(turn).catch((error: unknown) => void failed.push(codeOf(error)));
  };
  await Promise.all(works.map(loop));
  return failed;
}
const window = (chunk: number, turn: number): DeliveryId[] =>
  windows[chunk]?.[turn % (windows[chunk]?.length ?? 1)] ?? [];
const settling = () =>
  chunks.map((chunk, n) => (turn: number) => deliveries.settle(chunk, null, later(window(n, turn))));

describe('windows that are settled never wait in a ring', () => {
  it('with a cancel that wakes what waits', async () => {
    const { warningId } = chunks[0]!.key;
    const wake = () => gates.wakeDeferred(warningId);
    expect(await failures(wake, wake, ...settling())).toEqual([]);
  }, 60_000);

  it('with a cancel that wakes what waits, and with what the record says of each post meanwhile', async () => {
    const { warningId } = chunks[0]!.key;
    const record = new ChannelRecord(test.db, SCHEMA, 'channel-social', new SystemClock());
    const posts = new PostStore(test.db, record);
    const saying = chunks.map((chunk) => () => posts.report({ ...chunk, platform: 'fake' }, null, undefined));
    expect(await failures(() => gates.wakeDeferred(warningId), ...saying, ...settling())).toEqual([]);
  }, 60_000);

  it('with the receipts of the same messages', async () => {
    const record = new ChannelRecord(test.db, SCHEMA, 'channel-email', new SystemClock());
    const receipts = new Receipts(test.db, record, { channel: 'email', knows: ['delivered'] }, silentLog);
    const add = (chunk: number) => (turn: number) =>
      receipts.add(
        [0, 1, 2, 3]
          .flatMap((n) => window((chunk + n) % CHUNKS, turn))
          .map((deliveryId) => ({ deliveryId, kind: 'delivered', at: AT, detail: '' })),
      );
    const both = await failures(add(0), add(1), add(2), ...settling());
    await receipts.close();
    expect(both).toEqual([]);
  }, 60_000);

  it('with what a frozen worker says too late', async () => {
    const late = chunks.map((chunk, n) => (turn: number) => {
      const said = window(n, turn).toReversed();
      const refused = said.map(
        (deliveryId) => ({ deliveryId, state: 'accepted', at: null, tried: true }) as const,
      );
      return deliveries.settle({ ...chunk, fence: 0 }, 1n, refused);
    });
    expect(await failures(...late, ...settling())).toEqual([]);
  }, 60_000);
});
