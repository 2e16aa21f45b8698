import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { toInstant, wrap } from '#contracts';
import { incidentNo, warningNo } from '#contracts/testing';
import { Database, migrate } from '#postgres';
import { testDatabase, type TestDatabase } from '#postgres/testing';
import { silentLog } from '#runtime';
import type { Batch, StreamMessage } from '../event-stream.js';
import { PartitionWork } from '../handling/partition-work.js';
import { until } from '../testing/consumer.js';
import { archiveMigrations } from './archive-migrations.js';
import { Archive } from './archive.js';
import { keepIn } from './keep.js';

let test: TestDatabase;
let archive: Archive;
let schemas = 0;

beforeAll(async () => {
  test = await testDatabase({ max: 20 });
});
afterAll(() => test.close());
beforeEach(async () => {
  schemas += 1;
  await migrate(test.db, { schema: `log_${schemas}`, migrations: archiveMigrations });
  archive = new Archive(test.db, `log_${schemas}`);
});

function message(warning: number, revision: number, note = ''): StreamMessage {
  const streamId = warningNo(warning);
  const envelope = wrap(
    {
      position: 1n,
      streamId,
      revision,
      type: 'DraftEdited',
      time: toInstant('2026-11-21T10:00:00Z'),
      actor: 'ann',
      traceparent: null,
      body: { type: 'DraftEdited', incidentId: incidentNo(1), note },
    },
    'incident-command',
    streamId,
  );
  return {
    topic: 'exercise.warnings.v1',
    partition: 0,
    offset: BigInt(revision),
    key: envelope.key,
    value: new TextEncoder().encode(envelope.value),
    headers: envelope.headers,
    eventId: `/larum/incident-command ${streamId}@${revision}`,
  };
}

describe('an archive', () => {
  it('keeps each event once, byte for byte, however often it comes', async () => {
    const first = message(1, 1, 'Llifogydd: ŵ');
    expect(await archive.add([first, message(1, 2), first])).toBe(2);
    expect(await archive.add([message(1, 2), message(1, 3)])).toBe(1);
    const kept = await archive.ofWarning(warningNo(1));
    expect(kept.map(({ position, revision }) => [position, revision])).toEqual([
      [1n, 1],
      [2n, 2],
      [3n, 3],
    ]);
    expect(Buffer.from(kept[0]?.value ?? []).equals(Buffer.from(first.value))).toBe(true);
  });

  it('has no gap in its positions, and shows none late, when sixteen writers add the same and other events', async () => {
    let seen = 0n;
    const reading = { goesOn: true };
    const skipped: bigint[] = [];
    const reader = (async () => {
      while (reading.goesOn) {
        for (const { position } of await archive.after(seen, 100)) {
          if (position !== seen + 1n) skipped.push(position);
          seen = position;
        }
      }
    })();
    await Promise.all(
      Array.from({ length: 16 }, async (_, writer) => {
        for (let n = 1; n <= 20; n += 1) await archive.add([message(writer % 8, n), message(99, n)]);
      }),
    );
    reading.goesOn = false;
    await reader;
    expect(skipped).toEqual([]);
    expect(await archive.ends()).toEqual({ oldest: 1n, newest: BigInt(8 * 20 + 20) });
  });

  it('gives large events in pages that fit into memory, and leaves none out', async () => {
    const large = 'x'.repeat(3_000_000);
    await archive.add([1, 2, 3, 4, 5].map((revision) => message(1, revision, large)));
    const pages: bigint[][] = [];
    for (let seen = 0n; pages.at(-1)?.length !== 0; seen = pages.at(-1)?.at(-1) ?? seen)
      pages.push((await archive.after(seen, 500)).map(({ position }) => position));
    expect(pages).toEqual([[1n, 2n, 3n], [4n, 5n], []]);
  });

  it.each(['update %s set type = $$x$$', 'delete from %s', 'truncate %s'])(
    'refuses to forget: %s',
    async (sql) => {
      await archive.add([message(1, 1)]);
      await expect(test.db.execute(sql.replace('%s', `log_${schemas}.archive`))).rejects.toThrow(
        'append-only',
      );
    },
  );

  it('finds what belongs to an incident, and to a warning with its channels and chunks but not to its namesake', async () => {
    const chunk = message(1, 1);
    const other = { ...chunk.headers, ce_subject: `${warningNo(1)}/v1/issue/sms/0`, ce_id: 'chunk@1' };
    const namesake = { ...chunk.headers, ce_subject: `${warningNo(1)}0/sms`, ce_id: 'namesake@1' };
    await archive.add([chunk, { ...chunk, headers: other }, { ...chunk, headers: namesake }]);
    expect((await archive.ofWarning(warningNo(1))).map(({ streamId }) => streamId)).toEqual([
      warningNo(1),
      `${warningNo(1)}/v1/issue/sms/0`,
    ]);
    expect(await archive.ofIncident(incidentNo(1))).toHaveLength(3);
    expect(await archive.ofIncident(incidentNo(2))).toEqual([]);
  });

  it('finds a warning among thousands by the index, not by reading them all', async () => {
    const table = `log_${schemas}.archive`;
    await archive.add([message(1, 1)]);
    await test.db.execute(
      `insert into ${table} (position, source, event_id, topic, partition, "offset", stream_id, revision, type, time,
         headers, value)
       select n, source, 'other@' || n, topic, partition, n, 'wrn_' || md5(n::text) || '/sms', 1, type, time, headers, value
       from ${table}, generate_series(2, 5000) n`,
    );
    await test.db.execute(`analyze ${table}`);
    const db = await Database.open({ url: test.url, max: 1, log: silentLog }); // one connection: each counts for itself
    const rowsRead = async () => {
      await db.query('select pg_stat_force_next_flush()');
      const [row] = await db.query<{ rows: bigint }>(
        'select seq_tup_read + idx_tup_fetch as rows from pg_stat_user_tables where relid = $1::regclass',
        [table],
      );
      return Number(row?.rows);
    };
    const before = await rowsRead();
    const found = await new Archive(db, `log_${schemas}`).ofWarning(warningNo(1));
    const read = (await rowsRead()) - before;
    await db.close();
    expect(found).toHaveLength(1);
    expect(read).toBeGreaterThan(0);
    expect(read).toBeLessThan(50);
  });

  it('has an epoch that stays, and that no other archive shares', async () => {
    const epoch = await archive.epoch();
    expect(await new Archive(test.db, `log_${schemas}`).epoch()).toBe(epoch);
    await migrate(test.db, { schema: 'log_other', migrations: archiveMigrations });
    expect(await new Archive(test.db, 'log_other').epoch()).not.toBe(epoch);
  });
});

