import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { channelMigrations } from '#channel';
import { migrate } from '#postgres';
import { testDatabase, type TestDatabase } from '#postgres/testing';
import { smsMigrations } from '../migrations/sms.migration.js';
import { LongTexts } from './long-texts.js';

describe('a long text from the public', () => {
  let test: TestDatabase;
  let long: LongTexts;
  beforeAll(async () => {
    test = await testDatabase();
    await migrate(test.db, { schema: 'sms', migrations: channelMigrations });
    await migrate(test.db, { schema: 'sms', migrations: smsMigrations });
    long = new LongTexts(test.db, 'sms');
  });
  afterAll(() => test.close());

  const part = (from: string, reference: number, number: number, text: string, total = 3) =>
    long.keep({ from, text, joined: { reference, total, number } });

  it('is put together whatever the order, and a part that comes twice counts once', async () => {
    expect(await part('+441', 1, 3, 'roof')).toBeUndefined();
    expect(await part('+441', 1, 1, 'we are ')).toBeUndefined();
    expect(await part('+441', 1, 1, 'we are ')).toBeUndefined();
    expect(await part('+441', 1, 2, 'on the ')).toBe('we are on the roof');
  });

  it('is whole exactly once, also when its parts come on two sessions at the same moment', async () => {
    for (let reference = 10; reference < 20; reference += 1) {
      const came = await Promise.all(
        [1, 2, 3].map((number) => part('+442', reference, number, String(number))),
      );
      expect(came.filter((text) => text !== undefined)).toEqual(['123']);
    }
  });

  it('is not mixed with another of the same reference from somebody else', async () => {
    expect(await part('+443', 5, 1, 'a', 2)).toBeUndefined();
    expect(await part('+444', 5, 2, 'b', 2)).toBeUndefined();
    expect(await part('+443', 5, 2, 'c', 2)).toBe('ac');
    expect(await part('+444', 5, 1, 'd', 2)).toBe('db');
  });

  it('is shown with its gap when the rest does not come, once', async () => {
    await part('+445', 9, 1, 'water is up to', 3);
    await part('+445', 9, 3, 'please hurry', 3);
    expect(await long.incomplete(60_000)).toEqual([]); // it may still come
    expect(await long.incomplete(0)).toEqual([{ from: '+445', text: 'water is up to […] please hurry' }]);
    expect(await long.incomplete(0)).toEqual([]);
  });
});
