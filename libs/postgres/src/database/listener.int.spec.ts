import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Database, DatabaseAway, lockKey } from '#postgres';
import { testDatabase, type TestDatabase } from '#postgres/testing';
import { silentLog, sleep, type Log } from '#runtime';

let test: TestDatabase;
let names = 0;
const ends: Database[] = [];
beforeAll(async () => {
  test = await testDatabase();
});
afterAll(async () => {
  for (const db of ends) await db.close();
  await test?.close();
});

/** A process of the house, by the name of its connections. */
async function openProcess(log: Log = silentLog): Promise<{ db: Database; name: string }> {
  const name = `process ${(names += 1)}`;
  const db = await Database.open({ url: test.url, max: 1, log, name });
  ends.push(db);
  return { db, name };
}
const sessions = async (name: string): Promise<number> =>
  (await test.db.query('select 1 from pg_stat_activity where application_name = $1', [name])).length;
/** Ends the connection that holds this lock, as an operator or a lost network does. */
const cutHolder = (key: bigint) =>
  test.db.query(
    `select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and granted
       and (classid::bigint << 32) | objid::bigint = $1`,
    [key],
  );
const cut = (name: string) =>
  test.db.query('select pg_terminate_backend(pid) from pg_stat_activity where application_name = $1', [name]);
async function until(what: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 30_000;
  while (!(await what())) {
    if (performance.now() > deadline) throw new Error('not within 30 s');
    await sleep(5);
  }
}

describe('the connection that listens', () => {
  it('calls everybody who listens on a channel, and nobody on another', async () => {
    const { db } = await openProcess();
    const heard: string[] = [];
    db.listen('events', (payload) => heard.push(`one ${payload}`));
    db.listen('events', (payload) => heard.push(`two ${payload}`));
    db.listen('other', (payload) => heard.push(`other ${payload}`));
    await until(async () => {
      await test.db.query(`select pg_notify('events', 'flood')`);
      return heard.length >= 2;
    });
    expect(heard.slice(0, 2)).toEqual(['one flood', 'two flood']);
    expect(heard.some((line) => line.startsWith('other'))).toBe(false);
  });

  it.each(['with "quotes"', 'UPPER and lower', 'incident_command.event', `it's; drop table x`])(
    'hears the channel %s under exactly that name',
    async (channel) => {
      const { db } = await openProcess();
      const heard: string[] = [];
      db.listen(channel, (payload) => heard.push(payload));
      await until(async () => {
        await test.db.query('select pg_notify($1, $2)', [channel, 'yes']);
        return heard.includes('yes');
      });
    },
  );

  it('goes on calling the others when one of them throws, and says so', async () => {
    const lines: string[] = [];
    const { db } = await openProcess({ ...silentLog, error: (_, sentence) => void lines.push(sentence) });
    const heard: string[] = [];
    db.listen('events', () => {
      throw new Error('a page is gone');
    });
    db.listen('events', (payload) => heard.push(payload));
    await until(async () => {
      await test.db.query(`select pg_notify('events', 'flood')`);
      return heard.length > 0;
    });
    expect(lines[0]).toBe('a listener failed');
  });

  it('keeps the channel for the one who stays when another leaves, and leaves once only', async () => {
    const { db } = await openProcess();
    const [left, stayed]: [string[], string[]] = [[], []];
    const leave = db.listen('events', (payload) => left.push(payload));
    db.listen('events', (payload) => stayed.push(payload));
    leave();
    leave();
    await until(async () => {
      await test.db.query(`select pg_notify('events', 'flood')`);
      return stayed.length > 0;
    });
    expect(left).toEqual([]);
  });

  it('comes back after it was cut, hears again, and calls once with nothing for what was missed', async () => {
    const { db, name } = await openProcess();
    const heard: string[] = [];
    db.listen('events', (payload) => heard.push(payload));
    await db.query('select 1');
    await cut(name);
    await until(() => heard.includes(''));
    expect(heard.filter((payload) => payload === '')).toHaveLength(1);
    await test.db.query(`select pg_notify('events', 'after')`);
    await until(() => heard.includes('after'));
  });

  it('leaves no connection behind when it is closed while it is coming back', async () => {
    for (const laterMs of [0, 1, 3, 6]) {
      const { db, name } = await openProcess();
      let wasLost = (): void => undefined;
      const lost = new Promise<void>((resolve) => (wasLost = resolve));
      await db.tryHold(lockKey('test', name), wasLost);
      await cutHolder(lockKey('test', name));
      await lost;
      await sleep(laterMs);
      await db.close();
      ends.splice(ends.indexOf(db), 1);
      await until(async () => (await sessions(name)) === 0);
      await sleep(50); // one that was on its way may have come meanwhile: it does not stay
      await until(async () => (await sessions(name)) === 0);
    }
  });

  it('is closed twice without harm, and holds no lock afterwards', async () => {
    const { db } = await openProcess();
    const key = lockKey('test', 'closing');
    await db.tryHold(key, () => {});
    await db.close();
    ends.splice(ends.indexOf(db), 1);
    expect(await db.tryHold(key, () => {})).toBeUndefined();
    await until(async () => (await test.db.tryHold(key, () => {})) !== undefined);
  });
});

