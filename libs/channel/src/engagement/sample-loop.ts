import type { AccountId, DeliveryId, IncidentId, WarningId } from '#contracts';
import type { AlsoWrite, Database } from '#postgres';
import { BackOff, sleep, type Log } from '#runtime';
import type { PostRef } from '../adapter/outcome.js';
import type { Ctx, MetricSample, SocialAccounts } from '../adapter/social-adapter.js';
import type { ChannelRecord } from '../record/channel-record.js';
import { tablesOf, type ChannelTables } from '../record/tables.js';

/** Posts that one call may ask about: `getPosts` of Bluesky takes 25, statuses of Mastodon 40 (CHANNELS §C). */
const POSTS_PER_CALL = 25;
/** How often the loop looks for posts whose time has come, at the most. */
const LOOK_EVERY_MS = 250;
/** A platform that does not answer in this time is asked at the next step instead. */
const CALL_MS = 10_000;

type Due = {
  deliveryId: DeliveryId;
  accountId: AccountId;
  ref: PostRef;
  step: number;
  last: { shares: number | null; likes: number | null; replies: number | null } | null;
  warningId: WarningId;
  incidentId: IncidentId;
  version: number;
  stream: string;
};

/**
 * Asks each platform what it counts for our posts, on a schedule that begins with each acceptance, and puts on the record what is
 * new. A metric that was not returned is null, never 0. One slow platform never delays the counts of another.
 */
export class SampleLoop {
  private readonly stopping = new AbortController();
  private readonly inHand = new Map<AccountId, Promise<void>>();
  private running: Promise<void> | undefined;
  private readonly tables: ChannelTables;

  constructor(
    private readonly db: Database,
    private readonly record: ChannelRecord,
    private readonly accounts: SocialAccounts,
    /** `everyMs[n]`: the time between sample n and the next one; after the last no more. */
    private readonly on: { everyMs: readonly number[]; log: Log },
  ) {
    this.tables = tablesOf(record.schema);
  }

  start(): void {
    this.running ??= this.loop();
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
    await Promise.all(this.inHand.values());
  }

  private async loop(): Promise<void> {
    const pauses = new BackOff(250, 10_000);
    const { signal } = this.stopping;
    while (!signal.aborted) {
      try {
        const free = [...this.accounts.keys()].filter((account) => !this.inHand.has(account));
        for (const [account, due] of await this.claim(free)) this.begin(account, due);
        pauses.reset();
        await sleep(LOOK_EVERY_MS, signal);
      } catch (error) {
        this.on.log.warn(
          { error, attempt: pauses.attempts + 1 },
          'looking for posts to count failed and is tried again',
        );
        await pauses.wait(signal);
      }
    }
  }

  private begin(account: AccountId, due: readonly Due[]): void {
    const work = this.count(account, due)
      .catch((error: unknown) =>
        this.on.log.warn({ error, account }, 'counts could not be read and are read later'),
      )
      .finally(() => this.inHand.delete(account));
    this.inHand.set(account, work);
  }

  /** Posts whose time has come, by account. Each is pushed on to its next step at once, so that a replica does not ask as well. */
  private async claim(accounts: readonly AccountId[]): Promise<Map<AccountId, Due[]>> {
    const due = await this.db.query<Due>(
      `with due as (
         select delivery_id from ${this.tables.sample} where due_at <= clock_timestamp() and account_id = any($1)
         order by due_at limit 200 for update skip locked
       ), claimed as (
         update ${this.tables.sample} s set step = s.step + 1,
           due_at = clock_timestamp() + ($2::float8[])[s.step + 1] * interval '1 ms'
         from due where s.delivery_id = due.delivery_id returning s.*)
       select c.delivery_id as "deliveryId", c.account_id as "accountId", c.ref, c.step, c.last, d.warning_id as "warningId",
         d.version, s.incident_id as "incidentId", d.warning_id || '/v' || d.version || '/' || d.act || '/social/' || d.chunk as stream
       from claimed c join ${this.tables.delivery} d using (delivery_id) join ${this.tables.sending} s using (warning_id, version, act)`,
      [accounts, this.on.everyMs],
    );
    const byAccount = new Map<AccountId, Due[]>();
    for (const one of due) byAccount.set(one.accountId, [...(byAccount.get(one.accountId) ?? []), one]);
    return byAccount;
  }

  private async count(accountId: AccountId, due: readonly Due[]): Promise<void> {
    const account = this.accounts.get(accountId);
    if (account === undefined) return;
    for (let from = 0; from < due.length && !this.stopping.signal.aborted; from += POSTS_PER_CALL) {
      const asked = due.slice(from, from + POSTS_PER_CALL);
      const refs = asked.map(({ ref }) => ref);
      const samples = await account.adapter.metrics(account.account, refs, this.ctx());
      for (const one of asked) {
        const sample = samples.find(({ ref }) => ref.id === one.ref.id);
        if (sample !== undefined && isNews(one, sample))
          await this.tell(one, sample, account.account.platform);
      }
    }
  }

  private async tell(due: Due, sample: MetricSample, platform: string): Promise<void> {
    const { deliveryId, accountId, warningId, incidentId, version, stream, ref } = due;
    const { shares, likes, replies, source } = sample;
    const fact = {
      type: 'EngagementSampled',
      at: this.record.clock.now(),
      incidentId,
      warningId,
      version,
      channel: 'social',
      accountId,
      platform,
      deliveryId,
      ref: ref.id,
      shares,
      likes,
      replies,
      source,
    };
    const kept: AlsoWrite = {
      sql: `update ${this.tables.sample} set last = $2::jsonb where delivery_id = $1::text and exists (select from turn)`,
      params: [deliveryId, JSON.stringify({ shares, likes, replies })],
    };
    await this.record.appendNext(`${stream}/engagement`, [fact], [kept]);
  }

  private ctx(): Ctx {
    const { clock } = this.record;
    const signal = AbortSignal.any([this.stopping.signal, AbortSignal.timeout(CALL_MS)]);
    return { deadline: clock.now(), signal, clock, log: this.on.log, attempt: 1, mayStandAlready: false };
  }
}

/** The first sample is always told, even when all is 0: that it was counted is news. */
function isNews({ last }: Due, { shares, likes, replies }: MetricSample): boolean {
  return last === null || last.shares !== shares || last.likes !== likes || last.replies !== replies;
}
