import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Subscribers } from '#audience';
import { ChannelRecord, channelMigrations } from '#channel';
import type { AccountId } from '#contracts';
import { migrate } from '#postgres';
import { testDatabase, type TestDatabase } from '#postgres/testing';
import { silentLog, SystemClock } from '#runtime';
import { smsMigrations } from '../migrations/sms.migration.js';
import { LongTexts } from './long-texts.js';
import { Replies } from './replies.js';

/** A record whose database can be away. */
class Shaky extends ChannelRecord {
  away = false;

  override appendAt(...write: Parameters<ChannelRecord['appendAt']>): Promise<boolean> {
    return this.away ? Promise.reject(new Error('the database is away')) : super.appendAt(...write);
  }
}

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

  const joined = (from: string, reference: number, number: number, text: string, total: number) => ({
    from,
    text,
    joined: { reference, total, number },
  });
  const part = async (from: string, reference: number, number: number, text: string, total = 3) =>
    (await long.keep(joined(from, reference, number, text, total)))?.text;
  const shown = async () =>
    (
      await test.db.query<{ text: string }>(`select body->>'text' as text from sms.event order by position`)
    ).map(({ text }) => text);
  const inbox = (): { record: Shaky; replies: Replies } => {
    const record = new Shaky(test.db, 'sms', 'channel-sms', new SystemClock());
    const subscribers = { byAddress: async () => undefined } as unknown as Subscribers;
    const accountId = `acc_${'5'.repeat(32)}` as AccountId;
    return {
      record,
      replies: new Replies({ db: test.db, record, subscribers, long, accountId, log: silentLog }),
    };
  };

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
    await test.db.execute('delete from sms.incoming_part');
    const { record, replies } = inbox();
    await part('+445', 9, 1, 'water is up to', 3);
    await part('+445', 9, 3, 'please hurry', 3);
    expect(await replies.takeIncomplete(60_000)).toBe(0); // it may still come
    record.away = true;
    expect(await replies.takeIncomplete(0)).toBe(0);
    record.away = false;
    expect(await replies.takeIncomplete(0)).toBe(1);
    expect(await replies.takeIncomplete(0)).toBe(0);
    expect(await shown()).toEqual(['water is up to […] please hurry']);
  });

  it('is not lost when it is whole and cannot be stored: the gateway brings only its last part again', async () => {
    const { record, replies } = inbox();
    const [first, last] = [joined('+446', 7, 1, 'we are ', 2), joined('+446', 7, 2, 'on the roof', 2)];
    await replies.take(first);
    record.away = true;
    await expect(replies.take(last)).rejects.toThrow('the database is away');
    record.away = false;
    await replies.take(last);
    expect((await shown()).at(-1)).toBe('we are on the roof');
    expect(await long.incomplete(0)).toEqual([]); // and none of it is left
  });
});
