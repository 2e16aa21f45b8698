import type { Instant } from '#contracts';
import { readHead } from '#contracts';
import { codeOf, lockKey, migrate, quoted, type Database, type Queryable, type Row } from '#postgres';
import type { StreamMessage } from '../event-stream.js';
import { NeverWorks } from '../never-works.js';
import { archiveMigrations } from './archive-migrations.js';

/** One event as the archive keeps it: place, head, and the bytes of its body as received. */
export type ArchivedEvent = {
  /** Gapless from 1, in the order of arrival. */
  position: bigint;
  source: string;
  eventId: string;
  topic: string;
  streamId: string;
  revision: number;
  type: string;
  time: Instant;
  incidentId: string | null;
  value: Uint8Array;
  receivedAt: Instant;
};

/**
 * A consumer's own copy of what was published, for good: gapless positions, repeats dropped by (`ce_source`, `ce_id`), no
 * row ever changed. Appends take the archive's advisory lock, so a reader that has seen position 8 never meets a 7 later.
 */
export class Archive {
  /** What is notified, once per append that brought something new. */
  readonly channel: string;
  private readonly table: string;
  private readonly lock: bigint;

  constructor(
    private readonly db: Database,
    private readonly schema: string,
  ) {
    this.channel = `${schema}.archive`;
    this.table = `${quoted(schema)}.archive`;
    this.lock = lockKey(schema, 'archive');
  }

  /**
   * Adds what is new, all or nothing, and returns how many that were. Every message must have a head (`readHead`). Throws `NeverWorks`
   * when one of them holds what no column takes, such as a time that is none.
   */
  async add(messages: readonly StreamMessage[]): Promise<number> {
    if (messages.length === 0) return 0;
    return this.db.tx(async (tx) => {
      // A statement of its own: the next one must see what was committed while we waited for the lock.
      await tx.query('select pg_advisory_xact_lock($1)', [this.lock]);
      return this.insert(tx, messages).catch((error: unknown) => {
        throw REFUSED_DATA.test(codeOf(error))
          ? new NeverWorks(String(error), undefined, { cause: error })
          : error;
      });
    });
  }

  private async insert(tx: Queryable, messages: readonly StreamMessage[]): Promise<number> {
    const rows = messages.map((message) => ({ message, head: headOf(message) }));
    const column = <T>(of: (row: (typeof rows)[number]) => T): T[] => rows.map(of);
    const [added] = await tx.query<{ added: bigint }>(
      `with incoming as (
         select distinct on (source, event_id) * from unnest(
           $1::text[], $2::text[], $3::text[], $4::int[], $5::bigint[], $6::text[], $7::int[], $8::text[],
           $9::timestamptz[], $10::text[], $11::jsonb[], $12::bytea[]
         ) with ordinality as i (source, event_id, topic, partition, "offset", stream_id, revision, type,
           time, incident_id, headers, value, n)
         order by source, event_id, n
       ), fresh as (
         select * from incoming i where not exists (
           select from ${this.table} a where a.source = i.source and a.event_id = i.event_id)
       ), added as (
         insert into ${this.table} (position, source, event_id, topic, partition, "offset", stream_id, revision, type,
           time, incident_id, headers, value)
         select (select coalesce(max(position), 0) from ${this.table}) + row_number() over (order by n),
           source, event_id, topic, partition, "offset", stream_id, revision, type, time, incident_id, headers, value
         from fresh returning 1
       ), told as (select case when exists (select from added) then pg_notify($13, '') end)
       select count(*) as added from added, told`,
      [
        column(({ head }) => head.source),
        column(({ head }) => head.id),
        column(({ message }) => message.topic),
        column(({ message }) => message.partition),
        column(({ message }) => message.offset),
        column(({ head }) => head.streamId),
        column(({ head }) => head.revision),
        column(({ head }) => head.type),
        column(({ head }) => head.time),
        column(({ head }) => head.incidentId),
        column(({ message }) => JSON.stringify(message.headers)),
        column(({ message }) => Buffer.from(message.value)),
        this.channel,
      ],
    );
    return Number(added?.added ?? 0n);
  }

