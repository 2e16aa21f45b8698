import { describe, expect, it } from '@jest/globals';
import type { AccountHealth, AccountReports, SocialAccount, SocialAdapter } from '#channel';
import { silentLog } from '#runtime';
import { anAccount } from '../testing/a-part.js';
import { AccountCheck } from './account-check.js';

describe('the hourly try of a login', () => {
  const told: string[] = [];
  const reports = {
    health: async (_: unknown, health: string, detail: string) =>
      void told.push(`${health} ${detail}`.trim()),
  } as unknown as AccountReports;
  const account = (health: () => AccountHealth): SocialAccount => ({
    account: anAccount('mastodon'),
    adapter: { health: async () => health() } as unknown as SocialAdapter,
  });

  it('tells when an account breaks and when it works again, each once', async () => {
    told.length = 0;
    let now: AccountHealth = { health: 'ok', detail: '' };
    const one = account(() => now);
    const check = new AccountCheck(
      new Map([[one.account.accountId, one]]),
      reports,
      { ms: 1_000, brokenMs: 1_000 },
      silentLog,
    );
    await check.check(one);
    expect(told).toEqual([]); // that it works is no news
    now = { health: 'broken', detail: 'the token was answered with 401' };
    await check.check(one);
    await check.check(one);
    now = { health: 'ok', detail: '' };
    await check.check(one);
    expect(told).toEqual(['broken the token was answered with 401', 'ok']);
  });

  it('tells that an account works which an earlier process left broken: a secret is corrected by a new start', async () => {
    told.length = 0;
    const one = account(() => ({ health: 'ok', detail: '' }));
    const every = { ms: 1_000, brokenMs: 1_000 };
    const check = new AccountCheck(new Map([[one.account.accountId, one]]), reports, every, silentLog);
    check.wasBroken(one);
    await check.check(one);
    await check.check(one);
    expect(told).toEqual(['ok']);
  });

  it('goes on after a try that failed itself', async () => {
    told.length = 0;
    let tries = 0;
    const one = account(() => {
      tries += 1;
      if (tries === 1) throw new Error('no answer');
      return { health: 'broken', detail: 'gone' };
    });
    const check = new AccountCheck(
      new Map([[one.account.accountId, one]]),
      reports,
      { ms: 5, brokenMs: 5 },
      silentLog,
    );
    check.start();
    for (let n = 0; n < 4_000 && told.length === 0; n += 1)
      await new Promise((resolve) => setTimeout(resolve, 5));
    await check.stop();
    expect(told).toEqual(['broken gone']);
  });

  it('comes back soon to an account that is broken: a server may only have been away for a moment', async () => {
    told.length = 0;
    const answers: AccountHealth[] = [
      { health: 'broken', detail: 'away' },
      { health: 'broken', detail: 'away' },
    ];
    const one = account(() => answers.shift() ?? { health: 'ok', detail: '' });
    const every = { ms: 60_000, brokenMs: 5 };
    const check = new AccountCheck(new Map([[one.account.accountId, one]]), reports, every, silentLog);
    check.start();
    for (let n = 0; n < 4_000 && told.length < 2; n += 1)
      await new Promise((resolve) => setTimeout(resolve, 5));
    await check.stop();
    expect(told).toEqual(['broken away', 'ok']);
  });
});
