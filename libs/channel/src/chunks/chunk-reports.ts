import type { AccountId, IncidentId, Instant, ListChannel } from '#contracts';
import type { AlsoWrite, Database } from '#postgres';
import { chunkStream, type ChannelRecord, type ChunkKey, type Fact } from '../record/channel-record.js';
import { tablesOf, type ChannelTables } from '../record/tables.js';

type Counted = {
  accountId: AccountId;
  incidentId: IncidentId;
  revision: number;
  unreported: number;
  counts: Record<string, number>;
  firstAcceptedAt: Instant | null;
  lastAcceptedAt: Instant | null;
  reasons: Record<string, number>;
};

const KEY = 'warning_id = $1 and version = $2 and act = $3 and chunk = $4';
const values = (key: ChunkKey): unknown[] => [key.warningId, key.version, key.act, key.chunk];

/** What the record says of each chunk: whole counts, never differences, so that the newest report replaces all before it. */
export class ChunkReports {
  private readonly tables: ChannelTables;

  constructor(
    private readonly db: Database,
    private readonly record: ChannelRecord,
    private readonly channel: ListChannel,
  ) {
    this.tables = tablesOf(record.schema);
  }

  /**
   * Reports the chunk as it stands, and marks it done when every row is final. With `fence`, the worker of that fence gives
   * its lease back in the same statement. Returns how many rows are still pending.
   */
  async report(key: ChunkKey, fence: number | null): Promise<number> {
    for (;;) {
      const counted = await this.count(key);
      if (counted === undefined) return 0;
      const pending = counted.counts['pending'] ?? 0;
      const stream = chunkStream(key, this.channel);
      const event = this.record.newEvent(stream, counted.revision + 1, this.fact(key, counted));
      if (await this.record.appendAt([event], [this.noted(key, counted, fence)])) return pending;
    }
  }

  private fact(key: ChunkKey, counted: Counted): Fact {
    const { incidentId, accountId, counts, firstAcceptedAt, lastAcceptedAt, reasons } = counted;
    return {
      type: 'ChunkReported',
      incidentId,
      warningId: key.warningId,
      version: key.version,
      act: key.act,
      channel: this.channel,
      at: this.record.clock.now(),
      accountId,
      chunk: key.chunk,
      counts,
      firstAcceptedAt,
      lastAcceptedAt,
      reasons,
    };
  }

  private noted(key: ChunkKey, counted: Counted, fence: number | null): AlsoWrite {
    return {
      sql: `update ${this.tables.chunk} set revision = $5::integer, unreported = unreported - $6::integer, done = $7::boolean,
              lease_until = case when fence = $8::integer then null else lease_until end
            where warning_id = $1::text and version = $2::integer and act = $3::text and chunk = $4::integer
              and exists (select from turn)`,
      params: [
        ...values(key),
        counted.revision + 1,
        counted.unreported,
        counted.counts['pending'] === 0,
        fence,
      ],
    };
  }

  private async count(key: ChunkKey): Promise<Counted | undefined> {
    const [row] = await this.db.query<Counted>(
      `select c.account_id as "accountId", s.incident_id as "incidentId", c.revision, c.unreported, n.counts,
              n.first as "firstAcceptedAt", n.last as "lastAcceptedAt", coalesce(r.reasons, '{}') as reasons
       from ${this.tables.chunk} c join ${this.tables.sending} s using (warning_id, version, act),
       lateral (
         select json_build_object('planned', count(*), 'pending', count(*) filter (where state in ('planned', 'deferred')),
           'accepted', count(*) filter (where state = 'accepted'), 'refused', count(*) filter (where state = 'refused'),
           'suppressed', count(*) filter (where state = 'suppressed'), 'cancelled', count(*) filter (where state = 'cancelled'),
           'expired', count(*) filter (where state = 'expired'), 'unknown', count(*) filter (where state = 'unknown'),
           'wasUnknown', count(*) filter (where unknowns > 0)) as counts,
           min(settled_at) filter (where state = 'accepted') as first, max(settled_at) filter (where state = 'accepted') as last
         from ${this.tables.delivery} where ${KEY}) n,
       lateral (
         select json_object_agg(reason, n) as reasons from (
           select reason, count(*) as n from ${this.tables.delivery} where ${KEY} and reason is not null group by reason) by_reason) r
       where c.${KEY.replaceAll(' and ', ' and c.')}`,
      values(key),
    );
    return row;
  }
}
