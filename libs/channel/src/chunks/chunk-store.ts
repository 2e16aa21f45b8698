import type { AccountId, ComposedText, IncidentId, Instant, WarningContent } from '#contracts';
import type { Database } from '#postgres';
import { frameHash, textsHash } from '../approved/kept-hashes.js';
import type { Sending } from '../adapter/list-sender.js';
import type { ChunkKey } from '../record/channel-record.js';
import { KEY, keyValues } from './chunk-key.js';
import { tablesOf, type ChannelTables } from '../record/tables.js';

/** How long a worker may be silent before its chunk is handed out again: longer than a pause for breath, short for the public. */
export const LEASE_MS = 3_000;
/** After a failure, a chunk rests for so long before somebody tries again. */
export const REST_MS = 250;

/** A chunk in hand. Only the holder of the newest fence may arm and record. */
export type TakenChunk = {
  key: ChunkKey;
  fence: number;
  accountId: AccountId;
  incidentId: IncidentId;
  recipients: number;
  /** In the lane of grave warnings and cancels. */
  urgent: boolean;
  /** The chunk's stream has this many events. */
  revision: number;
  sending: Sending & { media: NonNullable<WarningContent['media']> };
  texts: readonly ComposedText[];
  /** Whoever changed what this channel keeps of the version changed it after it was approved: nothing of it may be sent. */
  tampered?: boolean;
};

/** Why a chunk could not be taken: all its rows are final and reported, another worker has it, or nobody ever planned it. */
export type NotTaken = 'done' | 'busy' | 'unheard-of';

type TakenRow = Omit<TakenChunk, 'key' | 'sending' | 'texts' | 'tampered'> & {
  issuedAt: Instant;
  sendUntil: Instant;
  head: Pick<Sending, 'mode' | 'message' | 'severity' | 'urgency'> & {
    media?: TakenChunk['sending']['media'];
  };
  composed: ComposedText[];
  textsSha256: string | null;
  frameSha256: string | null;
};

/** Chunks as work: taken under a fence and a lease, given back when their worker stops, handed out again when it died. */
export class ChunkStore {
  private readonly tables: ChannelTables;

  constructor(
    private readonly db: Database,
    schema: string,
  ) {
    this.tables = tablesOf(schema);
  }

  /**
   * Raises the fence and takes the lease, unless somebody holds it: whatever an earlier holder does from now on touches nothing. A
   * cancel's texts are those of the newest version that was for the account.
   */
  async take(key: ChunkKey): Promise<TakenChunk | NotTaken> {
    const [row] = await this.db.query<TakenRow>(
      `with taken as (
         update ${this.tables.chunk} set fence = fence + 1, lease_until = clock_timestamp() + interval '${LEASE_MS} ms'
         where ${KEY} and (not done or unreported > 0) and (lease_until is null or lease_until < clock_timestamp())
         returning warning_id, version, act, fence, account_id, recipients, urgent, revision)
       select t.fence, t.account_id as "accountId", t.recipients, t.urgent, t.revision, s.incident_id as "incidentId",
              s.issued_at as "issuedAt", s.send_until as "sendUntil", s.head, coalesce(own.composed, s.composed) as composed,
              a.texts_sha256 as "textsSha256", a.frame_sha256 as "frameSha256"
       from taken t join ${this.tables.sending} s using (warning_id, version, act)
       left join lateral (
         select i.composed, i.texts_version from ${this.tables.sending} i, jsonb_build_array(jsonb_build_object('accountId', t.account_id)) account
         where t.act = 'cancel' and not s.composed @> account and i.warning_id = t.warning_id and i.act = 'issue' and i.version <= t.version
           and i.composed @> account order by i.version desc limit 1) own on true
       left join ${this.tables.approved} a on a.warning_id = t.warning_id and a.version = coalesce(own.texts_version, s.texts_version)`,
      keyValues(key),
    );
    if (row === undefined) return this.whyNot(key);
    const { incidentId, issuedAt, sendUntil, head, composed, textsSha256, frameSha256, ...chunk } = row;
    const { warningId, version, act } = key;
    return {
      ...chunk,
      key,
      incidentId,
      sending: { media: [], ...head, incidentId, warningId, version, act, issuedAt, sendUntil },
      texts: composed,
      tampered: !(textsHash(row) === textsSha256 && (act === 'cancel' || frameHash(row) === frameSha256)),
    };
  }

  /** Keeps the lease. False when it went to somebody else. */
  async keep(chunk: Pick<TakenChunk, 'key' | 'fence'>): Promise<boolean> {
    const kept = await this.db.execute(
      `update ${this.tables.chunk} set lease_until = clock_timestamp() + interval '${LEASE_MS} ms' where ${KEY} and fence = $5`,
      [...keyValues(chunk.key), chunk.fence],
    );
    return kept > 0;
  }

  /**
   * Gives back a chunk that is not finished: it is handed out again, here or elsewhere, after `pauseMs`. Never by taking the lease
   * away: rows that were not begun would then wait for a message of the stream that has come already.
   */
  async release(chunk: Pick<TakenChunk, 'key' | 'fence'>, pauseMs = 0): Promise<void> {
    await this.db.execute(
      `update ${this.tables.chunk} set lease_until = clock_timestamp() + $6::float8 * interval '1 ms' where ${KEY} and fence = $5`,
      [...keyValues(chunk.key), chunk.fence, pauseMs],
    );
  }

  /**
   * Chunks of one lane that somebody must look at: a row is due, the worker died, or the last counts were not reported.
   * `urgent` null: both lanes. By the time of the statement: no index is ever searched by `clock_timestamp()`, which changes from row to row.
   */
  async waiting(urgent: boolean | null, limit: number): Promise<ChunkKey[]> {
    const lane = '($1::boolean is null or c.urgent = $1)';
    const free = '(c.lease_until is null or c.lease_until < statement_timestamp())';
    const key = 'c.warning_id as "warningId", c.version, c.act, c.chunk';
    return this.db.query<ChunkKey>(
      `select ${key} from ${this.tables.chunk} c where ${lane} and not c.done and c.lease_until < statement_timestamp()
       union select ${key} from ${this.tables.chunk} c where ${lane} and c.unreported > 0 and ${free}
       union select ${key} from ${this.tables.chunk} c
         join (select distinct warning_id, version, act, chunk from ${this.tables.delivery}
               where state = 'deferred' and due_at <= statement_timestamp()) d using (warning_id, version, act, chunk)
         where ${lane} and not c.done and ${free}
       limit $2`,
      [urgent, limit],
    );
  }

  /** In how many ms the next deferred row is due; undefined when none waits, but for those due for a second: they are in somebody's hands. */
  async nextDueMs(): Promise<number | undefined> {
    const [row] = await this.db.query<{ ms: number | null }>(
      `select extract(epoch from min(due_at) - statement_timestamp())::float8 * 1000 as ms from ${this.tables.delivery}
       where state = 'deferred' and due_at > statement_timestamp() - interval '1 second'`,
    );
    return row?.ms ?? undefined;
  }

  private async whyNot(key: ChunkKey): Promise<NotTaken> {
    const [row] = await this.db.query<{ done: boolean }>(
      `select done from ${this.tables.chunk} where ${KEY}`,
      keyValues(key),
    );
    if (row === undefined) return 'unheard-of';
    return row.done ? 'done' : 'busy';
  }
}
