import type { AccountHealth, AccountReports, SocialAccount, SocialAccounts } from '#channel';
import { sleep, type Log } from '#runtime';

/** Time between two tries, in ms. A broken login is tried more often: a server that was away for a moment is not broken for an hour. */
export type CheckEvery = { ms: number; brokenMs: number };

/** Tries every login each hour (CHANNELS §B.9), so that a broken one is known before a warning needs it. */
export class AccountCheck {
  private readonly stopping = new AbortController();
  private readonly told = new Map<SocialAccount, AccountHealth['health']>();
  private readonly leftBroken = new Set<SocialAccount>();
  private checking: Promise<void>[] = [];

  constructor(
    private readonly accounts: SocialAccounts,
    private readonly reports: AccountReports,
    private readonly every: CheckEvery,
    private readonly log: Log,
  ) {}

  start(): void {
    this.checking = [...this.accounts.values()].map((account) => this.loop(account));
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await Promise.all(this.checking);
  }

  /** An earlier process told so, and nothing since: that the account works is news then. Before `start`. */
  wasBroken(one: SocialAccount): void {
    this.leftBroken.add(one);
  }

  /** Tries one login and tells when it is not as it was. */
  async check(one: SocialAccount): Promise<void> {
    const found = await one.adapter.health?.(one.account);
    if (found === undefined || found.health === this.told.get(one)) return;
    if (this.stopping.signal.aborted) return; // what was cut off at a stop says nothing of the account
    const { accountId, platform } = one.account;
    if (found.health !== 'ok')
      this.log.error({ accountId, platform, ...found }, 'an account cannot be posted on');
    // A login that was never broken is no news.
    if (found.health !== 'ok' || this.told.has(one) || this.leftBroken.has(one))
      await this.reports.health(one.account, found.health, found.detail);
    this.told.set(one, found.health);
  }

  private async loop(account: SocialAccount): Promise<void> {
    while (!this.stopping.signal.aborted) {
      await this.check(account).catch((error: unknown) => {
        this.log.warn({ error, accountId: account.account.accountId }, 'an account could not be checked');
      });
      const broken = (this.told.get(account) ?? 'ok') !== 'ok';
      await sleep(broken ? this.every.brokenMs : this.every.ms, this.stopping.signal);
    }
  }
}
