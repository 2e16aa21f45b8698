import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Database, DatabaseAway, lockKey } from '#postgres';
import { silentLog, sleep } from '#runtime';
import { testDatabase, type TestDatabase } from '#postgres/testing';

let test: TestDatabase;
beforeAll(async () => {
  test = await testDatabase();
});
afterAll(() => test.close());

describe('the database', () => {
  it('reads bigint as bigint, a moment as an instant and JSON as it stands', async () => {
    const [row] = await test.db.query(
      `select 9007199254740993::bigint as n, '2026-11-21 10:00:00.123+00'::timestamptz as at, '{"a": 1}'::jsonb as body,
              array[1, 2]::bigint[] as many`,
    );
    expect(row).toEqual({
      n: 9007199254740993n,
      at: '2026-11-21T10:00:00.123Z',
      body: { a: 1 },
      many: [1n, 2n],
    });
  });

  it('copies rows with every awkward character as they are', async () => {
    await test.db.execute('create table awkward (n bigint, t text, j jsonb, b bytea, nothing text)');
    const text = 'tab\tline\nback\\slash\rÅ🌊\\N';
    const count = await test.db.copyInto(
      'awkward',
      ['n', 't', 'j', 'b', 'nothing'],
      [[1n, text, { text }, new Uint8Array([0, 255, 92]), null]],
    );
    expect(count).toBe(1);
    expect(await test.db.query('select * from awkward')).toEqual([
      { n: 1n, t: text, j: { text }, b: Buffer.from([0, 255, 92]), nothing: null },
    ]);
  });

  it('copies all rows or none', async () => {
    await test.db.execute('create table people (id int primary key, name text not null)');
    const rows = [
      [1, 'ann'],
      [2, 'bob'],
      [1, 'somebody with the id of ann'],
    ];
    await expect(test.db.copyInto('people', ['id', 'name'], rows)).rejects.toMatchObject({ code: '23505' });
    expect(await test.db.query('select * from people')).toEqual([]);
    async function* failing() {
      yield [1, 'ann'];
      throw new Error('the file ends in the middle of a line');
    }
    await expect(test.db.copyInto('people', ['id', 'name'], failing())).rejects.toThrow('middle of a line');
    expect(await test.db.query('select * from people')).toEqual([]);
  });

  it('undoes a transaction that throws, and goes on with the same pool', async () => {
    await test.db.execute('create table tries (n int)');
    const failing = test.db.tx(async (tx) => {
      await tx.execute('insert into tries values (1)');
      throw new Error('decided otherwise');
    });
    await expect(failing).rejects.toThrow('decided otherwise');
    expect(await test.db.tx((tx) => tx.execute('insert into tries values (2)'))).toBe(1);
    expect(await test.db.query('select n from tries')).toEqual([{ n: 2 }]);
  });

  it('does not call committed what the server undid, because a statement had failed and nobody minded', async () => {
    await test.db.execute('create table minded (n int primary key)');
    const careless = test.db.tx(async (tx) => {
      await tx.execute('insert into minded values (1)');
      await tx.execute('insert into minded values (1)').catch(() => undefined);
    });
    await expect(careless).rejects.toThrow('the transaction was undone');
    expect(await test.db.query('select * from minded')).toEqual([]);
  });

  it('does not let a frozen process keep its locks: the server ends an idle transaction after two seconds', async () => {
    await test.db.execute('create table gate (version int)');
    const frozen = test.db.tx(async (tx) => {
      await tx.execute('lock table gate in exclusive mode');
      await sleep(6_000);
      await tx.execute('insert into gate values (1)');
    });
    const others = test.db.execute('insert into gate values (2)');
    await expect(frozen).rejects.toBeInstanceOf(DatabaseAway);
    await others;
    expect(await test.db.query('select version from gate')).toEqual([{ version: 2 }]);
  });

  it('ends a statement that runs too long, as something to try again', async () => {
    const hasty = await Database.open({ url: test.url, max: 1, log: silentLog, statementTimeoutMs: 500 });
    await expect(hasty.query('select pg_sleep(20)')).rejects.toBeInstanceOf(DatabaseAway);
    await hasty.close();
  });

  it('calls whoever listens, and calls once more after a lost connection, because something may have been missed', async () => {
    const calls: string[] = [];
    const unlisten = test.db.listen('a channel', (payload) => void calls.push(payload));
    await until(async () => {
      await test.db.query(`select pg_notify('a channel', 'hello')`);
      return calls.includes('hello');
    });
    await cutConnections();
    await until(() => calls.at(-1) === '');
    unlisten();
    const after = calls.length;
    await test.db.query(`select pg_notify('a channel', 'nobody hears this')`);
    await sleep(50);
    expect(calls).toHaveLength(after);
  });

  it('lets one hold a lock, tells it when the lock is lost, and gives it to the next', async () => {
    const other = await Database.open({ url: test.url, max: 1, log: silentLog });
    const key = lockKey('app', 'relay');
    let lost = 0;
    const held = await test.db.tryHold(key, () => (lost += 1));
    expect(held).toBeDefined();
    expect(await test.db.tryHold(key, () => {})).toBeUndefined(); // nor does the same process hold it twice
    expect(await other.tryHold(key, () => {})).toBeUndefined();
    await cutConnections();
    await until(() => lost === 1);
    await until(async () => (await other.tryHold(key, () => {}).catch(() => undefined)) !== undefined);
    await held?.release(); // it is not ours to let go of any more
    expect(await test.db.tryHold(key, () => {}).catch(() => undefined)).toBeUndefined();
    await other.close();
  });

  it('has keys of locks that differ by schema and by purpose, and never change', () => {
    expect(lockKey('incident_command', 'append')).toBe(4346029281784071979n);
    expect(lockKey('incident_command', 'migrate')).not.toBe(lockKey('incident_log', 'migrate'));
  });
});

const cutConnections = () =>
  test.db
    .query(
      `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`,
    )
    .catch(() => {});

async function until(what: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 30_000;
  while (!(await what())) {
    if (performance.now() > deadline) throw new Error('not within 30 s');
    await sleep(10);
  }
}
