import type { AccountId, Act, DeliveryId, IncidentId, Instant, ListChannel, WarningId } from '#contracts';
import { quoted, type Database } from '#postgres';
import type { Log } from '#runtime';
import type { ChannelRecord, Fact } from '../record/channel-record.js';
import { tablesOf, type ChannelTables } from '../record/tables.js';

/** What may become known of an accepted message later. */
export type ReceiptKind = 'delivered' | 'undelivered' | 'bounced' | 'complained';

/** One later fact about one delivery. */
export type Receipt = { deliveryId: DeliveryId; kind: ReceiptKind; at: Instant; detail: string };

/** Receipts come in swarms: their counts are told together, this long after the first of a swarm. */
const GATHER_MS = 200;

type Counted = {
  warningId: WarningId;
  version: number;
  act: Act;
  incidentId: IncidentId;
  accountId: AccountId;
  delivered: number;
  undelivered: number;
  bounced: number;
  complained: number;
  silent: number;
  isOver: boolean | null;
};

/** What a channel can hear of its messages. A message of which nothing came `silentAfterMs` after the end of sending is counted as that. */
type Hears = { channel: ListChannel; knows: readonly ReceiptKind[]; silentAfterMs?: number | undefined };

/**
 * What comes back after sending. Receipts repeat, come late and out of order: a message that was delivered stays so, except
 * that a complaint counts on top, and any receipt at all settles a delivery that was `unknown`.
 */
export class Receipts {
  private readonly waiting = new Set<string>();
  private gathering: NodeJS.Timeout | undefined;
  private telling: Promise<void> = Promise.resolve();
  private readonly tables: ChannelTables;

  constructor(
    private readonly db: Database,
    private readonly record: ChannelRecord,
    private readonly of: Hears,
    private readonly log: Log,
  ) {
    this.tables = tablesOf(record.schema);
  }

  /**
   * Keeps receipts and tells the counts soon after. Those of deliveries that never were change nothing. Returns how many were news.
   * `taken` false: the other side refused the message itself, which settles no doubt about an earlier try of it.
   * Locks as `DeliveryStore.settle` does: chunks in their order, then deliveries.
   */
  async add(receipts: readonly Receipt[], { taken }: { taken: boolean } = { taken: true }): Promise<number> {
    const newest = new Map(
      receipts.toSorted((a, b) => RANK[a.kind] - RANK[b.kind]).map((one) => [one.deliveryId, one]),
    );
    const all = [...newest.values()];
    const changed = await this.db.query<{ place: string }>(
      `with news as (
         select o.id, o.kind, o.at, o.detail from unnest($1::text[], $2::text[], $3::timestamptz[], $4::text[]) o (id, kind, at, detail)
         join ${this.tables.delivery} d on d.delivery_id = o.id),
       kept as (
         insert into ${this.tables.receipt} as r (delivery_id, kind, at, detail, taken) select id, kind, at, detail, $5::boolean from news order by id
         on conflict (delivery_id) do update set kind = excluded.kind, at = excluded.at, detail = excluded.detail, taken = r.taken or excluded.taken
           where ${rank('r.kind')} < ${rank('excluded.kind')}
         returning delivery_id),
       places as materialized (
         select warning_id, version, act, chunk from ${this.tables.chunk} where (warning_id, version, act, chunk) in (
           select d.warning_id, d.version, d.act, d.chunk from news n join ${this.tables.delivery} d on d.delivery_id = n.id
           where $5::boolean and ${IN_DOUBT})
         order by warning_id, version, act, chunk for update),
       found as (
         update ${this.tables.delivery} d set state = 'accepted', settled_at = clock_timestamp(), detail = 'a receipt came' from news n
         where (select count(*) from places) > 0 and $5::boolean and d.delivery_id = n.id and ${IN_DOUBT}
         returning d.warning_id, d.version, d.act, d.chunk),
       told as (
         update ${this.tables.chunk} c set unreported = unreported + 1 where (warning_id, version, act, chunk) in (select * from found))
       select d.warning_id || ' ' || d.version || ' ' || d.act as place
       from kept k join ${this.tables.delivery} d on d.delivery_id = k.delivery_id`,
      [
        all.map((r) => r.deliveryId),
        all.map((r) => r.kind),
        all.map((r) => r.at),
        all.map((r) => r.detail.slice(0, 500)),
        taken,
      ],
    );
    this.gather(changed);
    return changed.length;
  }

