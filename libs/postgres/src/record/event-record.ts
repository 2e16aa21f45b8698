import type { NewEvent, RecordedEvent } from '#contracts';
import { codeOf } from '../database/database-away.js';
import { type Database, lockKey, type Queryable, quoted, type Row } from '../database/database.js';

/** A request that a caller may send again with the same key: it is answered from here, not done twice. */
export type Request = {
  /** Whose key it is: keys of two holders never meet. */
  holder: string;
  key: string;
  /** SHA-256 of the request, so that a key reused for something else is noticed. */
  bodyHash: string;
  /** What the caller gets now and at every repeat; it comes back with the same order of fields. */
  answer: unknown;
};

/**
 * A further write of the same statement, as the text of one data-modifying `with` query. It reads the table `turn`,
 * which has one row when the append goes on and none when the request is a repeat: `insert into … select … from turn`.
 * Parameters are `$1…` of its own.
 */
export type AlsoWrite = { sql: string; params: readonly unknown[] };

export type Append = { facts: readonly NewEvent[]; request?: Request; also?: readonly AlsoWrite[] };

/** How an append ended. Every case is an ordinary one for its caller. */
export type Appended =
  /** `position` is that of the last fact; 0 when there was nothing but a request or further writes. */
  | { kind: 'appended'; position: bigint }
  /** The same request was done before: this was its answer. */
  | { kind: 'repeated'; answer: unknown }
  /** The same key was used for another request within a day. */
  | { kind: 'key-reused' }
  /** Somebody else appended to one of these streams first: read again and decide again. */
  | { kind: 'moved-on' };

/** SQLSTATE unique_violation (PostgreSQL, Appendix A). */
const UNIQUE_VIOLATION = '23505';
/** How long an Idempotency-Key is remembered (DESIGN §6). */
const KEY_KEPT = "interval '24 hours'";

/**
 * One append-only record: `<schema>.event`, which is also the outbox. Positions grow in the order of commits, because an
 * append takes the record's advisory lock: a reader that has seen position 8 never meets a 7 later.
 */
export class EventRecord {
  /** What is notified, once per append. */
  readonly channel: string;
  private readonly event: string;
  private readonly requests: string;
  private readonly lock: bigint;

  constructor(
    private readonly db: Database,
    readonly schema: string,
  ) {
    this.channel = `${schema}.event`;
    this.event = `${quoted(schema)}.event`;
    this.requests = `${quoted(schema)}.request`;
    this.lock = lockKey(schema, 'append');
  }

  /**
   * Appends all facts or none, in their order, in one statement, so that a process that freezes can never hold the lock.
   * The revisions say what was seen: the first fact of a stream is revision 1. Throws `DatabaseAway` when trying again can help.
   */
  async append(append: Append): Promise<Appended> {
    const { sql, params } = this.statement(append);
    try {
      const [row] = await this.db.query<{ went: boolean; position: bigint | null }>(sql, params);
      if (row?.went === true) return { kind: 'appended', position: row.position ?? 0n };
    } catch (error) {
      if (codeOf(error) === UNIQUE_VIOLATION && constraintOf(error) === 'event_stream_id_revision_key') {
        return append.request === undefined
          ? { kind: 'moved-on' }
          : ((await this.answerTo(append.request)) ?? { kind: 'moved-on' });
      }
      throw error;
    }
    if (append.request === undefined) throw new Error('an append without a request went nowhere');
    const answered = await this.answerTo(append.request);
    // The row went between the two statements: a day had passed. The caller decides again, on what is there now.
    return answered ?? { kind: 'moved-on' };
  }

  /** How an earlier request with this key ended, or undefined when there was none within a day. */
  async answerTo({
    holder,
    key,
    bodyHash,
  }: Pick<Request, 'holder' | 'key' | 'bodyHash'>): Promise<Appended | undefined> {
    const [found] = await this.db.query<{ body_hash: string; answer: unknown }>(
      `select body_hash, answer from ${this.requests} where holder = $1 and key = $2 and at > clock_timestamp() - ${KEY_KEPT}`,
      [holder, key],
    );
    if (found === undefined) return undefined;
    return found.body_hash === bodyHash ? { kind: 'repeated', answer: found.answer } : { kind: 'key-reused' };
  }

  /** The events of one stream in their order, those after `afterRevision` only when it is given. */
  async read(streamId: string, afterRevision = 0, through: Queryable = this.db): Promise<RecordedEvent[]> {
    return recorded(
      await through.query<EventRow>(
        `select ${COLUMNS} from ${this.event} where stream_id = $1 and revision > $2 order by revision`,
        [streamId, afterRevision],
      ),
    );
  }

