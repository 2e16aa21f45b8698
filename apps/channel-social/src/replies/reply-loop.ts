import type { ChannelRecord, Ctx, Fact, InboundItem, SocialAccount, SocialAccounts } from '#channel';
import { toInstant, type IncidentId, type WarningId } from '#contracts';
import { quoted, type Database } from '#postgres';
import { newId, sleep, type Log } from '#runtime';

/** One look at a platform may take so long. */
const LOOK_MS = 20_000;

export type ReplyLoopParts = {
  db: Database;
  record: ChannelRecord;
  accounts: SocialAccounts;
  /** Between two looks at one account, ms. */
  everyMs: number;
  log: Log;
};

/**
 * Reads what people answer, account by account, and gives it to the inbox as `InboundReceived`. Cursor, authors and events
 * are one write: nothing is read twice or stepped over. Who wrote stays in this service.
 */
export class ReplyLoop {
  private readonly stopping = new AbortController();
  private looping: Promise<void>[] = [];

  constructor(private readonly parts: ReplyLoopParts) {}

  start(): void {
    this.looping = [...this.parts.accounts.values()]
      .filter(({ adapter }) => adapter.inbound !== undefined)
      .map((account) => this.loop(account));
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await Promise.all(this.looping);
  }

  /** One look at one account. Returns how many replies were new. */
  async look({ account, adapter }: SocialAccount): Promise<number> {
    const { db, record } = this.parts;
    const schema = quoted(record.schema);
    const [row] = await db.query<{ cursor: string | null }>(
      `select cursor from ${schema}.reply_cursor where account_id = $1`,
      [account.accountId],
    );
    const before = row?.cursor ?? null;
    const read = await adapter.inbound?.(account, before, this.ctx());
    if (read === undefined || (read.items.length === 0 && read.cursor === before)) return 0;
    const fresh = await this.unknownOf(account.accountId, read.items.filter(isStorable));
    if (fresh.length === 0 && read.cursor === before) return 0;
    const events = await Promise.all(fresh.map((item) => this.fact(account.accountId, item)));
    const wrote = await record.appendAt(
      events.map(({ fact, itemId }) => record.newEvent(itemId, 1, fact)),
      [
        {
          sql: `insert into ${schema}.reply_cursor (account_id, cursor) select $1::text, $2::text from turn
                on conflict (account_id) do update set cursor = excluded.cursor`,
          params: [account.accountId, read.cursor],
        },
        {
          sql: `insert into ${schema}.reply_author (account_id, platform_id, item_id, author, at)
                select $1::text, r.* from turn, unnest($2::text[], $3::text[], $4::text[], $5::timestamptz[]) r`,
          params: [
            account.accountId,
            fresh.map(({ id }) => id),
            events.map(({ itemId }) => itemId),
            fresh.map(({ author }) => author),
            fresh.map(({ at }) => at),
          ],
        },
      ],
    );
    return wrote ? events.length : 0;
  }

  private async loop(account: SocialAccount): Promise<void> {
    const { accountId, platform } = account.account;
    while (!this.stopping.signal.aborted) {
      try {
        const found = await this.look(account);
        if (found > 0) this.parts.log.info({ accountId, platform, found }, 'replies came in');
      } catch (error) {
        this.parts.log.warn({ error, accountId, platform }, 'replies could not be read and are tried again');
      }
      await sleep(this.parts.everyMs, this.stopping.signal);
    }
  }

  /** Another replica may have read the same a moment ago. */
  private async unknownOf(accountId: string, items: readonly InboundItem[]): Promise<InboundItem[]> {
    const known = await this.parts.db.query<{ platform_id: string }>(
      `select platform_id from ${quoted(this.parts.record.schema)}.reply_author where account_id = $1 and platform_id = any($2)`,
      [accountId, items.map(({ id }) => id)],
    );
    const ids = new Set(known.map((row) => row.platform_id));
    return items.filter(({ id }) => !ids.has(id));
  }

  private async fact(
    accountId: string,
    { at, text, answers }: InboundItem,
  ): Promise<{ itemId: string; fact: Fact }> {
    const itemId = newId('itm');
    const about = answers === null || hasZero(answers.id) ? undefined : await this.warningOf(answers.id);
    return {
      itemId,
      fact: { type: 'InboundReceived', itemId, channel: 'social', accountId, ...about, at, text },
    };
  }

  /** The warning whose post was answered. */
  private async warningOf(
    ref: string,
  ): Promise<{ warningId: WarningId; incidentId: IncidentId } | undefined> {
    const schema = quoted(this.parts.record.schema);
    const [found] = await this.parts.db.query<{ warningId: WarningId; incidentId: IncidentId }>(
      `select d.warning_id as "warningId", g.incident_id as "incidentId"
       from ${schema}.delivery d join ${schema}.gate g using (warning_id) where d.ref ->> 'id' = $1 limit 1`,
      [ref],
    );
    return found;
  }

  private ctx(): Ctx {
    const { record, log } = this.parts;
    return {
      deadline: toInstant(Date.parse(record.clock.now()) + LOOK_MS),
      signal: AbortSignal.any([this.stopping.signal, AbortSignal.timeout(LOOK_MS)]),
      clock: record.clock,
      log,
      attempt: 1,
      mayStandAlready: false,
    };
  }
}

/** What no text of a database can hold; a platform's own ids have none, and one that has must hold up no other. */
const hasZero = (text: string): boolean => text.includes('\0');
const isStorable = ({ id, author }: InboundItem): boolean => !hasZero(id) && !hasZero(author);
