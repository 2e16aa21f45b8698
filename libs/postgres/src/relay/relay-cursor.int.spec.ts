import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { silentLog } from '#runtime';
import { Database, lockKey } from '../database/database.js';
import { migrate } from '../migrations/migrate.js';
import { fact } from '../testing/facts.js';
import { testDatabase, type TestDatabase } from '../testing/test-database.js';
import { EventRecord } from '../record/event-record.js';
import { recordMigrations } from '../record/record-migrations.js';
import { RelayCursor } from './relay-cursor.js';

const at = (offset: bigint, partition = 0) => ({ topic: 'exercise.warnings.v1', partition, offset });

describe('how far a relay has come', () => {
  let test: TestDatabase;
  let name = '';
  let runs = 0;
  const cursor = () => new RelayCursor(test.db, 'house', name, silentLog);

  beforeAll(async () => {
    test = await testDatabase();
    await migrate(test.db, { schema: 'house', migrations: recordMigrations });
  });
  afterAll(() => test.close());
  beforeEach(() => void (name = `relay ${(runs += 1)}`));

  it('is the beginning for a relay that is new', async () =>
    expect(await cursor().read(test.db)).toEqual({ position: 0n, published: [] }));

  it('is written once for several steps, with the last place of every partition', async () => {
    const moved = cursor();
    await moved.read(test.db);
    moved.move(3n, [at(7n), at(2n, 1)]);
    moved.move(5n, [at(9n)]);
    expect((await cursor().read(test.db)).position).toBe(0n); // not yet
    await moved.flush();
    expect(await cursor().read(test.db)).toEqual({ position: 5n, published: [at(9n), at(2n, 1)] });
  });

  it('is written within a moment, without anybody asking', async () => {
    const moved = cursor();
    await moved.read(test.db);
    moved.move(4n, []);
    let position = 0n;
    for (let looks = 0; looks < 1_000 && position === 0n; looks += 1) {
      await sleep(20);
      ({ position } = await cursor().read(test.db));
    }
    expect(position).toBe(4n);
  });

  it('never goes back, when a frozen relay wakes up late', async () => {
    const [late, next] = [cursor(), cursor()];
    await late.read(test.db);
    await next.read(test.db);
    late.move(3n, [at(3n)]);
    next.move(8n, [at(8n)]);
    await next.flush();
    await late.flush();
    expect(await cursor().read(test.db)).toEqual({ position: 8n, published: [at(8n)] });
  });

  it('is not moved by a relay whose turn is over: its successor may have gone back to the first event', async () => {
    const [old, next] = [cursor(), cursor()];
    await old.read(test.db);
    old.move(6n, [at(6n)]);
    old.drop();
    await next.reset();
    await old.flush();
    expect(await cursor().read(test.db)).toEqual({ position: 0n, published: [] });
  });

  it('is written again with the next step when the database refused it once', async () => {
    const moved = cursor();
    await moved.read(test.db);
    await test.db.execute('alter table house.relay_cursor rename to relay_cursor_away');
    moved.move(2n, [at(2n)]);
    await moved.flush(); // does not throw: what was not noted is published again
    await test.db.execute('alter table house.relay_cursor_away rename to relay_cursor');
    moved.move(3n, [at(3n)]);
    await moved.flush();
    expect(await cursor().read(test.db)).toEqual({ position: 3n, published: [at(3n)] });
  });

  it('writes nothing once its lock is gone: one that was frozen wakes up with its timer first, and is told only then', async () => {
    const key = lockKey('house', name);
    const frozen = await Database.open({ url: test.url, max: 2, log: silentLog });
    const turn = await frozen.tryHold(key, () => {});
    const [old, next] = [cursor(), cursor()];
    await old.read(turn!);
    old.move(5n, [at(5n)]);
    await old.flush();
    old.move(6n, [at(6n)]);
    await test.db.query(
      `select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and granted
         and (classid::bigint << 32) | objid::bigint = $1`,
      [key],
    );
    await next.read(test.db);
    await next.reset();
    await old.flush(); // does not throw
    expect(await cursor().read(test.db)).toEqual({ position: 0n, published: [] });
    await frozen.close();
  });

  it('knows a stream that lost what it had by places that come again or lie before those that were told', async () => {
    const moved = cursor();
    await moved.read(test.db);
    expect(moved.isBehind([at(0n)])).toBe(false);
    moved.move(2n, [at(7n), at(3n, 1)]);
    expect(moved.isBehind([at(8n), at(4n, 1)])).toBe(false);
    expect(moved.isBehind([at(8n), at(3n, 1)])).toBe(true);
    expect(moved.isBehind([at(0n)])).toBe(true);
    expect(moved.isBehind([at(0n, 2)])).toBe(false); // nothing lay there
    await moved.flush();
    const next = cursor();
    await next.read(test.db);
    expect(next.isBehind([at(7n)])).toBe(true); // and so does the next relay
    await next.reset();
    expect(next.isBehind([at(0n)])).toBe(false);
  });

  it('counts what is still to come, for a relay that never began as for one that stands in the middle', async () => {
    const before = await cursor().lag();
    const moved = cursor();
    await moved.read(test.db);
    await new EventRecord(test.db, 'house').append({
      facts: [fact(`lag ${name}`, 1), fact(`lag ${name}`, 2)],
    });
    expect(await moved.lag()).toBe(before + 2n);
    moved.move(1n, []);
    await moved.flush();
    expect(await moved.lag()).toBe(before + 1n);
  });

  it('keeps the topic whole, whatever stands in its name', async () => {
    const moved = cursor();
    await moved.read(test.db);
    const odd = { topic: 'exercise/odd.topic-v1', partition: 11, offset: 9_007_199_254_740_993n };
    moved.move(1n, [odd]);
    await moved.flush();
    expect((await cursor().read(test.db)).published).toEqual([odd]);
  });
});
