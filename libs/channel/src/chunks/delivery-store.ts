import type { DeliveryId, Instant, Variant } from '#contracts';
import { quoted, type Database } from '#postgres';
import type { PostRef } from '../adapter/outcome.js';
import type { TakenChunk } from './chunk-store.js';

/** A row that may be sent now. */
export type DueDelivery = {
  deliveryId: DeliveryId;
  ordinal: number;
  target: string;
  part: number;
  language: string;
  variant: Variant;
  answers: DeliveryId | null;
  attempt: number;
  unknowns: number;
};

/** What one attempt makes of a row. `unknown`: the mark stays for good. */
export type Settled = {
  deliveryId: DeliveryId;
  state: 'deferred' | 'accepted' | 'refused' | 'suppressed' | 'cancelled' | 'expired' | 'unknown';
  at: Instant | null;
  dueAt?: Instant;
  ref?: PostRef;
  reason?: string;
  detail?: string;
  unknown?: boolean;
  /** False when it was decided before anything was tried. */
  tried: boolean;
};

/** Why nothing of a version may be armed any more, or not yet. */
export type Shut = 'cancelled' | 'superseded' | 'expired' | 'not-yet' | 'fence-lost';

/** The window is armed, or why it is not; `until` says when a version that is not in effect yet will be. */
export type Armed = { armed: bigint } | { shut: Shut; until: Instant | null };

const KEY = 'warning_id = $1 and version = $2 and act = $3 and chunk = $4';
const values = ({ key }: Pick<TakenChunk, 'key'>): unknown[] => [
  key.warningId,
  key.version,
  key.act,
  key.chunk,
];

/** Single deliveries of a chunk in hand: armed before the first byte, settled in one statement, all under the chunk's fence. */
export class DeliveryStore {
  private readonly gate: string;
  private readonly chunk: string;
  private readonly armed: string;
  private readonly delivery: string;

  constructor(
    private readonly db: Database,
    schema: string,
  ) {
    const table = (name: string): string => `${quoted(schema)}.${name}`;
    this.gate = table('gate');
    this.chunk = table('chunk');
    this.armed = table('armed');
    this.delivery = table('delivery');
  }

  /** Rows that were never sent, or whose time has come, in the order of the plan. */
  async due(chunk: TakenChunk): Promise<DueDelivery[]> {
    return this.db.query<DueDelivery>(
      `select delivery_id as "deliveryId", ordinal, target, part, language, variant, answers, attempt, unknowns
       from ${this.delivery} where ${KEY} and (state = 'planned' or (state = 'deferred' and due_at <= clock_timestamp()))
       order by ordinal`,
      values(chunk),
    );
  }

  /**
   * The deliveries of windows that an earlier holder armed and never settled: nobody can tell whether they left. Empty
   * the ordinary way.
   */
  async inDoubt(chunk: TakenChunk): Promise<DeliveryId[]> {
    const rows = await this.db.query<{ deliveries: DeliveryId[] }>(
      `select deliveries from ${this.armed} where ${KEY} and settled_at is null and fence < $5`,
      [...values(chunk), chunk.fence],
    );
    return rows.flatMap(({ deliveries }) => deliveries);
  }

  /** Those of `ids` that have no outcome yet, whether or not they are due. */
  async unsettled(
    chunk: TakenChunk,
    ids: readonly DeliveryId[],
  ): Promise<{ deliveryId: DeliveryId; unknowns: number }[]> {
    return this.db.query(
      `select delivery_id as "deliveryId", unknowns from ${this.delivery}
       where ${KEY} and delivery_id = any($5) and state in ('planned', 'deferred')`,
      [...values(chunk), ids],
    );
  }

  /** Closes the windows of earlier holders, once what was in doubt has been settled. */
  async closeDoubts(chunk: TakenChunk): Promise<void> {
    await this.db.execute(
      `update ${this.armed} set settled_at = clock_timestamp() where ${KEY} and settled_at is null and fence < $5`,
      [...values(chunk), chunk.fence],
    );
  }

  /**
   * Commits the intent to send, before the first byte. In the same statement, under a share lock that a cancel waits for and
   * that waits for a cancel: the version is current, not cancelled, in effect and not expired by the database's clock, and
   * the fence is ours. A cancel's own sending looks only at its own expiry (DESIGN §2.5).
   */
  async arm(chunk: TakenChunk, deliveries: readonly DeliveryId[]): Promise<Armed> {
    const { key, fence, sending } = chunk;
    const gate =
      key.act === 'cancel'
        ? 'select 1 where $7::timestamptz > clock_timestamp()'
        : `select 1 from ${this.gate} where warning_id = $1 and current_version = $2 and cancelled_through < $2 and (effective_at is null or effective_at <= clock_timestamp())
             and expires_at > clock_timestamp() for share`;
    const [row] = await this.db.query<{ id: bigint }>(
      `with gate as materialized (${gate}), held as materialized (
         select 1 from ${this.chunk} where ${KEY} and fence = $5 for share)
       insert into ${this.armed} (warning_id, version, act, chunk, fence, deliveries)
       select $1, $2, $3, $4, $5, $6::text[] from gate, held returning armed_id as id`,
      [...values(chunk), fence, deliveries, ...(key.act === 'cancel' ? [sending.sendUntil] : [])],
    );
    return row === undefined ? this.whyShut(chunk) : { armed: row.id };
  }

