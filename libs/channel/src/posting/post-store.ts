import type { DeliveryId, Variant } from '#contracts';
import type { Database } from '#postgres';
import type { PostRef } from '../adapter/outcome.js';
import { chunkStream, type ChannelRecord, type ChunkKey } from '../record/channel-record.js';
import { KEY, keyValues } from '../chunks/chunk-key.js';
import type { TakenChunk } from '../chunks/chunk-store.js';
import { postReported, type Reportable } from '../reports/post-reported.js';
import { tablesOf, type ChannelTables } from '../record/tables.js';

/** One post of an account as it stands. */
export type PostRow = {
  deliveryId: DeliveryId;
  part: number;
  language: string;
  variant: Variant;
  answers: DeliveryId | null;
  /** What it was to answer is gone: it is a post of its own now, with the text that was approved for that. */
  standsAlone: boolean;
  state: string;
  attempt: number;
  unknowns: number;
  due: boolean;
  ref: PostRef | null;
  reason: string | null;
  detail: string | null;
};

const COLUMNS = `delivery_id as "deliveryId", part, language, variant, answers, stands_alone as "standsAlone", state, attempt, unknowns, ref, reason, detail`;
/** The key where a statement is put together of parts, and the server cannot tell the types of the values by itself. */
const TYPED_KEY =
  'warning_id = $1::text and version = $2::integer and act = $3::text and chunk = $4::integer';
const NEWS = `state || '/' || attempt || '/' || unknowns`;

/** The posts of one account, and what the record says of each. */
export class PostStore {
  private readonly tables: ChannelTables;

  constructor(
    private readonly db: Database,
    private readonly record: ChannelRecord,
  ) {
    this.tables = tablesOf(record.schema);
  }

  /** Every post of the chunk, in order. */
  async all(key: ChunkKey): Promise<PostRow[]> {
    return this.db.query<PostRow>(
      `select ${COLUMNS}, state = 'planned' or (state = 'deferred' and due_at <= clock_timestamp()) as due
       from ${this.tables.delivery} where ${KEY} order by part`,
      keyValues(key),
    );
  }

  /**
   * The first accepted post of the warning on this account in this language, else in any: what an update answers.
   * Undefined when the delivery that was to be answered has no reference.
   */
  async firstPost(answers: DeliveryId, language: string): Promise<PostRef | undefined> {
    const [row] = await this.db.query<{ ref: PostRef }>(
      `select o.ref from ${this.tables.delivery} d join ${this.tables.delivery} o
         on o.warning_id = d.warning_id and o.version = d.version and o.act = d.act and o.chunk = d.chunk
       where d.delivery_id = $1 and o.state = 'accepted' and o.ref is not null
       order by (o.language = $2) desc, o.part limit 1`,
      [answers, language],
    );
    return row?.ref;
  }

  /**
   * From now on the posts of this language stand alone. `more` are those that their texts need beyond the ones that were planned,
   * due at once. Changes nothing when the fence is lost.
   */
  async standAlone(
    { key, fence, accountId }: Pick<TakenChunk, 'key' | 'fence' | 'accountId'>,
    language: string,
    more: readonly { deliveryId: DeliveryId; part: number }[],
  ): Promise<void> {
    await this.db.execute(
      `with held as materialized (select 1 from ${this.tables.chunk} where ${KEY} and fence = $5 for update),
       turned as (update ${this.tables.delivery} set stands_alone = true from held where ${KEY} and language = $6)
       insert into ${this.tables.delivery} (delivery_id, warning_id, version, act, chunk, ordinal, target, part, language, variant, state,
         due_at, stands_alone)
       select m.id, $1, $2, $3, $4, m.part, $7, m.part, $6, 'alone', 'deferred', clock_timestamp(), true
       from held, unnest($8::text[], $9::integer[]) m (id, part) on conflict do nothing`,
      [
        ...keyValues(key),
        fence,
        language,
        accountId,
        more.map(({ deliveryId }) => deliveryId),
        more.map(({ part }) => part),
      ],
    );
  }