  /** The subscriber that a delivery went to; undefined when there never was such a delivery. */
  async targetOf(deliveryId: DeliveryId): Promise<string | undefined> {
    const [row] = await this.db.query<{ target: string }>(
      `select target from ${this.tables.delivery} where delivery_id = $1`,
      [deliveryId],
    );
    return row?.target;
  }

  /** Where a delivery belongs: its warning, version and act in one word each; undefined when there never was such a delivery. */
  async placeOf(deliveryId: DeliveryId): Promise<string | undefined> {
    const [row] = await this.db.query<{ place: string }>(
      `select warning_id || ' ' || version || ' ' || act as place from ${this.tables.delivery} where delivery_id = $1`,
      [deliveryId],
    );
    return row?.place;
  }

  /**
   * How many messages of one place (see `placeOf`) were accepted, and how many came back with evidence (`detail`) that begins with this
   * word. Reads every delivery of the place: a third of a second for a hundred thousand.
   */
  async returnedOf(place: string, evidence: string): Promise<{ accepted: number; returned: number }> {
    const [warningId, version, act] = place.split(' ');
    const [row] = await this.db.query<{ accepted: number; returned: number }>(
      `select count(*) filter (where d.state = 'accepted')::int as accepted,
         count(*) filter (where r.kind = 'bounced' and split_part(r.detail, ' ', 1) = $4)::int as returned
       from ${this.tables.delivery} d left join ${this.tables.receipt} r using (delivery_id)
       where d.warning_id = $1 and d.version = $2 and d.act = $3`,
      [warningId, Number(version), act, evidence],
    );
    return row ?? { accepted: 0, returned: 0 };
  }

  /**
   * On how many different warnings this subscriber's message has come back or was turned away since then, with evidence (`detail`) that
   * begins with one of these words, and later than the last one that is known to have been delivered.
   */
  async warningsFailed(subscriberId: string, since: Instant, evidence: readonly string[]): Promise<number> {
    const [row] = await this.db.query<{ n: number }>(
      `with of_theirs as (select r.*, d.warning_id from ${this.tables.receipt} r join ${this.tables.delivery} d using (delivery_id) where d.target = $1)
       select count(distinct warning_id)::int as n from of_theirs
       where kind in ('bounced', 'undelivered') and at >= $2 and split_part(detail, ' ', 1) = any($3::text[])
         and at > coalesce((select max(at) from of_theirs where kind = 'delivered'), '-infinity')`,
      [subscriberId, since, evidence],
    );
    return row?.n ?? 0;
  }

  /** Tells once of each version how many accepted messages stayed without a receipt, when the time for receipts is over. */
  async tellSilent(): Promise<void> {
    const { channel, silentAfterMs } = this.of;
    if (silentAfterMs === undefined) return;
    const over = await this.db.query<{ place: string }>(
      `select s.warning_id || ' ' || s.version || ' ' || s.act as place from ${this.tables.sending} s
       where ${isOver('s', '$1', '$2')}
         and not exists (select from ${quoted(this.record.schema)}.event e where e.body->>'noReceipt' is not null
           and e.stream_id = s.warning_id || '/v' || s.version || '/' || s.act || '/' || $3 || '/receipts')
         and exists (select from ${this.tables.delivery} d
           where (d.warning_id, d.version, d.act, d.state) = (s.warning_id, s.version, s.act, 'accepted'))`,
      [this.record.clock.now(), silentAfterMs, channel],
    );
    this.gather(over);
  }

  /**
   * Tells the counts of which the record says something else: a process that was killed had kept receipts and not told them yet. Looks
   * at versions whose sending goes on or ended within a month: every receipt has come by then, and those of years would take too long.
   */
  async tellUntold(): Promise<void> {
    const { channel, knows } = this.of;
    const untold = await this.db.query<{ place: string }>(
      `with counted as (
         select d.warning_id, d.version, d.act, r.kind, count(*) as n
         from ${this.tables.sending} s join ${this.tables.delivery} d using (warning_id, version, act) join ${this.tables.receipt} r using (delivery_id)
         where s.send_until > $3::timestamptz - interval '30 days' and r.kind = any($2) group by 1, 2, 3, 4)
       select distinct c.warning_id || ' ' || c.version || ' ' || c.act as place
       from counted c left join lateral (
         select (e.body->>c.kind)::int as n from ${quoted(this.record.schema)}.event e
         where e.stream_id = c.warning_id || '/v' || c.version || '/' || c.act || '/' || $1 || '/receipts'
         order by e.revision desc limit 1) told on true
       where told.n is distinct from c.n`,
      [channel, knows, this.record.clock.now()],
    );
    this.gather(untold);
  }

