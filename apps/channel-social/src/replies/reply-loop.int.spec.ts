import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  ChannelRecord,
  channelMigrations,
  type InboundItem,
  type SocialAccount,
  type SocialAdapter,
} from '#channel';
import { warning } from '#channel/testing';
import type { Instant } from '#contracts';
import { migrate } from '#postgres';
import { testDatabase, type TestDatabase } from '#postgres/testing';
import { silentLog, SystemClock } from '#runtime';
import { socialMigrations } from '../migrations/social.migration.js';
import { anAccount } from '../testing/a-part.js';
import { ReplyLoop } from './reply-loop.js';

const item = (n: number, answers: string | null = null): InboundItem => ({
  id: `note-${n}`,
  at: `2026-11-21T10:0${n}:00.000Z` as Instant,
  text: `is the road open? ${n}`,
  author: `did:plc:person${n}`,
  answers: answers === null ? null : { id: answers },
});

describe('reading what people answer', () => {
  let test: TestDatabase;
  let record: ChannelRecord;
  let cursors: (string | null)[];
  /** What the platform gives at each look; an error is a look that fails. */
  let looks: ({ items: InboundItem[]; cursor: string | null } | Error)[];
  const account: SocialAccount = {
    account: anAccount('mastodon'),
    adapter: {
      inbound: async (_: unknown, cursor: string | null) => {
        cursors.push(cursor);
        const next = looks.shift() ?? { items: [], cursor };
        if (next instanceof Error) throw next;
        return next;
      },
    } as unknown as SocialAdapter,
  };
  const open = (everyMs = 10) =>
    new ReplyLoop({
      db: test.db,
      record,
      accounts: new Map([[account.account.accountId, account]]),
      everyMs,
      log: silentLog,
    });
  const facts = async () => (await record.record.after(0n, 100)).map(({ body }) => body);

  beforeEach(async () => {
    test = await testDatabase();
    await migrate(test.db, { schema: 'social', migrations: channelMigrations });
    await migrate(test.db, { schema: 'social', migrations: socialMigrations });
    record = new ChannelRecord(test.db, 'social', 'channel-social', new SystemClock());
    cursors = [];
    looks = [];
  });
  afterEach(() => test.close());

  // A database holds no zero, and what a post says that it answers is written by whoever posts it.
  it('is not held up by one that no database can hold', async () => {
    const odd = [
      item(1, 'at://did:plc:a\0b/post/1'),
      { ...item(2), id: 'note\0' },
      { ...item(3), author: 'did\0' },
    ];
    looks = [{ items: [...odd, item(4)], cursor: 'c' }];
    expect(await open().look(account)).toBe(2);
    expect((await facts()).map(({ text }) => text)).toEqual(['is the road open? 1', 'is the road open? 4']);
  });

  it('puts each reply on the record, without who wrote it', async () => {
    looks = [{ items: [item(1), item(2)], cursor: '2' }];
    expect(await open().look(account)).toBe(2);
    const [first] = await facts();
    expect(first).toMatchObject({
      type: 'InboundReceived',
      channel: 'social',
      text: 'is the road open? 1',
      at: '2026-11-21T10:01:00.000Z',
    });
    expect(JSON.stringify(await facts())).not.toContain('did:plc');
    const authors = await test.db.query(
      'select item_id, author from social.reply_author order by platform_id',
    );
    expect(authors[0]).toEqual({ item_id: first!['itemId'], author: 'did:plc:person1' });
  });

  it('goes on from where it was, also in another process', async () => {
    looks = [{ items: [item(1)], cursor: '1' }];
    await open().look(account);
    await open().look(account);
    expect(cursors).toEqual([null, '1']);
  });

  it('takes a reply that the platform gives twice only once', async () => {
    looks = [
      { items: [item(1)], cursor: '1' },
      { items: [item(1)], cursor: '1' },
      { items: [item(1), item(2)], cursor: '2' },
    ];
    const loop = open();
    expect([await loop.look(account), await loop.look(account), await loop.look(account)]).toEqual([1, 0, 1]);
    expect(await facts()).toHaveLength(2);
  });

  it('steps over nothing when two replicas look at the same moment', async () => {
    looks = Array.from({ length: 2 }, () => ({ items: [item(1), item(2)], cursor: '2' }));
    await Promise.allSettled([open().look(account), open().look(account)]);
    expect(await facts()).toHaveLength(2);
  });

  it('says which warning was answered', async () => {
    await test.db.execute(`insert into social.gate (warning_id, incident_id) values ($1, 'inc_1')`, [
      warning(7),
    ]);
    await test.db.execute(
      `insert into social.delivery (delivery_id, warning_id, version, act, chunk, ordinal, target, language, variant, ref)
       values ('dlv_1', $1, 1, 'issue', 0, 0, 'acc', 'en-GB', 'first', '{"id": "post-1"}')`,
      [warning(7)],
    );
    looks = [{ items: [item(1, 'post-1'), item(2, 'somebody-elses')], cursor: '2' }];
    await open().look(account);
    const [ours, other] = await facts();
    expect(ours).toMatchObject({ warningId: warning(7), incidentId: 'inc_1' });
    expect(other).not.toHaveProperty('warningId');
  });

  it('remembers where it is although nobody has answered yet', async () => {
    looks = [{ items: [], cursor: '0' }];
    expect(await open().look(account)).toBe(0);
    await open().look(account);
    expect(cursors).toEqual([null, '0']);
    expect(await facts()).toEqual([]);
  });

  it('goes on after a look that failed', async () => {
    looks = [new Error('the platform is away'), { items: [item(1)], cursor: '1' }];
    const loop = open();
    loop.start();
    for (let n = 0; n < 2_000 && (await facts()).length === 0; n += 1)
      await new Promise((resolve) => setTimeout(resolve, 10));
    await loop.stop();
    expect(await facts()).toHaveLength(1);
  });
});
