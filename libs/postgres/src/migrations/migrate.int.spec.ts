import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Column, Entity, PrimaryColumn, type MigrationInterface, type QueryRunner } from 'typeorm';
import { migrate, openDataSource, OtherWorld, recordMigrations, rememberMode } from '#postgres';
import { testDatabase, type TestDatabase } from '#postgres/testing';
import { runChild } from '../testing/child.js';

class Accounts1764000000001 implements MigrationInterface {
  readonly name = 'Accounts1764000000001';
  readonly transaction = false; // as `create index concurrently` demands

  async up(db: QueryRunner): Promise<void> {
    await db.query('create table account (id text primary key, followers bigint not null, seen timestamptz)');
    await db.query('create index concurrently account_by_followers on account (followers)');
  }

  async down(): Promise<void> {}
}

@Entity('account')
class Account {
  @PrimaryColumn('text')
  id!: string;

  @Column('bigint')
  followers!: string;

  @Column('timestamptz', { nullable: true })
  seen!: Date | null;
}

let test: TestDatabase;
beforeAll(async () => {
  test = await testDatabase();
});
afterAll(() => test.close());

describe('migrations', () => {
  it('run once, though ten processes start at the same moment', async () => {
    const children = Array.from({ length: 10 }, () =>
      runChild(new URL('../testing/migrate-main.ts', import.meta.url), [test.url, 'started_together']),
    );
    expect(await Promise.all(children.map(({ ended }) => ended))).toEqual(
      Array.from({ length: 10 }, () => 0),
    );
    expect(await test.db.query('select name from started_together.migration')).toEqual([
      { name: 'Record1764000000000' },
    ]);
  }, 60_000);

  it('may build an index without locking its table, while others wait for their turn', async () => {
    const schema = { schema: 'indexed', migrations: [...recordMigrations, Accounts1764000000001] };
    await Promise.all([migrate(test.db, schema), migrate(test.db, schema), migrate(test.db, schema)]);
    expect(await test.db.query('select name from indexed.migration order by id')).toHaveLength(2);
  });

  it('keep two apps of one database apart', async () => {
    await migrate(test.db, { schema: 'app_one', migrations: recordMigrations });
    await migrate(test.db, { schema: 'app_two', migrations: recordMigrations });
    await test.db.execute(`insert into app_one.relay_cursor (name, position) values ('stream', 7)`);
    expect(await test.db.query('select * from app_two.relay_cursor')).toEqual([]);
  });

  it('leave ordinary tables to entities, on the pool that everything shares', async () => {
    await migrate(test.db, { schema: 'ordinary', migrations: [...recordMigrations, Accounts1764000000001] });
    const source = await openDataSource(test.db, { schema: 'ordinary', entities: [Account] });
    const accounts = source.getRepository(Account);
    const seen = new Date('2026-11-21T10:00:00.000Z');
    await accounts.insert({ id: 'acc_1', followers: '12000', seen });
    expect(await accounts.findOneBy({ id: 'acc_1' })).toEqual({ id: 'acc_1', followers: '12000', seen });
    for (let n = 0; n < 30; n += 1)
      await source.query('select pg_terminate_backend(pg_backend_pid())').catch(() => {});
    expect(test.db.pool.totalCount).toBeLessThanOrEqual(1); // a connection that was lost is not counted for ever
    await source.destroy();
    expect(await test.db.query('select id from ordinary.account')).toEqual([{ id: 'acc_1' }]); // the pool lives on
    expect(test.db.pool.totalCount).toBeLessThanOrEqual(10);
  });
});

describe('a database', () => {
  it('remembers its world and refuses the other, also when many processes ask at once', async () => {
    await Promise.all(Array.from({ length: 8 }, () => rememberMode(test.db, 'exercise')));
    await expect(rememberMode(test.db, 'live')).rejects.toBeInstanceOf(OtherWorld);
    await rememberMode(test.db, 'exercise');
  });
});
