import { type Database, migrate } from '#postgres';
import type { Log } from '#runtime';
import { eventIdOf } from '../event-id.js';
import { EventStream } from '../event-stream.js';
import type {
  Handler,
  OutgoingRecord,
  Placed,
  StreamMessage,
  SubscribeTo,
  Subscription,
  TopicPlan,
} from '../event-stream.js';
import { OneInFlight, type ReadyRecord } from '../handling/one-in-flight.js';
import { within } from '../handling/within.js';
import { streamMigrations } from '../migrations/stream-tables.js';
import { parkedRecord, parkedTopic } from '../parked.js';
import { EmbeddedSubscription } from './embedded-subscription.js';
import { Heads } from './places/heads.js';
import { Membership } from './membership.js';
import { partitionOfKey } from './places/partition-of-key.js';
import { Recent } from './places/recent.js';
import { Retention } from './places/retention.js';

/** A send takes 1 to 5 ms; asking the database instead costs about as much. */
const STORED_IN_A_MOMENT_MS = 20;

type ReadFrom = { topic: string; partition: number; offset: bigint; limit: number };

/** The stream on PostgreSQL, with the promises of Kafka: partitions, groups, offsets, hand-over. Makes its tables when first used. */
export class EmbeddedStream extends EventStream {
  private readonly queue = new OneInFlight((records) => this.store(records));
  private readonly recent = new Recent();
  private readonly subscriptions = new Set<Subscription>();
  private readonly partitions = new Map<string, number>();
  private storing: Promise<void> | undefined;
  private opening: Promise<{ heads: Heads; retention: Retention }> | undefined;

  constructor(
    private readonly db: Database,
    private readonly log: Log,
    private readonly retentionHours: number,
  ) {
    super();
  }

  async ensureTopics(topics: readonly TopicPlan[]): Promise<void> {
    await this.open();
    const wanted = topics.flatMap(({ name, partitions }) => [
      { name, partitions },
      { name: parkedTopic(name), partitions: 1 },
    ]);
    const made = await this.db.query<{ name: string; partitions: number }>(
      `with wanted as (select * from unnest($1::text[], $2::integer[]) as w (name, partitions)),
            made as (insert into stream.topic select name, partitions from wanted order by name
                     on conflict (name) do nothing returning name, partitions),
            parts as (insert into stream.partition (topic, partition)
                      select name, generate_series(0, partitions - 1) from made),
            told as (select pg_notify('larum_stream', 't') from made limit 1)
       select name, partitions from made left join told on true
       union all select name, partitions from stream.topic where name in (select name from wanted)`,
      [wanted.map(({ name }) => name), wanted.map(({ partitions }) => partitions)],
    );
    const found = new Map(made.map(({ name, partitions }) => [name, partitions]));
    for (const { name, partitions } of wanted) {
      const now = found.get(name);
      if (now !== undefined && now !== partitions)
        this.log.warn(
          { topic: name, found: now, planned: partitions },
          'topic has another number of partitions than planned',
        );
    }
  }

  async publish(records: readonly OutgoingRecord[]): Promise<readonly Placed[]> {
    await this.open();
    const unknown = [...new Set(records.map(({ topic }) => topic))].filter(
      (topic) => !this.partitions.has(topic),
    );
    if (unknown.length > 0) await this.lookUp(unknown);
    return this.queue.publish(records);
  }

  async subscribe(to: SubscribeTo, handle: Handler): Promise<Subscription> {
    const { heads } = await this.open();
    const needs = {
      heads,
      membership: new Membership(this.db, to.group, to.topics),
      fetch: (from: ReadFrom) => this.fetch(from),
      park: async (message: StreamMessage, why: string) =>
        void (await this.publish([parkedRecord(message, why, to.group)])),
      log: this.log,
    };
    const subscription = new EmbeddedSubscription(needs, to, handle);
    this.subscriptions.add(subscription);
    return subscription;
  }

  async read(from: ReadFrom): Promise<StreamMessage[]> {
    await this.open();
    const { topic, partition, offset, limit } = from;
    const rows = await this.db.query<{
      place: bigint;
      key: string;
      value: Buffer;
      headers: Record<string, string>;
    }>(
      `select place, key, value, headers from stream.message
        where topic = $1 and partition = $2 and place >= $3 order by place limit $4`,
      [topic, partition, offset, limit],
    );
    return rows.map(({ place: offset, key, value, headers }) => {
      const eventId = eventIdOf(headers, { topic, partition, offset });
      return { topic, partition, offset, key, value, headers, eventId };
    });
  }

  async endOffsets(topic: string): Promise<ReadonlyMap<number, bigint>> {
    await this.open();
    return this.places(
      'select partition, next_place as place from stream.partition where topic = $1 order by 1',
      [topic],
    );
  }

