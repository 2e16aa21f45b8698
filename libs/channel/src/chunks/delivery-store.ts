import type { DeliveryId, Instant, Variant } from '#contracts';
import type { Database } from '#postgres';
import type { PostRef } from '../adapter/outcome.js';
import { KEY, keyValues } from './chunk-key.js';
import type { TakenChunk } from './chunk-store.js';
import { tablesOf, type ChannelTables } from '../record/tables.js';

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
  /** In how many ms it is due again, counted from when it is settled: the clock of this machine may differ from the database's. */
  waitMs?: number;
  ref?: PostRef;
  reason?: string;
  detail?: string;
  unknown?: boolean;
  /** False when it was decided before anything was tried. */
  tried: boolean;
};

/** Single deliveries of a chunk in hand: what is due of it, and what became of it, under the chunk's fence. */
export class DeliveryStore {
  private readonly tables: ChannelTables;

  constructor(
    private readonly db: Database,
    schema: string,
  ) {
    this.tables = tablesOf(schema);
  }

  /** Rows that were never sent, or whose time has come, in the order of the plan. */
  async due(chunk: TakenChunk): Promise<DueDelivery[]> {
    return this.db.query<DueDelivery>(
      `select delivery_id as "deliveryId", ordinal, target, part, language, variant, answers, attempt, unknowns
       from ${this.tables.delivery} where ${KEY} and (state = 'planned' or (state = 'deferred' and due_at <= clock_timestamp()))
       order by ordinal`,
      keyValues(chunk.key),
    );
  }

  /**
   * The deliveries of windows that an earlier holder armed and never settled: nobody can tell whether they left. Empty
   * the ordinary way.
   */
  async inDoubt(chunk: TakenChunk): Promise<DeliveryId[]> {
    const rows = await this.db.query<{ deliveries: DeliveryId[] }>(
      `select deliveries from ${this.tables.armed} where ${KEY} and settled_at is null and fence < $5`,
      [...keyValues(chunk.key), chunk.fence],
    );
    return rows.flatMap(({ deliveries }) => deliveries);
  }

  /** Those of `ids` that have no outcome yet, whether or not they are due. */
  async unsettled(
    chunk: TakenChunk,
    ids: readonly DeliveryId[],
  ): Promise<{ deliveryId: DeliveryId; unknowns: number }[]> {
    return this.db.query(
      `select delivery_id as "deliveryId", unknowns from ${this.tables.delivery}
       where ${KEY} and delivery_id = any($5) and state in ('planned', 'deferred')`,
      [...keyValues(chunk.key), ids],
    );
  }

  /**
   * Records what became of deliveries that are not final yet, and closes their window with those of earlier holders: whatever these had
   * armed is settled before anything else, and must not be found in doubt a second time. A doubt is none where a receipt has come
   * of a message that was taken. May be repeated: a window that is closed already changes nothing.
   * When the fence is lost, the successor settles them as unknown, or has: then only what is certain now, accepted or refused, counts; but
   * no refusal while the successor is sending it once more.
   * The chunk is locked before its deliveries: whoever locks several deliveries keeps to that order, so that nobody waits in a ring.
   */
  async settle(chunk: TakenChunk, window: bigint | null, settled: readonly Settled[]): Promise<void> {
    const { armed, chunk: chunks, delivery } = this.tables;
    const column = <T>(of: (one: Settled) => T): T[] => settled.map(of);
    const params = [...keyValues(chunk.key), chunk.fence, window, ...settleParams(column)];
    const changed = await this.db.execute(
      `with held as (update ${chunks} set unreported = unreported + 1 where ${KEY} and fence = $5 returning 1),
       closed as (update ${armed} set settled_at = clock_timestamp() from held
         where settled_at is null and (armed_id = $6 or (${KEY} and fence < $5)) returning armed_id)
       update ${delivery} d set ${SETTLE} from held, ${this.outcomes()} where d.delivery_id = o.id and ${PENDING}
         and ($6::bigint is null or exists (select from closed where armed_id = $6))`,
      params,
    );
    if (changed > 0 || settled.length === 0) return;
    await this.db.execute(
      `with held as materialized (select 1 from ${chunks} where ${KEY} for update), found as (
         update ${delivery} d set ${SETTLE} from held, ${this.outcomes()}
         where d.delivery_id = o.id and $6::bigint is not null and (o.state = 'accepted' or (o.state = 'refused' and not exists (
             select from ${armed} where ${KEY} and settled_at is null and armed_id <> $6 and d.delivery_id = any(deliveries))))
           and (d.state = 'unknown' or (d.state = 'deferred' and d.unknowns > 0)
             or (${PENDING} and exists (select from ${armed} where armed_id = $6 and settled_at is null and fence = $5))) returning 1)
       update ${chunks} set unreported = unreported + 1 where ${KEY} and exists (select 1 from found)`,
      params,
    );
  }

  /**
   * What one attempt made of each, as rows. Nothing that was not sent waits for its time where the gate was shut meanwhile: whoever
   * wakes what waits has been here already. A doubt does wait: it may still be looked for on the platform.
   */
  private outcomes(): string {
    const isShut = `$3 = 'issue' and exists (select from ${this.tables.gate} where warning_id = $1
      and (cancelled_through >= $2 or current_version > $2 or expires_at <= clock_timestamp()))`;
    return `(select *, case when unknown = 0 and ${isShut} then 0 else wait end as wait_ms,
        unknown = 1 and exists (select from ${this.tables.receipt} r where r.delivery_id = id and r.taken) as came
      from unnest($7::text[], $8::text[], $9::timestamptz[], $10::float8[], $11::text[], $12::text[], $13::text[],
        $14::integer[], $15::integer[]) as one (id, state, at, wait, ref, reason, detail, unknown, attempt)) o`;
  }
}

const PENDING = `d.state in ('planned', 'deferred')`;
const SETTLE = `state = case when o.came then 'accepted' else o.state end, due_at = case when not o.came and o.state = 'deferred' then clock_timestamp() + o.wait_ms * interval '1 ms' end,
  reason = o.reason, detail = case when o.came then 'a receipt came' else o.detail end, ref = coalesce(o.ref::jsonb, d.ref),
  unknowns = d.unknowns + o.unknown, attempt = d.attempt + o.attempt, settled_at = coalesce(o.at, clock_timestamp())`;

function settleParams(column: <T>(of: (one: Settled) => T) => T[]): unknown[] {
  return [
    column((one) => one.deliveryId),
    column((one) => one.state),
    column((one) => one.at),
    column((one) => one.waitMs ?? null),
    column((one) => (one.ref === undefined ? null : JSON.stringify(one.ref))),
    column((one) => one.reason ?? null),
    column((one) => one.detail?.slice(0, 500) ?? null),
    column((one) => (one.unknown === true ? 1 : 0)),
    column((one) => (one.tried ? 1 : 0)),
  ];
}