  /** The revision of the newest event of one stream, 0 for a stream without any; reads none of them. */
  async revisionOf(streamId: string): Promise<number> {
    const [row] = await this.db.query<{ newest: number }>(
      `select coalesce(max(revision), 0) as newest from ${this.event} where stream_id = $1`,
      [streamId],
    );
    return row?.newest ?? 0;
  }

  /** At most `limit` events after `position`, in the order in which they were committed. */
  async after(position: bigint, limit: number): Promise<RecordedEvent[]> {
    return recorded(
      await this.db.query<EventRow>(
        `select ${COLUMNS} from ${this.event} where position > $1 order by position limit $2`,
        [position, limit],
      ),
    );
  }

  /** The position of the newest event, 0 for an empty record. */
  async lastPosition(): Promise<bigint> {
    const [row] = await this.db.query<{ last: bigint }>(
      `select coalesce(max(position), 0) as last from ${this.event}`,
    );
    return row?.last ?? 0n;
  }

  /** Forgets the keys of requests that are older than a day. Returns how many. */
  async forgetOldRequests(): Promise<number> {
    return this.db.execute(`delete from ${this.requests} where at <= clock_timestamp() - ${KEY_KEPT}`);
  }

  private statement({ facts, request, also = [] }: Append): { sql: string; params: unknown[] } {
    const params: unknown[] = [];
    const p = (value: unknown): string => `$${params.push(value)}`;
    const withs: string[] = [];
    if (request !== undefined) withs.push(this.keyQuery(request, p));
    const from = request === undefined ? '' : ' from key';
    withs.push(
      facts.length === 0
        ? `turn as materialized (select 1 as went${from})`
        : `turn as materialized (select 1 as went, pg_advisory_xact_lock(${p(this.lock)}), pg_notify(${p(this.channel)}, '')${from})`,
    );
    if (facts.length > 0) withs.push(this.addedQuery(facts, p));
    also.forEach(({ sql, params: own }, n) => {
      const numbers = own.map(p);
      withs.push(
        `also_${n} as (${sql.replaceAll(/\$(\d+)/g, (_, number: string) => numbers[Number(number) - 1] ?? `$${number}`)})`,
      );
    });
    const position = facts.length > 0 ? '(select max(position) from added)' : 'null::bigint';
    return {
      sql: `with ${withs.join(',\n')}\nselect exists (select from turn) as went, ${position} as position`,
      params,
    };
  }

  /** One row when this key is new or a day old, none when it is taken. Waits for another process that is just taking it. */
  private keyQuery({ holder, key, bodyHash, answer }: Request, p: (value: unknown) => string): string {
    return `key as (
      insert into ${this.requests} as kept (holder, key, body_hash, answer)
      values (${p(holder)}, ${p(key)}, ${p(bodyHash)}, ${p(JSON.stringify(answer ?? null))})
      on conflict (holder, key) do update set body_hash = excluded.body_hash, answer = excluded.answer, at = excluded.at
        where kept.at <= clock_timestamp() - ${KEY_KEPT}
      returning 1)`;
  }

  private addedQuery(facts: readonly NewEvent[], p: (value: unknown) => string): string {
    const column = <T>(of: (fact: NewEvent) => T): string => p(facts.map(of));
    return `added as (
      insert into ${this.event} (stream_id, revision, type, time, actor, traceparent, body)
      select f.stream_id, f.revision, f.type, f.time, f.actor, f.traceparent, f.body
      from turn, unnest(
        ${column((f) => f.streamId)}::text[], ${column((f) => f.revision)}::int[], ${column((f) => f.type)}::text[],
        ${column((f) => f.time)}::timestamptz[], ${column((f) => f.actor)}::text[], ${column((f) => f.traceparent)}::text[],
        ${column((f) => JSON.stringify(f.body))}::jsonb[]
      ) with ordinality as f (stream_id, revision, type, time, actor, traceparent, body, n)
      order by f.n
      returning position)`;
  }
}

type EventRow = Row & {
  position: bigint;
  stream_id: string;
  revision: number;
  type: string;
  time: RecordedEvent['time'];
  actor: string;
  traceparent: string | null;
  body: RecordedEvent['body'];
};

const COLUMNS = 'position, stream_id, revision, type, time, actor, traceparent, body';

function recorded(rows: readonly EventRow[]): RecordedEvent[] {
  return rows.map(({ stream_id: streamId, ...row }) => ({ ...row, streamId }));
}

function constraintOf(error: unknown): string {
  return error instanceof Error && 'constraint' in error ? String(error.constraint) : '';
}
