import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { toInstant, type DeliveryId } from '#contracts';
import { migrate } from '#postgres';
import { textHash } from '#runtime';
import { testDatabase, type TestDatabase } from '#postgres/testing';
import { Gates } from '../gate/gates.js';
import { channelMigrations } from '../migrations/channel-migrations.js';
import { cancelled, issued, listTexts, sender, warning } from '../testing/index.js';
import { ChunkStore, type TakenChunk } from './chunk-store.js';
import { Arming } from './arming.js';
import { DeliveryStore } from './delivery-store.js';

const SCHEMA = 'channel_sms';
let test: TestDatabase;
let gates: Gates;
let chunks: ChunkStore;
let arming: Arming;
let next = 1;

beforeAll(async () => {
  test = await testDatabase({ max: 16 });
  await migrate(test.db, { schema: SCHEMA, migrations: channelMigrations });
  gates = new Gates(test.db, SCHEMA, 'sms');
  chunks = new ChunkStore(test.db, SCHEMA);
  arming = new Arming(test.db, SCHEMA);
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

it('a window that was taken back is in doubt for nobody, and no other window is touched', async () => {
  const chunk = await taken();
  for (const ids of [[id(1), id(2)], [id(3)]]) await arming.arm(chunk, ids);
  await arming.disarm({ ...chunk, fence: chunk.fence + 1 }, [id(3)]);
  await arming.disarm(chunk, [id(1), id(2)]);
  const heir = { ...chunk, fence: chunk.fence + 1 };
  expect(await new DeliveryStore(test.db, SCHEMA).inDoubt(heir)).toEqual([id(3)]);
});

describe('a window is armed', () => {
  it('for a version that is current, in effect and not expired', async () => {
    expect(await arming.arm(await taken(), [id(1)])).toHaveProperty('armed');
  });

  it('not after a cancel', async () => {
    const chunk = await taken();
    await gates.shut(cancelled({ warningId: chunk.key.warningId, at: soon(0) }));
    expect(await arming.arm(chunk, [id(1)])).toMatchObject({ shut: 'cancelled' });
  });

  it('not after the next version was issued', async () => {
    const chunk = await taken();
    const { warningId } = chunk.key;
    await gates.raise(
      issued({ warningId, version: 2, at: soon(0), expiresAt: soon(60_000), composed: listTexts('sms', 2) }),
      'here',
    );
    expect(await arming.arm(chunk, [id(1)])).toMatchObject({ shut: 'superseded' });
  });

  it('not after its expiry, by the clock of the database', async () => {
    expect(await arming.arm(await taken({ expiresInMs: -1 }), [id(1)])).toMatchObject({
      shut: 'expired',
    });
  });

  it('not before it takes effect', async () => {
    expect(await arming.arm(await taken({ effectiveInMs: 60_000 }), [id(1)])).toMatchObject({
      shut: 'not-yet',
    });
  });

  it('not by a worker whose chunk was given to somebody else', async () => {
    const chunk = await taken();
    await test.db.execute(`update ${SCHEMA}.chunk set fence = fence + 1 where warning_id = $1`, [
      chunk.key.warningId,
    ]);
    expect(await arming.arm(chunk, [id(1)])).toMatchObject({ shut: 'fence-lost' });
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
        while (!over.signal.aborted) if ('armed' in (await arming.arm(chunk, [id(1)]))) armed += 1;
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

describe('a chunk whose version was changed in the store after it was approved', () => {
  const lie = 'All is well.';
  const first = '{0,parts,0';
  const set = (change: string) => `update ${SCHEMA}.sending set ${change} where warning_id = $1`;
  const text = (path: string) => `jsonb_set(composed, '${path}', to_jsonb($2::text))`;

  /** What a second worker finds after `change`. */
  async function found(change: string, ...params: unknown[]): Promise<TakenChunk> {
    const { key, fence } = await taken();
    await chunks.release({ key, fence });
    expect(await test.db.execute(change, [key.warningId, ...params])).toBe(1);
    const again = await chunks.take(key);
    if (typeof again === 'string') throw new Error(again);
    return again;
  }

  it('is what was approved when nothing was changed but what does not matter', async () => {
    expect(await found(set('arrived_at = clock_timestamp()'))).toMatchObject({ tampered: false });
  });

  it.each<[string, string, unknown[]]>([
    [
      'a text together with its own hash',
      set(`composed = jsonb_set(${text(`${first},text}`)}, '${first},sha256}', to_jsonb($3::text))`),
      [lie, textHash(lie)],
    ],
    ['one letter of a subject', set(`composed = ${text('{0,subject}')}`), ['Flooe']],
    [
      'a text in the place of another approved one',
      set(`composed = jsonb_set(composed, '{0,parts}', composed #> '{1,parts}')`),
      [],
    ],
    ['the language of a text', set(`composed = ${text('{0,language}')}`), ['cy-GB']],
    ['the variant of a text', set(`composed = ${text('{0,variant}')}`), ['alone']],
    ['the order of the texts', set(`composed = jsonb_build_array(composed -> 1, composed -> 0)`), []],
    ['one text too many', set(`composed = composed || jsonb_build_array(composed -> 0)`), []],
    ['no text left', set(`composed = '[]'`), []],
    ['a field that nobody knows', set(`composed = jsonb_set(composed, '{0,note}', '"sneaked in"')`), []],
    [
      'its severity, which decides what follows a lost reply',
      set(`head = jsonb_set(head, '{severity}', '"Extreme"')`),
      [],
    ],
    ['its world', set(`head = jsonb_set(head, '{mode}', '"live"')`), []],
    ['a picture', set(`head = jsonb_set(head, '{media}', '[{"url": "https://example.org/x.png"}]')`), []],
    ['its end', set(`send_until = send_until + interval '1 day'`), []],
    ['when it was approved', set(`issued_at = issued_at - interval '1 s'`), []],
    ['the version that its texts are of', set('texts_version = 7'), []],
  ])('is not: %s', async (_, change, params) => {
    expect(await found(change, ...params)).toMatchObject({ tampered: true });
  });

  it('is held against what the database itself refuses to change', async () => {
    await taken();
    for (const change of [
      `update ${SCHEMA}.approved set texts_sha256 = frame_sha256`,
      `delete from ${SCHEMA}.approved`,
      `truncate ${SCHEMA}.approved`,
    ])
      await expect(test.db.execute(change)).rejects.toThrow(/append-only/);
  });
});
