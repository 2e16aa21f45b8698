import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { channelMigrations } from '#channel';
import { migrate } from '#postgres';
import { testDatabase, type TestDatabase } from '#postgres/testing';
import { smsMigrations } from '../migrations/sms.migration.js';
import { MessageReferences } from './message-references.js';

describe('the numbers that join the parts of a message', () => {
  let test: TestDatabase;
  let references: MessageReferences;
  const to = (recipient: string, ...keys: string[]) => keys.map((messageKey) => ({ messageKey, recipient }));

  beforeAll(async () => {
    test = await testDatabase();
    await migrate(test.db, { schema: 'sms', migrations: channelMigrations });
    await migrate(test.db, { schema: 'sms', migrations: smsMigrations });
    references = new MessageReferences(test.db, 'sms');
  });
  afterAll(() => test.close());

  it('count on for each person by itself, and stay with the message', async () => {
    expect(Object.fromEntries(await references.of([...to('ann', 'a1', 'a2'), ...to('bob', 'b1')]))).toEqual({
      a1: 0,
      a2: 1,
      b1: 0,
    });
    expect(Object.fromEntries(await references.of([...to('ann', 'a2', 'a3'), ...to('bob', 'b1')]))).toEqual({
      a2: 1,
      a3: 2,
      b1: 0,
    });
  });

  it('are never given twice to one person, whoever asks at the same moment', async () => {
    const asks = Array.from({ length: 16 }, (_, n) => references.of(to('carol', `c${n}`, `d${n}`)));
    const given = (await Promise.all(asks)).flatMap((one) => [...one.values()]);
    expect(new Set(given).size).toBe(32);
  });

  it('are asked for nobody', async () => expect((await references.of([])).size).toBe(0));
});
