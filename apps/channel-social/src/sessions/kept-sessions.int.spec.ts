import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { channelMigrations } from '#channel';
import type { AccountId } from '#contracts';
import { migrate } from '#postgres';
import { testDatabase, type TestDatabase } from '#postgres/testing';
import { socialMigrations } from '../migrations/social.migration.js';
import { KeptSessions } from './kept-sessions.js';

const account = `acc_${'a'.repeat(32)}` as AccountId;

describe('a kept login', () => {
  let test: TestDatabase;
  let kept: KeptSessions;
  beforeAll(async () => {
    test = await testDatabase();
    await migrate(test.db, { schema: 'social', migrations: channelMigrations });
    await migrate(test.db, { schema: 'social', migrations: socialMigrations });
    kept = new KeptSessions(test.db, 'social');
  });
  afterAll(() => test.close());

  it('is not there before the first', async () =>
    expect(await kept.shelf(account, 'app-pass').load()).toBeNull());

  it('comes back with the same secret, newest last', async () => {
    await kept.shelf(account, 'app-pass').save('refresh-1');
    await kept.shelf(account, 'app-pass').save('refresh-2');
    expect(await kept.shelf(account, 'app-pass').load()).toBe('refresh-2');
  });

  it('does not open with another secret, for another account, or after a change of its bytes', async () => {
    expect(await kept.shelf(account, 'new-pass').load()).toBeNull();
    await test.db.execute(
      `update social.kept_session set sealed = set_byte(sealed, 30, get_byte(sealed, 30) # 1)`,
    );
    expect(await kept.shelf(account, 'app-pass').load()).toBeNull();
  });

  it('cannot be read from the database', async () => {
    await kept.shelf(account, 'app-pass').save('refresh-3');
    const [row] = await test.db.query<{ sealed: Uint8Array }>('select sealed from social.kept_session');
    expect(Buffer.from(row!.sealed).includes('refresh-3')).toBe(false);
  });
});