  /**
   * At most `limit` events after `position`, in the order of their positions, and no more of them than 8 MiB hold, or one: whoever reads
   * for many at once keeps a page of each in memory. Empty only when there is none.
   */
  async after(position: bigint, limit: number): Promise<ArchivedEvent[]> {
    return archived(
      await this.db.query<ArchiveRow>(
        `select ${COLUMNS} from (
           select *, sum(octet_length(value)) over (order by position) - octet_length(value) as before from (
             select ${COLUMNS} from ${this.table} where position > $1 order by position limit $2) page) page
         where before < ${PAGE_BYTES} order by position`,
        [position, limit],
      ),
    );
  }

  /** Everything about one incident, in the order of arrival. */
  async ofIncident(incidentId: string): Promise<ArchivedEvent[]> {
    return archived(
      await this.db.query<ArchiveRow>(
        `select ${COLUMNS} from ${this.table} where incident_id = $1 order by position`,
        [incidentId],
      ),
    );
  }

  /**
   * Everything in the streams of one warning: its own, its channels' and its chunks'. What begins with its id and `/` is asked for as a
   * range (`0` follows `/`), which the index serves; `like` would take the `_` of every id for any letter, and read them all.
   */
  async ofWarning(warningId: string): Promise<ArchivedEvent[]> {
    return archived(
      await this.db.query<ArchiveRow>(
        `select ${COLUMNS} from ${this.table}
         where stream_id = $1::text or (stream_id ~>=~ ($1::text || '/') and stream_id ~<~ ($1::text || '0'))
         order by position`,
        [warningId],
      ),
    );
  }

  /** The newest position and the oldest kept; both 0 for an empty archive. */
  async ends(): Promise<{ oldest: bigint; newest: bigint }> {
    const [row] = await this.db.query<{ oldest: bigint; newest: bigint }>(
      `select coalesce(min(position), 0) as oldest, coalesce(max(position), 0) as newest from ${this.table}`,
    );
    return row ?? { oldest: 0n, newest: 0n };
  }

  /** Names this very archive: positions of another one mean nothing here. */
  async epoch(): Promise<string> {
    const [row] = await this.db.query<{ epoch: string }>(
      `select epoch from ${quoted(this.schema)}.archive_epoch`,
    );
    if (row === undefined)
      throw new Error(`the archive ${this.schema} has no epoch: were its migrations run?`);
    return row.epoch;
  }
}

/** SQLSTATEs of what is wrong with the data itself: data_exception, and program_limit_exceeded for an id too long for its index (PostgreSQL, Appendix A). */
const REFUSED_DATA = /^(22|54)...$/;

/** The archive of one app in its own schema, with its tables made or brought up to date first. */
export async function openArchive(db: Database, schema: string): Promise<Archive> {
  await migrate(db, { schema, migrations: archiveMigrations });
  return new Archive(db, schema);
}

type ArchiveRow = Row & {
  position: bigint;
  source: string;
  event_id: string;
  topic: string;
  stream_id: string;
  revision: number;
  type: string;
  time: Instant;
  incident_id: string | null;
  value: Uint8Array;
  received_at: Instant;
};

const PAGE_BYTES = 8 * 1024 * 1024;
const COLUMNS =
  'position, source, event_id, topic, stream_id, revision, type, time, incident_id, value, received_at';

function archived(rows: readonly ArchiveRow[]): ArchivedEvent[] {
  return rows.map((row) => ({
    position: row.position,
    source: row.source,
    eventId: row.event_id,
    topic: row.topic,
    streamId: row.stream_id,
    revision: row.revision,
    type: row.type,
    time: row.time,
    incidentId: row.incident_id,
    value: row.value,
    receivedAt: row.received_at,
  }));
}

function headOf(message: StreamMessage) {
  const head = readHead(message.headers);
  if (head === undefined) throw new Error(`${message.topic} ${message.offset}: not an event of ours`);
  return head;
}
