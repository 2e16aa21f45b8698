import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Database, DatabaseAway, OtherWorld, rememberMode } from '#postgres';
import { testDatabase, type TestDatabase } from '#postgres/testing';
import { silentLog } from '#runtime';

let test: TestDatabase;
beforeEach(async () => {
  test = await testDatabase();
});
afterEach(() => test.close());

describe('a database that remembers its world', () => {
  it.each([
    ['exercise', 'live'],
    ['live', 'exercise'],
  ] as const)('is for ever of the world %s where it began, and refuses %s', async (first, other) => {
    await rememberMode(test.db, first);
    await rememberMode(test.db, first);
    await expect(rememberMode(test.db, other)).rejects.toBeInstanceOf(OtherWorld);
    await expect(rememberMode(test.db, other)).rejects.toThrow(
      `this database belongs to the world ${first}, and this process runs in ${other}`,
    );
    expect(await test.db.query('select mode from larum.world')).toEqual([{ mode: first }]);
  });

  it('lets exactly one world in when both begin at once', async () => {
    const all = await Promise.allSettled(
      Array.from({ length: 8 }, (_, n) => rememberMode(test.db, n % 2 === 0 ? 'live' : 'exercise')),
    );
    const refused = all.filter(({ status }) => status === 'rejected');
    expect(refused).toHaveLength(4);
    for (const one of refused)
      expect(one).toMatchObject({ reason: { name: 'OtherWorld', forOperator: true } });
    expect(await test.db.query('select mode from larum.world')).toHaveLength(1);
  });

  it('keeps its note where it is told to, whatever the name', async () => {
    await rememberMode(test.db, 'exercise', 'an "odd" name');
    expect(await test.db.query('select mode from "an ""odd"" name".world')).toEqual([{ mode: 'exercise' }]);
    await rememberMode(test.db, 'live'); // another note of another house
  });

  it('says that trying again can help when it cannot be reached', async () => {
    const db = await Database.open({ url: test.url, max: 1, log: silentLog });
    await db.close();
    await expect(rememberMode(db, 'exercise')).rejects.toBeInstanceOf(DatabaseAway);
  });
});
