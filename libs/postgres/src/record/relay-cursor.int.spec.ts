import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { silentLog } from '#runtime';
import { migrate } from '../migrations/migrate.js';
import { testDatabase, type TestDatabase } from '../testing/test-database.js';
import { recordMigrations } from './record-migrations.js';
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
    expect(await cursor().read()).toEqual({ position: 0n, published: [] }));

  it('is written once for several steps, with the last place of every partition', async () => {
    const moved = cursor();
    await moved.read();
    moved.move(3n, [at(7n), at(2n, 1)]);
    moved.move(5n, [at(9n)]);
    expect((await cursor().read()).position).toBe(0n); // not yet
    await moved.flush();
    expect(await cursor().read()).toEqual({ position: 5n, published: [at(9n), at(2n, 1)] });
  });

  it('is written within a moment, without anybody asking', async () => {
    const moved = cursor();
    await moved.read();
    moved.move(4n, []);
    await sleep(400);
    expect((await cursor().read()).position).toBe(4n);
  });

  it('never goes back, when a frozen relay wakes up late', async () => {
    const [late, next] = [cursor(), cursor()];
    await late.read();
    late.move(3n, [at(3n)]);
    next.move(8n, [at(8n)]);
    await next.flush();
    await late.flush();
    expect(await cursor().read()).toEqual({ position: 8n, published: [at(8n)] });
  });

  it('is not moved by a relay whose turn is over: its successor may have gone back to the first event', async () => {
    const [old, next] = [cursor(), cursor()];
    await old.read();
    old.move(6n, [at(6n)]);
    old.drop();
    await next.reset();
    await old.flush();
    expect(await cursor().read()).toEqual({ position: 0n, published: [] });
  });

  it('is written again with the next step when the database refused it once', async () => {
    const moved = cursor();
    await moved.read();
    await test.db.execute('alter table house.relay_cursor rename to relay_cursor_away');
    moved.move(2n, [at(2n)]);
    await moved.flush(); // does not throw: what was not noted is published again
    await test.db.execute('alter table house.relay_cursor_away rename to relay_cursor');
    moved.move(3n, [at(3n)]);
    await moved.flush();
    expect(await cursor().read()).toEqual({ position: 3n, published: [at(3n)] });
  });
});
