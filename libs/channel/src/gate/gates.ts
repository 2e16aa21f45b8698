import type { Channel, WarningCancelled, WarningId, WarningIssued } from '#contracts';
import type { AlsoWrite, Database } from '#postgres';
import type { OpenPlan } from '../planning/open-plan.js';
import { PLAN_LEASE } from '../planning/plan-store.js';
import { KEY, keyValues } from '../chunks/chunk-key.js';
import { keptHashes } from '../approved/kept-hashes.js';
import { isUrgent, sendUntil } from './send-until.js';
import { tablesOf, type ChannelTables } from '../record/tables.js';

/** What one warning may still do on this channel. */
type Gate = {
  currentVersion: number;
  cancelledThrough: number;
  /** The sending of the current version has ended, by the clock of the database. */
  isExpired: boolean;
};

/** What a version means for this channel. */
export type PlanWish = 'here' | 'elsewhere' | { refused: string };

/** The gate rows of a channel, with what was approved behind each. Every statement may be repeated without harm. */
export class Gates {
  private readonly tables: ChannelTables;

  constructor(
    private readonly db: Database,
    schema: string,
    private readonly channel: Channel,
  ) {
    this.tables = tablesOf(schema);
  }

  /**
   * Raises the gate to this version, keeps what was approved, and opens its plan: `refused` with the reason that nothing
   * will be sent, `elsewhere` when other channels send it. A version that comes after a later one changes no gate.
   * A plan that was refused because the version was not what was approved is opened again: the genuine one has come.
   * With `inHand` a new plan is taken by the same statement and answered: its planner need not look for it.
   */
  async raise(issued: WarningIssued, plan: PlanWish, inHand = false): Promise<OpenPlan | undefined> {
    const { message, severity, urgency, area, effectiveAt = null, media = [] } = issued.content;
    const until = sendUntil(issued);
    const head = { mode: issued.mode, message, severity, urgency, media };
    const composed = issued.composed.filter((text) => text.channel === this.channel);
    const hashes = keptHashes({ head, composed, area: area.geometry, issuedAt: issued.at, sendUntil: until });
    const [row] = await this.db.query<{ opened: boolean; cancelledThrough: number | null }>(
      `with raised as (
         insert into ${this.tables.gate} as g (warning_id, incident_id, current_version, effective_at, expires_at)
         values ($1, $2, $3, $4, $5)
         on conflict (warning_id) do update set current_version = excluded.current_version,
           effective_at = excluded.effective_at, expires_at = excluded.expires_at
           where g.current_version < excluded.current_version
         returning cancelled_through
       ), kept as (
         insert into ${this.tables.sending} (warning_id, version, act, incident_id, issued_at, send_until, urgent, head, composed, area,
           texts_version)
         values ($1, $3, 'issue', $2, $6, $5, $7, $8::jsonb, $9::jsonb, $10::jsonb, $3) on conflict do nothing
       ), anchored as (
         insert into ${this.tables.approved} (warning_id, version, content_hash, area_hash, texts_sha256, frame_sha256, place_sha256)
         values ($1, $3, $14, $15, $16, $17, $18) on conflict do nothing
       ), opened as (
         insert into ${this.tables.plan} as p (warning_id, version, act, incident_id, refused, done, lease_until)
         values ($1, $3, 'issue', $2, $11, $12, case when $13::boolean then clock_timestamp() + ${PLAN_LEASE} end)
         on conflict (warning_id, version, act) do update
           set refused = excluded.refused, done = excluded.done, lease_until = excluded.lease_until
           where p.refused is not null and not exists (
             select from ${this.tables.sending} where warning_id = $1 and version = $3 and act = 'issue')
         returning 1
       )
       select exists (select from opened) as opened, (select cancelled_through from raised) as "cancelledThrough"`,
      [
        issued.warningId,
        issued.incidentId,
        issued.version,
        effectiveAt,
        until,
        issued.at,
        isUrgent(issued),
        JSON.stringify(head),
        JSON.stringify(composed),
        JSON.stringify(area.geometry),
        typeof plan === 'object' ? plan.refused : null,
        plan === 'elsewhere' && issued.version === 1, // a later one must still say whom it leaves with an earlier one
        inHand,
        issued.contentHash,
        issued.areaHash,
        hashes.texts,
        hashes.frame,
        hashes.place,
      ],
    );
    if (!inHand || row?.opened !== true) return undefined;
    const { warningId, version, incidentId, at: issuedAt } = issued;
    const wanted = row.cancelledThrough !== null && row.cancelledThrough < version;
    const fresh = { fromVersion: 0, cursor: {}, chunks: 0, recipients: 0, refused: null };
    const key = { warningId, version, act: 'issue' as const, incidentId, urgent: isUrgent(issued) };
    return { ...key, ...fresh, head, composed, area: area.geometry, issuedAt, sendUntil: until, wanted };
  }

