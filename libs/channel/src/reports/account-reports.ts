import type { Account, AccountId, Channel } from '#contracts';
import { quoted, type Database } from '#postgres';
import { canonicalJson } from '#runtime';
import type { ChannelRecord } from '../record/channel-record.js';

/** What this channel says of its accounts on `<mode>.channels.v1`: their limits, at every start and whenever they change. */
export class AccountReports {
  private readonly table: string;
  private readonly known = new Map<AccountId, string>();

  constructor(
    private readonly db: Database,
    private readonly record: ChannelRecord,
  ) {
    this.table = `${quoted(record.schema)}.account_report`;
  }

  /** Says it on the record, unless this process has said exactly this already. True when it did. */
  async report(account: Account): Promise<boolean> {
    const said = canonicalJson(account);
    if (this.known.get(account.accountId) === said) return false;
    const fact = { ...account, type: 'AccountReported', at: this.record.clock.now() };
    const kept = {
      sql: `insert into ${this.table} (account_id, report) select $1::text, $2::jsonb from turn
            on conflict (account_id) do update set report = excluded.report`,
      params: [account.accountId, said],
    };
    await this.record.appendNext(account.accountId, [fact], [kept]);
    this.known.set(account.accountId, said);
    return true;
  }

  /** What was said of an account last, also by an earlier process. */
  async last(accountId: AccountId): Promise<Account | undefined> {
    const [row] = await this.db.query<{ report: Account }>(
      `select report from ${this.table} where account_id = $1`,
      [accountId],
    );
    return row?.report;
  }

  /** An account works, is about to stop working, or does not work: a person must look at the latter two. */
  async health(
    account: { accountId: AccountId; channel: Channel },
    health: 'ok' | 'expiring' | 'broken',
    detail: string,
  ): Promise<void> {
    const { accountId, channel } = account;
    const at = this.record.clock.now();
    await this.record.appendNext(accountId, [
      { type: 'AccountHealthReported', at, accountId, channel, health, detail },
    ]);
  }
}
