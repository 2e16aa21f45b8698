import type { Account } from '#contracts';
import { BackOff, sleep, type Log } from '#runtime';
import type { Capabilities } from '../adapter/capabilities.js';
import type { SocialAccount, SocialAccounts } from '../adapter/social-adapter.js';
import type { AccountReports } from '../reports/account-reports.js';

/** Limits change rarely; a platform that announces a change does so days before. */
const ASK_EVERY_MS = 10 * 60_000;

/** Asks the platforms what each account can do, keeps the answer for the senders, and reports it when it changes. */
export class AccountWatch {
  private readonly known = new Map<SocialAccount, Promise<Capabilities>>();
  private readonly stopping = new AbortController();
  private watching: Promise<void>[] = [];

  constructor(
    private readonly accounts: SocialAccounts,
    private readonly reports: AccountReports,
    private readonly log: Log,
  ) {}

  /** Begins to watch every account, each by itself: a platform that does not answer holds up none of the others. */
  start(): void {
    this.watching = [...this.accounts.values()].map((account) => this.watch(account));
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await Promise.all(this.watching);
  }

  /** What the account can do, as its platform told last; asks when nobody has asked yet. */
  async capabilities(account: SocialAccount): Promise<Capabilities> {
    let known = this.known.get(account);
    if (known === undefined) {
      known = account.adapter.capabilities(account.account);
      this.known.set(account, known);
      known.catch(() => this.known.delete(account));
    }
    return known;
  }

  private async watch(account: SocialAccount): Promise<void> {
    const { signal } = this.stopping;
    const pauses = new BackOff(1_000, 60_000);
    let broken = false;
    while (!signal.aborted) {
      try {
        const told = await account.adapter.capabilities(account.account);
        this.known.set(account, Promise.resolve(told));
        const whole: Account = {
          ...account.account,
          languages: [...account.account.languages],
          limits: told.limits,
        };
        await this.reports.report(whole);
        if (broken) await this.reports.health(account.account, 'ok', 'the platform answers again');
        broken = false;
        pauses.reset();
        await sleep(ASK_EVERY_MS, signal);
      } catch (error) {
        const { accountId, platform } = account.account;
        this.log.warn({ error, accountId, platform }, 'the limits of an account could not be read');
        if (!broken && !signal.aborted) broken = await this.tellBroken(account);
        await pauses.wait(signal);
      }
    }
  }

  private async tellBroken({ account }: SocialAccount): Promise<boolean> {
    return this.reports.health(account, 'broken', 'the platform does not say what the account can do').then(
      () => true,
      () => false,
    );
  }
}