  /** Tells what is still waiting to be told. */
  async close(): Promise<void> {
    this.tellSoon();
    await this.telling;
  }

  private gather(places: readonly { place: string }[]): void {
    for (const { place } of places) this.waiting.add(place);
    if (places.length > 0) this.gathering ??= setTimeout(() => this.tellSoon(), GATHER_MS);
  }

  private tellSoon(): void {
    clearTimeout(this.gathering);
    this.gathering = undefined;
    const places = [...this.waiting];
    this.waiting.clear();
    this.telling = this.telling.then(async () => {
      for (const place of places) await this.tell(place);
    });
    this.telling = this.telling.catch((error: unknown) => {
      this.log.warn(
        { error, versions: places.length },
        'counts of receipts could not be told and are tried again',
      );
      for (const place of places) this.waiting.add(place);
      this.gathering ??= setTimeout(() => this.tellSoon(), GATHER_MS * 10);
    });
  }

  private async tell(place: string): Promise<void> {
    const [warningId, version, act] = place.split(' ');
    const [counted] = await this.db.query<Counted>(
      `select d.warning_id as "warningId", d.version, d.act, min(p.incident_id) as "incidentId", min(c.account_id) as "accountId",
         count(*) filter (where r.kind = 'delivered')::int as delivered, count(*) filter (where r.kind = 'undelivered')::int as undelivered,
         count(*) filter (where r.kind = 'bounced')::int as bounced, count(*) filter (where r.kind = 'complained')::int as complained,
         count(*) filter (where r.kind is null and d.state = 'accepted')::int as silent, bool_and(${isOver('s', '$4', '$5')}) as "isOver"
       from ${this.tables.delivery} d left join ${this.tables.receipt} r using (delivery_id) join ${this.tables.chunk} c using (warning_id, version, act, chunk)
         join ${this.tables.plan} p using (warning_id, version, act) left join ${this.tables.sending} s using (warning_id, version, act)
       where d.warning_id = $1 and d.version = $2 and d.act = $3 group by d.warning_id, d.version, d.act`,
      [warningId, Number(version), act, this.record.clock.now(), this.of.silentAfterMs ?? null],
    );
    if (counted === undefined) return;
    const { channel, knows } = this.of;
    const known = (kind: ReceiptKind): number | null => (knows.includes(kind) ? counted[kind] : null);
    const { silent, isOver: over, ...counts } = counted;
    const fact: Fact = {
      ...counts,
      type: 'ReceiptsCounted',
      channel,
      at: this.record.clock.now(),
      delivered: known('delivered'),
      undelivered: known('undelivered'),
      bounced: known('bounced'),
      complained: known('complained'),
      noReceipt: over === true ? silent : null,
    };
    await this.record.appendNext(`${warningId}/v${version}/${act}/${channel}/receipts`, [fact]);
  }
}

/** Whether the time for receipts is over: null where they are not waited for, or of a version that is not known any more. */
const isOver = (sending: string, now: string, afterMs: string): string =>
  `${sending}.send_until <= ${now}::timestamptz - make_interval(secs => ${afterMs}::float8 / 1000)`;

/** A delivery of which nobody can tell whether it arrived, until a receipt comes. */
const IN_DOUBT = `(d.state = 'unknown' or (d.state = 'deferred' and d.unknowns > 0))`;

/** A later kind replaces an earlier one, never the other way round. */
const RANK: Readonly<Record<ReceiptKind, number>> = {
  undelivered: 1,
  delivered: 2,
  bounced: 3,
  complained: 4,
};
const rank = (column: string): string =>
  `array_position(array['undelivered', 'delivered', 'bounced', 'complained'], ${column})`;