  async committed(topic: string, group: string): Promise<ReadonlyMap<number, bigint>> {
    await this.open();
    return this.places(
      `select p.partition, greatest(c.next_place, coalesce(
           (select min(m.place) from stream.message as m where m.topic = p.topic and m.partition = p.partition),
           p.next_place)) as place -- what is past its retention is there for nobody
         from stream.partition as p
         left join stream.claim as c on c.topic = p.topic and c.partition = p.partition and c.group_name = $2
        where p.topic = $1 order by 1`,
      [topic, group],
    );
  }

  async lag(topic: string, group: string): Promise<bigint> {
    const committed = await this.committed(topic, group);
    const ends = await this.endOffsets(topic);
    return [...ends].reduce((sum, [partition, end]) => sum + end - (committed.get(partition) ?? 0n), 0n);
  }

  async close(): Promise<void> {
    await Promise.all([...this.subscriptions].map((subscription) => subscription.close()));
    await this.queue.idle();
    const opened = await this.opening?.catch(() => undefined);
    await opened?.retention.close();
    await opened?.heads.close();
  }

  private async places(sql: string, params: unknown[]): Promise<ReadonlyMap<number, bigint>> {
    const rows = await this.db.query<{ partition: number; place: bigint }>(sql, params);
    return new Map(rows.map(({ partition, place }) => [partition, place]));
  }

  /**
   * The server's notification of our own publishing often comes before its answer: then the messages are here in a moment. Not
   * longer: a send that hangs, to whichever topic, must not hold up the consumers of all others.
   */
  private async fetch(from: ReadFrom): Promise<StreamMessage[]> {
    const recent = this.recent.from(from);
    if (recent.length > 0) return recent;
    if (this.storing) await within(this.storing, STORED_IN_A_MOMENT_MS);
    const stored = this.recent.from(from);
    return stored.length > 0 ? stored : this.read(from);
  }

  private store(records: readonly ReadyRecord[]): Promise<Placed[]> {
    const storing = this.storeNow(records);
    const over = (): void => {
      if (this.storing === settled) this.storing = undefined;
    };
    const settled = storing.then(over, over);
    this.storing = settled;
    return storing;
  }

  private async storeNow(records: readonly ReadyRecord[]): Promise<Placed[]> {
    const { heads } = await this.open();
    const partitions = records.map(({ topic, key }) => partitionOfKey(key, this.partitions.get(topic) ?? 1));
    const rows = await this.db.query<{ topic: string; partition: number; first_place: bigint }>(
      'select * from stream.publish($1, $2, $3, $4, $5)',
      [
        records.map(({ topic }) => topic),
        partitions,
        records.map(({ key }) => key),
        records.map(({ value }) => Buffer.from(value.buffer, value.byteOffset, value.byteLength)),
        records.map(({ headers }) => JSON.stringify(headers)),
      ],
    );
    const next = new Map(rows.map((row) => [`${row.topic}/${row.partition}`, row.first_place]));
    const placed = records.map(({ topic, key, value, headers }, n) => {
      const partition = partitions[n] ?? 0;
      const offset = next.get(`${topic}/${partition}`) ?? 0n;
      next.set(`${topic}/${partition}`, offset + 1n);
      const eventId = eventIdOf(headers, { topic, partition, offset });
      // A copy: the publisher may use its bytes again.
      return {
        topic,
        partition,
        offset,
        key,
        value: Uint8Array.from(value),
        headers: { ...headers },
        eventId,
      };
    });
    this.recent.keep(placed);
    for (const { topic, partition, offset } of placed) heads.reached(topic, partition, offset + 1n);
    return placed.map(({ topic, partition, offset }) => ({ topic, partition, offset }));
  }

  private async lookUp(topics: readonly string[]): Promise<void> {
    const rows = await this.db.query<{ name: string; partitions: number }>(
      'select name, partitions from stream.topic where name = any ($1)',
      [topics],
    );
    for (const { name, partitions } of rows) this.partitions.set(name, partitions);
    const missing = topics.filter((topic) => !this.partitions.has(topic));
    if (missing.length > 0)
      throw new Error(`no such topic: ${missing.join(', ')}; its owner creates it by ensureTopics`);
  }

  private open(): Promise<{ heads: Heads; retention: Retention }> {
    this.opening ??= migrate(this.db, { schema: 'stream', migrations: streamMigrations }).then(
      () => ({
        heads: new Heads(this.db, this.log),
        retention: new Retention(this.db, this.log, this.retentionHours),
      }),
      (error: unknown) => {
        this.opening = undefined;
        throw error;
      },
    );
    return this.opening;
  }
}