  /** Rows of these languages that come after one that must wait: due with it, so that nothing looks for them before. */
  async holdBehind(chunk: TakenChunk, languages: readonly string[]): Promise<void> {
    await this.db.execute(
      `update ${this.delivery} d set due_at = first.due_at from (
         select language, max(due_at) as due_at from ${this.delivery}
         where ${KEY} and state = 'deferred' and language = any($5) group by language) first
       where d.warning_id = $1 and d.version = $2 and d.act = $3 and d.chunk = $4 and d.state = 'deferred' and d.language = first.language
         and d.due_at < first.due_at`,
      [...values(chunk), languages],
    );
  }

  /**
   * Records what became of deliveries and closes their window. When the fence is lost, the successor has settled them as
   * unknown already: then only what is certain now, accepted or refused, corrects that.
   */
  async settle(chunk: TakenChunk, window: bigint | null, settled: readonly Settled[]): Promise<void> {
    const column = <T>(of: (one: Settled) => T): T[] => settled.map(of);
    const changed = await this.db.execute(
      `with held as (update ${this.chunk} set unreported = unreported + 1 where ${KEY} and fence = $5 returning 1),
       closed as (update ${this.armed} set settled_at = clock_timestamp() from held where armed_id = $6)
       update ${this.delivery} d set ${SETTLE} from held, ${UNNEST} where d.delivery_id = o.id`,
      [...values(chunk), chunk.fence, window, ...settleParams(column)],
    );
    if (changed > 0 || settled.length === 0) return;
    await this.db.execute(
      `with found as (
         update ${this.delivery} d set ${SETTLE} from ${UNNEST}
         where d.delivery_id = o.id and o.state in ('accepted', 'refused') and $6::bigint is not null
           and (d.state = 'unknown' or (d.state = 'deferred' and d.unknowns > 0)) returning 1)
       update ${this.chunk} set unreported = unreported + 1 where ${KEY} and $5::integer is not null and exists (select 1 from found)`,
      [...values(chunk), chunk.fence, window, ...settleParams(column)],
    );
  }

  private async whyShut({ key, fence, sending }: TakenChunk): Promise<Armed> {
    const [row] = await this.db.query<{ shut: Shut; until: Instant | null }>(
      `select case
           when not exists (select 1 from ${this.chunk} where ${KEY} and fence = $5) then 'fence-lost'
           when $3 = 'cancel' then case when $6::timestamptz <= clock_timestamp() then 'expired' else 'fence-lost' end
           when g.cancelled_through >= $2 then 'cancelled'
           when g.current_version > $2 then 'superseded'
           when g.expires_at <= clock_timestamp() then 'expired'
           when g.effective_at > clock_timestamp() then 'not-yet'
           else 'fence-lost' end as shut, g.effective_at as until
       from (select 1) one left join ${this.gate} g on g.warning_id = $1`,
      [key.warningId, key.version, key.act, key.chunk, fence, sending.sendUntil],
    );
    return row ?? { shut: 'fence-lost', until: null };
  }
}

const SETTLE = `state = o.state, due_at = o.due_at, reason = o.reason, detail = o.detail,
  ref = coalesce(o.ref::jsonb, d.ref), unknowns = d.unknowns + o.unknown, attempt = d.attempt + o.attempt,
  settled_at = coalesce(o.at, clock_timestamp())`;
const UNNEST = `unnest($7::text[], $8::text[], $9::timestamptz[], $10::timestamptz[], $11::text[], $12::text[], $13::text[],
  $14::integer[], $15::integer[]) as o (id, state, at, due_at, ref, reason, detail, unknown, attempt)`;

function settleParams(column: <T>(of: (one: Settled) => T) => T[]): unknown[] {
  return [
    column((one) => one.deliveryId),
    column((one) => one.state),
    column((one) => one.at),
    column((one) => one.dueAt ?? null),
    column((one) => (one.ref === undefined ? null : JSON.stringify(one.ref))),
    column((one) => one.reason ?? null),
    column((one) => one.detail?.slice(0, 500) ?? null),
    column((one) => (one.unknown === true ? 1 : 0)),
    column((one) => (one.tried ? 1 : 0)),
  ];
}
