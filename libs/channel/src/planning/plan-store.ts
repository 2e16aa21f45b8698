import type { AccountId } from '#contracts';
import type { AlsoWrite, Database } from '#postgres';
import { LEASE_MS } from '../chunks/chunk-store.js';
import { placeHash, textsHash } from '../approved/kept-hashes.js';
import type { OpenPlan, PlanCursor, PlanKey, PlannedRow } from './open-plan.js';
import { tablesOf, type ChannelTables } from '../record/tables.js';

/** A planner that is silent for this long has died; its plan goes on from its cursor elsewhere. */
export const PLAN_LEASE = "interval '5 seconds'";
const KEY = 'warning_id = $1 and version = $2 and act = $3';
const values = ({ warningId, version, act }: PlanKey): unknown[] => [warningId, version, act];

/** Plans, chunks and their rows as the planner writes them: each step is one statement with its event. */
export class PlanStore {
  private readonly tables: ChannelTables;

  constructor(
    private readonly db: Database,
    schema: string,
  ) {
    this.tables = tablesOf(schema);
  }

  /** An open plan that nobody works on, the most urgent first. */
  async take(): Promise<OpenPlan | undefined> {
    const [row] = await this.db.query<OpenPlan & { textsSha256: string | null; placeSha256: string | null }>(
      `with next as (
         select p.warning_id, p.version, p.act from ${this.tables.plan} p left join ${this.tables.sending} s using (warning_id, version, act)
         where not p.done and (p.lease_until is null or p.lease_until < clock_timestamp())
         order by coalesce(s.urgent, false) desc, p.act limit 1 for update of p skip locked
       ), taken as (
         update ${this.tables.plan} p set lease_until = clock_timestamp() + ${PLAN_LEASE} from next
         where (p.warning_id, p.version, p.act) = (next.warning_id, next.version, next.act) returning p.*)
       select t.warning_id as "warningId", t.version, t.act, t.from_version as "fromVersion", t.cursor, t.chunks, t.recipients,
              t.refused, t.incident_id as "incidentId", coalesce(s.urgent, false) as urgent, s.head, s.composed, s.area,
              s.issued_at as "issuedAt", s.send_until as "sendUntil", a.texts_sha256 as "textsSha256", a.place_sha256 as "placeSha256"
       from taken t left join ${this.tables.sending} s using (warning_id, version, act)
       left join ${this.tables.approved} a on a.warning_id = t.warning_id and a.version = s.texts_version`,
    );
    if (row === undefined) return undefined;
    const { textsSha256, placeSha256, ...plan } = row;
    // A cancel that came before its warning has no texts, and one that was refused has nothing at all.
    if (plan.composed === null || (plan.act === 'cancel' && plan.composed.length === 0)) return plan;
    const isApproved =
      textsHash(plan) === textsSha256 && (plan.act === 'cancel' || placeHash(plan) === placeSha256);
    return { ...plan, tampered: !isApproved };
  }

  async keep(key: PlanKey): Promise<void> {
    await this.db.execute(
      `update ${this.tables.plan} set lease_until = clock_timestamp() + ${PLAN_LEASE} where ${KEY}`,
      values(key),
    );
  }

  async release(key: PlanKey): Promise<void> {
    await this.db.execute(
      `update ${this.tables.plan} set lease_until = null where ${KEY} and not done`,
      values(key),
    );
  }

  /**
   * For the statement that appends the chunk's event: the chunk, its rows, and how far the plan has come. `planned` rows wait
   * for the chunk's message on the stream; `due` ones are found by `DueLoop`, since no message brings them. A chunk that its
   * planner hands on at once is taken by the same statement, with fence 1, as if a worker had taken it.
   */
  chunkWrites(
    plan: PlanKey & { urgent: boolean },
    chunk: { chunk: number; accountId: AccountId; revision: number; cursor: PlanCursor; taken?: boolean },
    rows: readonly PlannedRow[],
    fresh: 'planned' | 'due' = 'planned',
  ): AlsoWrite[] {
    const column = <T>(of: (row: PlannedRow) => T): T[] => rows.map(of);
    return [
      {
        sql: `insert into ${this.tables.chunk} (warning_id, version, act, chunk, account_id, recipients, urgent, revision,
                fence, lease_until)
              select $1::text, $2::integer, $3::text, $4::integer, $5::text, $6::integer, $7::boolean, $8::integer,
                $9::integer, case when $9::integer > 0 then clock_timestamp() + interval '${LEASE_MS} ms' end from turn`,
        params: [
          ...values(plan),
          chunk.chunk,
          chunk.accountId,
          rows.length,
          plan.urgent,
          chunk.revision,
          chunk.taken === true ? 1 : 0,
        ],
      },
      {
        sql: `insert into ${this.tables.delivery} (delivery_id, warning_id, version, act, chunk, ordinal, target, part, language,
                variant, answers, state, reason, due_at, told)
              select r.id, $1::text, $2::integer, $3::text, $4::integer, r.n, r.target, r.part, r.language, r.variant, r.answers,
                case when r.suppressed is null then $12::text else 'suppressed' end, r.suppressed,
                case when $12::text = 'deferred' then clock_timestamp() end, $12::text || '/0/0'
              from turn, unnest($5::text[], $6::text[], $7::integer[], $8::text[], $9::text[], $10::text[], $11::text[])
                with ordinality as r (id, target, part, language, variant, answers, suppressed, n)`,
        params: [
          ...values(plan),
          chunk.chunk,
          column((row) => row.deliveryId),
          column((row) => row.target),
          column((row) => row.part),
          column((row) => row.language),
          column((row) => row.variant),
          column((row) => row.answers),
          column((row) => row.suppressed),
          fresh === 'due' ? 'deferred' : 'planned',
        ],
      },
      {
        sql: `update ${this.tables.plan} set cursor = $4::jsonb, chunks = $5::integer, recipients = recipients + $6::integer,
                lease_until = clock_timestamp() + ${PLAN_LEASE}
              where warning_id = $1::text and version = $2::integer and act = $3::text and exists (select from turn)`,
        params: [...values(plan), JSON.stringify(chunk.cursor), chunk.chunk + 1, rows.length],
      },
    ];
  }

  /**
   * For the statement that appends the plan's report. A refused plan that was opened again meanwhile, because the genuine version
   * has come, stays open.
   */
  doneWrite(plan: OpenPlan): AlsoWrite {
    return {
      sql: `update ${this.tables.plan} set done = true, lease_until = null
            where warning_id = $1::text and version = $2::integer and act = $3::text and exists (select from turn)
              and refused is not distinct from $4::text`,
      params: [...values(plan), plan.refused],
    };
  }
}
