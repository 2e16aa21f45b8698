import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Account } from '#contracts';
import { silentLog, sleep } from '#runtime';
import type { SocialAccount } from '../adapter/social-adapter.js';
import type { AccountReports } from '../reports/account-reports.js';
import { account, FakePlatform } from '../testing/index.js';
import { AccountWatch } from './account-watch.js';

/** What was said about accounts. */
class Said {
  readonly reports: Account[] = [];
  readonly healths: string[] = [];

  report(one: Account): Promise<boolean> {
    this.reports.push(one);
    return Promise.resolve(true);
  }

  health({ accountId }: { accountId: string }, health: string): Promise<void> {
    this.healths.push(`${accountId.at(-1)} ${health}`);
    return Promise.resolve();
  }
}

/** A platform whose limits can be out of reach. */
class Platform extends FakePlatform {
  asked = 0;
  isAway = false;

  override capabilities() {
    this.asked += 1;
    return this.isAway ? Promise.reject(new Error('connection refused')) : super.capabilities();
  }
}

describe('the accounts of a social channel', () => {
  let said: Said;
  let platforms: Platform[];
  let accounts: SocialAccount[];
  let watch: AccountWatch;
  beforeEach(() => {
    said = new Said();
    platforms = [new Platform(), new Platform()];
    accounts = platforms.map((adapter, n) => ({
      account: {
        accountId: account(n + 1),
        channel: 'social',
        platform: 'fake',
        name: `@larum${n + 1}`,
        languages: ['en-GB'],
        kind: 'corporate',
      },
      adapter,
    }));
    const byId = new Map(accounts.map((one) => [one.account.accountId, one]));
    watch = new AccountWatch(byId, said as unknown as AccountReports, silentLog);
  });
  afterEach(() => watch.stop());
  const until = async (holds: () => boolean): Promise<void> => {
    const end = performance.now() + 20_000;
    while (!holds()) {
      if (performance.now() > end) throw new Error('it never came to pass');
      await sleep(5);
    }
  };

  it('are reported at the start with the limits that their platform tells', async () => {
    platforms[1]!.max = 300;
    watch.start();
    await until(() => said.reports.length === 2);
    expect(said.reports.map(({ accountId, limits }) => [accountId, limits])).toEqual([
      [account(1), { max: 500 }],
      [account(2), { max: 300 }],
    ]);
  });

  it('that cannot be asked are said to be broken once, and well again once', async () => {
    platforms[0]!.isAway = true;
    watch.start();
    await until(() => platforms[0]!.asked >= 2);
    expect(said.healths).toEqual(['1 broken']);
    platforms[0]!.isAway = false;
    await until(() => said.healths.length === 2);
    expect(said.healths).toEqual(['1 broken', '1 ok']);
    expect(said.reports.map(({ accountId }) => accountId)).toEqual([account(2), account(1)]);
  }, 60_000);

  it('do not wait for one whose platform never answers', async () => {
    let answer: () => void = () => {};
    const silent = new Promise<void>((resolve) => (answer = resolve));
    platforms[0]!.capabilities = () => silent.then(() => platforms[1]!.capabilities());
    watch.start();
    await until(() => said.reports.length === 1);
    expect(said.reports.map(({ accountId }) => accountId)).toEqual([account(2)]);
    answer();
  });

  it('are asked about once by many posts at the same time, and again after a failure', async () => {
    platforms[0]!.isAway = true;
    const failing = [watch.capabilities(accounts[0]!), watch.capabilities(accounts[0]!)];
    for (const one of failing) await expect(one).rejects.toThrow('connection refused');
    expect(platforms[0]!.asked).toBe(1);
    platforms[0]!.isAway = false;
    const able = await Promise.all([watch.capabilities(accounts[0]!), watch.capabilities(accounts[0]!)]);
    expect(able[0]).toEqual(able[1]);
    expect(platforms[0]!.asked).toBe(2);
  });
});
