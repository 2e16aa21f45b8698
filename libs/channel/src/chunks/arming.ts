import type { DeliveryId } from '#contracts';
import type { Database } from '#postgres';
import { KEY, keyValues } from './chunk-key.js';
import type { TakenChunk } from './chunk-store.js';
import { tablesOf, type ChannelTables } from '../record/tables.js';

/** Why nothing of a version may be armed any more, or not yet. */
export type Shut = 'cancelled' | 'superseded' | 'expired' | 'not-yet' | 'fence-lost';

/**
 * The window is armed, and for how long from now it may be sent; or why it is not, and in how many ms a version that is not in effect yet
 * will be. Both by the database's clock, whatever that of this machine says.
 */
export type Armed = { armed: bigint; leftMs: number } | { shut: Shut; inMs: number | null };

/** The one way to a send: the intent is on disk, against the gate as it stands, before the first byte leaves. */
export class Arming {
  private readonly tables: ChannelTables;

  constructor(
    private readonly db: Database,
    schema: string,
  ) {
    this.tables = tablesOf(schema);
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
        ? 'select $7::timestamptz as until where $7::timestamptz > clock_timestamp()'
        : `select expires_at as until from ${this.tables.gate} where warning_id = $1 and current_version = $2 and cancelled_through < $2 and (effective_at is null or effective_at <= clock_timestamp())
             and expires_at > clock_timestamp() for share`;
    const [row] = await this.db.query<{ id: bigint; leftMs: number }>(
      `with gate as materialized (${gate}), held as materialized (
         select 1 from ${this.tables.chunk} where ${KEY} and fence = $5 for share), put as (
         insert into ${this.tables.armed} (warning_id, version, act, chunk, fence, deliveries)
         select $1, $2, $3, $4, $5, $6::text[] from gate, held returning armed_id)
       select armed_id as id, extract(epoch from until - clock_timestamp())::float8 * 1000 as "leftMs" from put, gate`,
      [...keyValues(key), fence, deliveries, ...(key.act === 'cancel' ? [sending.sendUntil] : [])],
    );
    return row === undefined ? this.whyShut(chunk) : { armed: row.id, leftMs: row.leftMs };
  }

  /** Takes back the intent to send to these, when it is not known whether it was committed and nothing has left under it. */
  async disarm({ key, fence }: TakenChunk, deliveries: readonly DeliveryId[]): Promise<void> {
    await this.db.execute(
      `update ${this.tables.armed} set settled_at = clock_timestamp()
       where ${KEY} and fence = $5 and settled_at is null and deliveries = $6::text[]`,
      [...keyValues(key), fence, deliveries],
    );
  }

  private async whyShut({ key, fence, sending }: TakenChunk): Promise<Armed> {
    const [row] = await this.db.query<{ shut: Shut; inMs: number | null }>(
      `select case
           when not exists (select 1 from ${this.tables.chunk} where ${KEY} and fence = $5) then 'fence-lost'
           when $3 = 'cancel' then case when $6::timestamptz <= clock_timestamp() then 'expired' else 'fence-lost' end
           when g.cancelled_through >= $2 then 'cancelled'
           when g.current_version > $2 then 'superseded'
           when g.expires_at <= clock_timestamp() then 'expired'
           when g.effective_at > clock_timestamp() then 'not-yet'
           else 'fence-lost' end as shut,
         extract(epoch from g.effective_at - clock_timestamp())::float8 * 1000 as "inMs"
       from (select 1) one left join ${this.tables.gate} g on g.warning_id = $1`,
      [...keyValues(key), fence, sending.sendUntil],
    );
    return row ?? { shut: 'fence-lost', inMs: null };
  }
}
