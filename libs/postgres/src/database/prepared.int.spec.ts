import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Database, DatabaseAway } from '#postgres';
import { testDatabase, type TestDatabase } from '#postgres/testing';
import { silentLog } from '#runtime';

let test: TestDatabase;
let one: Database; // one connection, so that every statement meets what it prepared
beforeAll(async () => {
  test = await testDatabase();
  one = await Database.open({ url: test.url, max: 1, log: silentLog });
});
afterAll(async () => {
  await one?.close();
  await test?.close();
});

const backend = async (): Promise<unknown> => (await one.query('select pg_backend_pid() as pid'))[0]?.['pid'];
const preparedHere = async (sql: string): Promise<number> =>
  (await one.query('select 1 from pg_prepared_statements where statement = $1', [sql])).length;

describe('statements that connections have prepared', () => {
  it('are prepared once on a connection, and used again', async () => {
    const sql = 'select 1 + $1::int as sum';
    for (let n = 0; n < 3; n += 1) expect(await one.query(sql, [n])).toEqual([{ sum: n + 1 }]);
    expect(await preparedHere(sql)).toBe(1);
  });

  it('still answer when a migration gives their table a column, and then with that column', async () => {
    await test.db.execute('create table board (id int)');
    await test.db.execute('insert into board values (1)');
    expect(await one.query('select * from board')).toEqual([{ id: 1 }]);
    await test.db.execute(`alter table board add column place text default 'Leeds'`);
    expect(await one.query('select * from board')).toEqual([{ id: 1, place: 'Leeds' }]);
    await test.db.execute('alter table board alter column id type bigint');
    expect(await one.query('select * from board')).toEqual([{ id: 1n, place: 'Leeds' }]);
    expect(await one.query('select * from board')).toEqual([{ id: 1n, place: 'Leeds' }]); // on a new connection
  });

  it('change rows once only when their plan had to be made anew', async () => {
    await test.db.execute('create table tally (n int)');
    await test.db.execute('insert into tally values (0)');
    const sql = 'update tally set n = n + 1 returning *';
    expect(await one.query(sql)).toEqual([{ n: 1 }]);
    await test.db.execute('alter table tally add column by text');
    expect(await one.query(sql)).toEqual([{ n: 2, by: null }]);
    expect(await test.db.query('select n from tally')).toEqual([{ n: 2 }]);
  });

  it('follow a table that was dropped and made anew', async () => {
    await test.db.execute('create table gate (version int)');
    await test.db.execute('insert into gate values (1)');
    expect(await one.query('select version from gate')).toEqual([{ version: 1 }]);
    await test.db.execute('drop table gate');
    await expect(one.query('select version from gate')).rejects.toMatchObject({ code: '42P01' });
    await test.db.execute('create table gate (note text, version int)');
    await test.db.execute(`insert into gate values ('again', 2)`);
    expect(await one.query('select version from gate')).toEqual([{ version: 2 }]);
  });

  it('inside a transaction ask for another try, and the next one works', async () => {
    await test.db.execute('create table room (id int)');
    const look = () => one.tx((tx) => tx.query('select * from room'));
    expect(await look()).toEqual([]);
    await test.db.execute('alter table room add column seats int');
    await expect(look()).rejects.toBeInstanceOf(DatabaseAway);
    expect(await look()).toEqual([]);
  });

  it('are prepared anew when their connection was killed', async () => {
    const sql = 'select 2 + $1::int as sum';
    await one.query(sql, [1]);
    const before = await backend();
    await test.db.query('select pg_terminate_backend($1)', [before]);
    await one.query(sql, [1]).catch((error: unknown) => expect(error).toBeInstanceOf(DatabaseAway));
    expect(await one.query(sql, [5])).toEqual([{ sum: 7 }]);
    expect(await backend()).not.toBe(before);
    expect(await preparedHere(sql)).toBe(1);
  });

  it('keep their connection when the server refuses one: a conflict between officers costs no new connection', async () => {
    await test.db.execute('create table seat (id int primary key)');
    await one.execute('insert into seat values ($1)', [1]);
    const before = await backend();
    await expect(one.execute('insert into seat values ($1)', [1])).rejects.toMatchObject({ code: '23505' });
    await expect(one.query('select nonsense')).rejects.toMatchObject({ code: '42703' });
    expect(await backend()).toBe(before);
    expect(await one.execute('insert into seat values ($1)', [2])).toBe(1);
  });

  it('of two types for the same parameter are both right: the text decides, not the value', async () => {
    const sql = 'select $1::text as said';
    expect(await one.query(sql, ['7'])).toEqual([{ said: '7' }]);
    expect(await one.query(sql, [7])).toEqual([{ said: '7' }]);
    expect(await one.query(sql, [null])).toEqual([{ said: null }]);
  });

  it('that were made for one occasion, more than there are names, work unprepared', async () => {
    for (let n = 0; n < 450; n += 1) expect(await one.query(`select ${n} as n`)).toEqual([{ n }]);
    const [row] = await one.query<{ held: bigint }>('select count(*) as held from pg_prepared_statements');
    expect(row?.held).toBeLessThanOrEqual(400n);
  });
});
