import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { toInstant, type DeliveryId } from '#contracts';
import { migrate } from '#postgres';
import { testDatabase, type TestDatabase } from '#postgres/testing';
import { Gates } from '../gate/gates.js';
import { channelMigrations } from '../migrations/channel-migrations.js';
import { cancelled, issued, listTexts, sender, warning } from '../testing/index.js';
import { ChunkStore, type TakenChunk } from './chunk-store.js';
import { DeliveryStore } from './delivery-store.js';

const SCHEMA = 'channel_sms';
let test: TestDatabase;
let gates: Gates;
let chunks: ChunkStore;
let deliveries: DeliveryStore;
let next = 1;

beforeAll(async () => {
  test = await testDatabase({ max: 16 });
  await migrate(test.db, { schema: SCHEMA, migrations: channelMigrations });
  gates = new Gates(test.db, SCHEMA, 'sms');
  chunks = new ChunkStore(test.db, SCHEMA);
  deliveries = new DeliveryStore(test.db, SCHEMA);
});
afterAll(() => test.close());

const soon = (ms: number) => toInstant(Date.now() + ms);
const id = (number: number) => `dlv_${number.toString(16).padStart(32, '0')}` as DeliveryId;

/** An issued warning with one chunk in hand. */
async function taken(wish: { expiresInMs?: number; effectiveInMs?: number } = {}): Promise<TakenChunk> {
  const warningId = warning(next++);
  const { expiresInMs = 60_000, effectiveInMs } = wish;
  const effective = effectiveInMs === undefined ? {} : { effectiveAt: soon(effectiveInMs) };
  const version = issued({
    warningId,
    at: soon(0),
    expiresAt: soon(expiresInMs),
    composed: listTexts('sms', 1),
    ...effective,
  });
  await gates.raise(version, 'here');
  await test.db.execute(
    `insert into ${SCHEMA}.chunk (warning_id, version, act, chunk, account_id, recipients, urgent, revision) values ($1, 1, 'issue', 0, $2, 1, false, 1)`,
    [warningId, sender],
  );
  const chunk = await chunks.take({ warningId, version: 1, act: 'issue', chunk: 0 });
  if (typeof chunk === 'string') throw new Error(chunk);
  return chunk;
}

describe('a window is armed', () => {
  it('for a version that is current, in effect and not expired', async () => {
    expect(await deliveries.arm(await taken(), [id(1)])).toHaveProperty('armed');
  });

  it('not after a cancel', async () => {
    const chunk = await taken();
    await gates.shut(cancelled({ warningId: chunk.key.warningId, at: soon(0) }));
    expect(await deliveries.arm(chunk, [id(1)])).toMatchObject({ shut: 'cancelled' });
  });

  it('not after the next version was issued', async () => {
    const chunk = await taken();
    const { warningId } = chunk.key;
    await gates.raise(
      issued({ warningId, version: 2, at: soon(0), expiresAt: soon(60_000), composed: listTexts('sms', 2) }),
      'here',
    );
    expect(await deliveries.arm(chunk, [id(1)])).toMatchObject({ shut: 'superseded' });
  });

  it('not after its expiry, by the clock of the database', async () => {
    expect(await deliveries.arm(await taken({ expiresInMs: -1 }), [id(1)])).toMatchObject({
      shut: 'expired',
    });
  });

  it('not before it takes effect', async () => {
    expect(await deliveries.arm(await taken({ effectiveInMs: 60_000 }), [id(1)])).toMatchObject({
      shut: 'not-yet',
    });
  });

  it('not by a worker whose chunk was given to somebody else', async () => {
    const chunk = await taken();
    await test.db.execute(`update ${SCHEMA}.chunk set fence = fence + 1 where warning_id = $1`, [
      chunk.key.warningId,
    ]);
    expect(await deliveries.arm(chunk, [id(1)])).toMatchObject({ shut: 'fence-lost' });
  });

  it('by one holder at a time: a chunk in hand cannot be taken', async () => {
    const chunk = await taken();
    expect(await chunks.take(chunk.key)).toBe('busy');
    expect(await chunks.take({ ...chunk.key, chunk: 9 })).toBe('unheard-of');
  });

  it('never after a cancel has been acknowledged, in a hundred races of six workers against it', async () => {
    let armedAfter = 0;
    let armed = 0;
    for (let race = 0; race < 100; race += 1) {
      const chunk = await taken();
      const { warningId } = chunk.key;
      const over = new AbortController();
      const worker = async (): Promise<void> => {
        while (!over.signal.aborted) if ('armed' in (await deliveries.arm(chunk, [id(1)]))) armed += 1;
      };
      const workers = Array.from({ length: 6 }, worker);
      await gates.shut(cancelled({ warningId, at: soon(0) }));
      const [clock] = await test.db.query<{ at: string }>(`select clock_timestamp()::text as at`);
      over.abort();
      await Promise.all(workers);
      const [late] = await test.db.query<{ n: number }>(
        `select count(*)::int as n from ${SCHEMA}.armed where warning_id = $1 and armed_at > $2::timestamptz`,
        [warningId, clock?.at],
      );
      armedAfter += late?.n ?? 0;
    }
    expect(armedAfter).toBe(0);
    expect(armed).toBeGreaterThan(0); // else nothing raced
  }, 120_000);
});