describe('a consumer that keeps everything', () => {
  it('parks what nobody could ever read, with the reason, and keeps the rest', async () => {
    const exits: string[] = [];
    const saying = (revision: number, value: Uint8Array) => ({ ...message(1, revision), value });
    const text = (json: string) => new TextEncoder().encode(json);
    const batch: Batch = {
      messages: [
        saying(1, text('{"type":')),
        saying(2, Uint8Array.of(0xff, 0xfe)),
        saying(3, text('7')),
        message(1, 4),
      ],
      done: async ({ offset }) => void exits.push(`done ${offset}`),
      park: async ({ offset }, why) => void exits.push(`parked ${offset}: ${why}`),
      beat: async () => {},
      signal: new AbortController().signal,
    };
    await keepIn(archive)(batch);
    expect(exits).toEqual([
      'parked 1: not JSON',
      'parked 2: not JSON',
      'parked 3: not a JSON object',
      'done 4',
    ]);
    expect((await archive.ofWarning(warningNo(1))).map(({ revision }) => revision)).toEqual([4]);
  });

  it('parks what is not ours, with the reason, and keeps the rest', async () => {
    const exits: string[] = [];
    const foreign = { ...message(1, 2), headers: {} };
    const batch: Batch = {
      messages: [message(1, 1), foreign, message(1, 3)],
      done: async ({ offset }) => void exits.push(`done ${offset}`),
      park: async ({ offset }, why) => void exits.push(`parked ${offset}: ${why}`),
      beat: async () => {},
      signal: new AbortController().signal,
    };
    await keepIn(archive)(batch);
    expect(exits).toEqual(['done 1', 'parked 2: no CloudEvents headers of ours', 'done 3']);
    expect((await archive.ends()).newest).toBe(2n);
  });
});

it('a message whose head the database can never take is parked, and holds up nothing behind it', async () => {
  const odd: Record<string, string>[] = [
    { ce_time: 'yesterday evening' },
    { ce_sequence: '9999999999' },
    { ce_id: 'half\u0000' },
    { ce_id: Buffer.from(Array.from({ length: 9_000 }, (_, n) => (n * n * 31) % 251)).toString('base64') },
    { 'x-partner': '\u0000' },
  ];
  const messages = Array.from({ length: 12 }, (_, n) => {
    const { headers, ...rest } = message(1, n);
    return {
      ...rest,
      headers: { ...headers, ce_sequence: String(n + 1), ...(n % 2 === 1 ? odd[(n - 1) / 2] : {}) },
    };
  });
  const parked: bigint[] = [];
  const work = new PartitionWork(
    {
      handle: keepIn(archive),
      maxBatch: 500,
      park: async ({ offset }) => void parked.push(offset),
      commit: async () => undefined,
      roomAgain: () => undefined,
      log: silentLog,
    },
    0n,
  );
  work.offer(messages);
  await until('all are kept or parked', () => !work.busy);
  await work.close();
  expect(parked).toEqual([1n, 3n, 5n, 7n, 9n]);
  expect((await archive.ends()).newest).toBe(7n);
}, 90_000);