  /** Rows of these languages that come after one that must wait: due with it, so that nothing looks for them before. */
  async holdBehind(key: ChunkKey, languages: readonly string[]): Promise<void> {
    await this.db.execute(
      `with held as materialized (select 1 from ${this.tables.chunk} where ${KEY} for update)
       update ${this.tables.delivery} d set due_at = first.due_at from held, (
         select language, max(due_at) as due_at from ${this.tables.delivery}
         where ${KEY} and state = 'deferred' and language = any($5) group by language) first
       where ${KEY} and d.state = 'deferred' and d.language = first.language and d.due_at < first.due_at`,
      [...keyValues(key), languages],
    );
  }

  /**
   * Says on the record what became of each post since it was said last, and has accepted ones counted from `sampleAfterMs` on.
   * With `fence`, the worker of that fence gives its lease back in the same statement.
   */
  async report(chunk: Reportable, fence: number | null, sampleAfterMs: number | undefined): Promise<void> {
    for (;;) {
      // Before the news: what comes between the two looks is told now and once more, and is never counted as told without having been.
      const [row] = await this.db.query<{ revision: number; unreported: number; pending: bigint }>(
        `select c.revision, c.unreported, (select count(*) from ${this.tables.delivery} where ${KEY} and state in ('planned', 'deferred')) as pending
         from ${this.tables.chunk} c where c.${KEY.replaceAll(' and ', ' and c.')}`,
        keyValues(chunk.key),
      );
      if (row === undefined) return;
      const news = await this.db.query<PostRow & { news: string }>(
        `select ${COLUMNS}, false as due, ${NEWS} as news from ${this.tables.delivery}
         where ${KEY} and told is distinct from ${NEWS} order by part`,
        keyValues(chunk.key),
      );
      const events = news.map((post, n) =>
        this.record.newEvent(
          chunkStream(chunk.key, 'social'),
          row.revision + n + 1,
          postReported(chunk, post, this.record.clock.now()),
        ),
      );
      const noted = {
        sql: `update ${this.tables.chunk} set revision = $5::integer, unreported = unreported - $6::integer, done = $7::boolean,
                lease_until = case when fence = $8::integer then null else lease_until end
              where ${TYPED_KEY} and revision = $9::integer and exists (select from turn)`,
        params: [
          ...keyValues(chunk.key),
          row.revision + news.length,
          row.unreported,
          row.pending === 0n,
          fence,
          row.revision,
        ],
      };
      if (events.length === 0) {
        // No event keeps a second worker away: whoever has been overtaken looks again.
        if ((await this.db.execute(`with turn as (select) ${noted.sql}`, noted.params)) > 0) return;
        continue;
      }
      const also = [
        noted,
        {
          // The chunk is locked before its deliveries, as `DeliveryStore.settle` does. This part runs before `noted`, because PostgreSQL runs
          // the last of such parts first; the other way round the row could not be locked any more, and nothing would be told.
          sql: `update ${this.tables.delivery} d set told = o.news
                from turn, (select 1 from ${this.tables.chunk} where ${TYPED_KEY} for update) held, unnest($5::text[], $6::text[]) o (id, news)
                where d.delivery_id = o.id`,
          params: [
            ...keyValues(chunk.key),
            news.map((post) => post.deliveryId),
            news.map((post) => post.news),
          ],
        },
        ...(sampleAfterMs === undefined ? [] : [this.sampleWrite(chunk, news, sampleAfterMs)]),
      ];
      if (await this.record.appendAt(events, also)) return;
    }
  }

  private sampleWrite(chunk: Reportable, news: readonly PostRow[], afterMs: number) {
    const accepted = news.filter(({ state, ref }) => state === 'accepted' && ref !== null);
    return {
      sql: `insert into ${this.tables.sample} (delivery_id, account_id, ref, due_at)
            select o.id, $3::text, o.ref, clock_timestamp() + $4::float8 * interval '1 ms'
            from turn, unnest($1::text[], $2::jsonb[]) o (id, ref) on conflict do nothing`,
      params: [
        accepted.map((post) => post.deliveryId),
        accepted.map(({ ref }) => JSON.stringify(ref)),
        chunk.accountId,
        afterMs,
      ],
    };
  }
}