  /** Keeps a version that must not even raise the gate, because it is not what was approved. */
  async refuse(issued: WarningIssued, why: string): Promise<void> {
    await this.db.execute(
      `insert into ${this.tables.plan} (warning_id, version, act, refused, incident_id) values ($1, $2, 'issue', $3, $4)
       on conflict do nothing`,
      [issued.warningId, issued.version, why, issued.incidentId],
    );
  }

  /**
   * Shuts the gate for good up to and including the cancelled version, also when that version has not come yet, and opens
   * the plan of the cancel with the cancel text that was approved with it, or with the last version that was for this channel.
   */
  async shut(cancelled: WarningCancelled): Promise<void> {
    const { warningId, incidentId, version, at, expiresAt, mode } = cancelled;
    await this.db.execute(
      `with before as (select cancelled_through from ${this.tables.gate} where warning_id = $1), shut as (
         insert into ${this.tables.gate} as g (warning_id, incident_id, cancelled_through) values ($1, $2, $3)
         on conflict (warning_id) do update set cancelled_through = greatest(g.cancelled_through, excluded.cancelled_through)
       ), kept as (
         insert into ${this.tables.sending} (warning_id, version, act, incident_id, issued_at, send_until, urgent, head, composed, texts_version)
         select $1, $3, 'cancel', $2, $4, $5, true, coalesce(s.head, $6::jsonb), coalesce(s.composed, '[]'), s.version
         from (select 1) one left join lateral (
           select version, head, composed from ${this.tables.sending} where warning_id = $1 and act = 'issue' and version <= $3
           order by jsonb_array_length(composed) > 0 desc, version desc limit 1) s on true
         on conflict do nothing
       )
       insert into ${this.tables.plan} (warning_id, version, act, incident_id, from_version)
       values ($1, $3, 'cancel', $2, coalesce((select cancelled_through from before), 0)) on conflict do nothing`,
      [
        warningId,
        incidentId,
        version,
        at,
        expiresAt,
        JSON.stringify({ mode, message: 'first', severity: 'Unknown', urgency: 'Unknown' }),
      ],
    );
  }

  /**
   * Ends the sending of this version now. `goes-on`: what takes something back is sent for longer than the warning itself (DESIGN §3 P7).
   * `not-current`: another version has replaced it, and its end changes nothing here.
   */
  async expire(warningId: WarningId, version: number): Promise<'ended' | 'goes-on' | 'not-current'> {
    const [row] = await this.db.query<{ takesBack: boolean }>(
      `with current as (
         select s.head->>'message' in ('correction', 'all-clear') as "takesBack"
         from ${this.tables.gate} g join ${this.tables.sending} s on s.warning_id = g.warning_id and s.version = g.current_version and s.act = 'issue'
         where g.warning_id = $1 and g.current_version = $2
       ), ended as (
         update ${this.tables.gate} set expires_at = least(expires_at, clock_timestamp()) from current
         where warning_id = $1 and current_version = $2 and not current."takesBack")
       select "takesBack" from current`,
      [warningId, version],
    );
    if (row === undefined) return 'not-current';
    return row.takesBack ? 'goes-on' : 'ended';
  }

  /**
   * What waits for another attempt is looked at now, so that it ends instead of waiting for its time. One chunk after the other, locked
   * before its deliveries as `DeliveryStore.settle` does: whoever records outcomes waits for one chunk at most, and never in a ring.
   */
  async wakeDeferred(warningId: WarningId): Promise<void> {
    const act = 'issue' as const;
    const places = await this.db.query<{ version: number; chunk: number }>(
      `select distinct version, chunk from ${this.tables.delivery} where warning_id = $1 and act = $2 and state = 'deferred' order by version, chunk`,
      [warningId, act],
    );
    for (const place of places)
      await this.db.execute(
        `with held as materialized (select 1 from ${this.tables.chunk} where ${KEY} for update)
         update ${this.tables.delivery} set due_at = clock_timestamp() from held where ${KEY} and state = 'deferred'`,
        keyValues({ warningId, act, ...place }),
      );
  }

  async read(warningId: WarningId): Promise<Gate | undefined> {
    const [gate] = await this.db.query<Gate>(
      `select current_version as "currentVersion", cancelled_through as "cancelledThrough",
              expires_at is not null and expires_at <= clock_timestamp() as "isExpired" from ${this.tables.gate} where warning_id = $1`,
      [warningId],
    );
    return gate;
  }

  /** Whether an event has left its mark here already. */
  async seen(eventId: string): Promise<boolean> {
    return (
      (await this.db.query(`select 1 from ${this.tables.seen} where event_id = $1`, [eventId])).length > 0
    );
  }

  /** For the append that an event leads to: marks it as seen in the same statement. */
  markSeen(eventId: string): AlsoWrite {
    return {
      sql: `insert into ${this.tables.seen} (event_id) select $1::text from turn on conflict do nothing`,
      params: [eventId],
    };
  }
}