describe('a lock that a process holds', () => {
  it.each([0n, 1n, -1n, 2n ** 63n - 1n, -(2n ** 63n)])('may have any key of 64 bits: %s', async (key) => {
    const [{ db: one }, { db: other }] = [await openProcess(), await openProcess()];
    const held = await one.tryHold(key, () => {});
    expect(held).toBeDefined();
    expect(await other.tryHold(key, () => {})).toBeUndefined();
    await held?.release();
    const next = await other.tryHold(key, () => {});
    expect(next).toBeDefined();
    await next?.release();
  });

  it('is free for the next at once when it is let go, and only then', async () => {
    const [{ db: one }, { db: other }] = [await openProcess(), await openProcess()];
    const key = lockKey('test', 'turns');
    for (let turn = 0; turn < 5; turn += 1) {
      const [now, next] = turn % 2 === 0 ? [one, other] : [other, one];
      const held = await now.tryHold(key, () => {});
      expect(held).toBeDefined();
      expect(await next.tryHold(key, () => {})).toBeUndefined();
      await held?.release();
      await held?.release(); // twice is once
    }
  });

  it('is given to one of many who ask at once', async () => {
    const all = await Promise.all(Array.from({ length: 6 }, () => openProcess()));
    const key = lockKey('test', 'rush');
    const held = await Promise.all(
      all.flatMap(({ db }) => [db.tryHold(key, () => {}), db.tryHold(key, () => {})]),
    );
    expect(held.filter((one) => one !== undefined)).toHaveLength(1);
  });

  it('writes through the connection that holds it, and not one row after it is lost', async () => {
    const { db } = await openProcess();
    await test.db.execute('create table turns (note text)');
    const key = lockKey('test', 'writer');
    let lost = 0;
    const held = await db.tryHold(key, () => (lost += 1));
    expect(await held?.execute('insert into turns values ($1), ($2)', ['a', 'b'])).toBe(2);
    expect(await held?.execute(`update turns set note = 'c' where false`)).toBe(0);
    await cutHolder(key);
    await expect(held?.execute(`insert into turns values ('late')`)).rejects.toBeInstanceOf(DatabaseAway);
    await until(() => lost === 1);
    await until(async () => (await db.tryHold(lockKey('test', 'another'), () => {})) !== undefined); // it is back
    await expect(held?.execute(`insert into turns values ('late')`)).rejects.toThrow(
      'the lock went with its connection',
    );
    expect(await test.db.query('select note from turns order by note')).toEqual([
      { note: 'a' },
      { note: 'b' },
    ]);
  });

  it('stays held when a statement through it is refused', async () => {
    const { db } = await openProcess();
    const key = lockKey('test', 'refusal');
    let lost = 0;
    const held = await db.tryHold(key, () => (lost += 1));
    await expect(held?.execute('insert into nowhere values (1)')).rejects.toMatchObject({ code: '42P01' });
    expect(await test.db.tryHold(key, () => {})).toBeUndefined();
    expect(await held?.execute('select 1')).toBe(1);
    expect(lost).toBe(0);
  });

  it('is told lost to each of several holders, once', async () => {
    const { db, name } = await openProcess();
    const lost: string[] = [];
    for (const purpose of ['relay', 'member', 'sweeper'])
      await db.tryHold(lockKey(name, purpose), () => lost.push(purpose));
    await cutHolder(lockKey(name, 'member'));
    await until(() => lost.length === 3);
    await sleep(50);
    expect(lost.sort()).toEqual(['member', 'relay', 'sweeper']);
  });
});
