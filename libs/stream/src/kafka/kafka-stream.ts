import type { Admin, ITopicMetadata, Kafka } from 'kafkajs';
import { setTimeout as sleep } from 'node:timers/promises';
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
import { growingPauseMs } from '../handling/growing-pause.js';
import { parkedRecord, parkedTopic } from '../parked.js';
import { newKafka, type KafkaSettings } from './kafka-client.js';
import { KafkaPublisher } from './kafka-publisher.js';
import { KafkaPulse } from './kafka-pulse.js';
import { readRange } from './kafka-read.js';
import { KafkaSubscription } from './kafka-subscription.js';

/** A new topic is known to all brokers and led within a second or two; more means that brokers are missing. */
const LEADERS_WITHIN_MS = 15_000;

type Range = { low: bigint; high: bigint };

/** The stream on Apache Kafka. Connects when it is first used, and again by itself whenever a broker comes back. */
export class KafkaStream extends EventStream {
  private readonly publisher: KafkaPublisher;
  private readonly pulse: KafkaPulse;
  private readonly subscriptions = new Set<KafkaSubscription>();
  private readonly known = new Set<string>();
  private readonly plans = new Map<string, TopicPlan>();
  private connecting: Promise<Admin> | undefined;

  constructor(
    private readonly settings: KafkaSettings,
    private readonly kafka: Kafka = newKafka(settings, 'short'),
    impatient: Kafka = newKafka(settings, 'none'),
  ) {
    super();
    this.pulse = new KafkaPulse(impatient);
    this.publisher = new KafkaPublisher(this.kafka);
  }

  async ensureTopics(topics: readonly TopicPlan[]): Promise<void> {
    for (const plan of topics) this.plans.set(plan.name, plan).set(parkedTopic(plan.name), plan);
    const admin = await this.admin();
    const wanted = topics.flatMap(({ name, partitions }) => [
      { name, partitions },
      { name: parkedTopic(name), partitions: 1 },
    ]);
    const there = new Set(await admin.listTopics());
    const missing = wanted.filter(({ name }) => !there.has(name));
    const replicationFactor = this.settings.replicationFactor ?? -1; // -1: as the broker is set up
    // At least two of three copies must have a record before it counts as published.
    const configEntries = replicationFactor >= 3 ? [{ name: 'min.insync.replicas', value: '2' }] : [];
    if (missing.length > 0)
      await admin.createTopics({
        topics: missing.map(({ name, partitions }) => ({
          topic: name,
          numPartitions: partitions,
          replicationFactor,
          configEntries,
        })),
        waitForLeaders: false, // its wait fails when the broker has not heard of the new topic yet
      });
    const made = await this.withLeaders(wanted.map(({ name }) => name));
    for (const { name, partitions } of wanted) {
      this.known.add(name);
      const found = made.find((topic) => topic.name === name)?.partitions.length;
      // More partitions move keys to other partitions, which breaks their order: only a person decides that.
      if (found !== partitions)
        this.settings.log.warn(
          { topic: name, found, planned: partitions },
          'topic has another number of partitions than planned',
        );
    }
  }

  async publish(records: readonly OutgoingRecord[]): Promise<readonly Placed[]> {
    const unknown = [...new Set(records.map(({ topic }) => topic))].filter((topic) => !this.known.has(topic));
    if (unknown.length > 0) await this.lookUp(unknown);
    try {
      return await this.publisher.publish(records);
    } catch (error) {
      for (const { topic } of records) this.known.delete(topic); // a broker that came back empty has lost its topics as well
      throw error;
    }
  }

  async subscribe(to: SubscribeTo, handle: Handler): Promise<Subscription> {
    const { log } = this.settings;
    const needs = {
      kafka: newKafka(this.settings, 'long'),
      park: async (message: StreamMessage, why: string) =>
        void (await this.publish([parkedRecord(message, why, to.group)])),
      lags: (topic: string) => this.lags(topic, to.group),
      unlessLost: (work: Promise<unknown>) => this.pulse.unlessLost(work),
      log,
    };
    const subscription = new KafkaSubscription(needs, to, handle);
    this.subscriptions.add(subscription);
    return subscription;
  }

  async read(from: {
    topic: string;
    partition: number;
    offset: bigint;
    limit: number;
  }): Promise<StreamMessage[]> {
    const { topic, partition, offset, limit } = from;
    const range = (await this.ranges(topic)).get(partition);
    if (!range) throw new RangeError(`there is no partition ${partition} in ${topic}`);
    const first = offset > range.low ? offset : range.low;
    const end = first + BigInt(limit) < range.high ? first + BigInt(limit) : range.high;
    if (first >= end) return [];
    return readRange(this.kafka, await this.admin(), { topic, partition, from: first, to: end });
  }

  async endOffsets(topic: string): Promise<ReadonlyMap<number, bigint>> {
    const there = await (await this.admin()).listTopics();
    if (!there.includes(topic)) return new Map(); // else the client would ask for it for ten seconds, and then fail
    return new Map([...(await this.ranges(topic))].map(([partition, { high }]) => [partition, high]));
  }

  async committed(topic: string, group: string): Promise<ReadonlyMap<number, bigint>> {
    return (await this.places(topic, group)).committed;
  }

  async lag(topic: string, group: string): Promise<bigint> {
    return [...(await this.lags(topic, group)).values()].reduce((sum, lag) => sum + lag, 0n);
  }

  override async reach(): Promise<void> {
    await this.pulse.reach();
  }

  async close(): Promise<void> {
    await Promise.all([...this.subscriptions].map((subscription) => subscription.close()));
    await this.pulse.unlessLost(Promise.all([this.publisher.close(), this.disconnect()]));
    await this.pulse.close();
  }

  private async disconnect(): Promise<void> {
    const admin = await this.connecting?.catch(() => undefined);
    await admin?.disconnect();
  }

  private async lags(topic: string, group: string): Promise<ReadonlyMap<number, bigint>> {
    const { ranges, committed } = await this.places(topic, group);
    return new Map(
      [...ranges].map(([partition, { high }]) => {
        const behind = high - (committed.get(partition) ?? 0n);
        return [partition, behind > 0n ? behind : 0n];
      }),
    );
  }

  private async places(
    topic: string,
    groupId: string,
  ): Promise<{ ranges: Map<number, Range>; committed: Map<number, bigint> }> {
    const admin = await this.admin();
    const [ranges, groups] = await Promise.all([
      this.ranges(topic),
      admin.fetchOffsets({ groupId, topics: [topic] }),
    ]);
    const committed = new Map([...ranges].map(([partition, { low }]) => [partition, low])); // never committed: from the beginning
    for (const { partitions } of groups)
      for (const { partition, offset } of partitions)
        if (BigInt(offset) > (ranges.get(partition)?.low ?? -1n)) committed.set(partition, BigInt(offset)); // else it is past its retention
    return { ranges, committed };
  }

  private async ranges(topic: string): Promise<Map<number, Range>> {
    const offsets = await (await this.admin()).fetchTopicOffsets(topic);
    const sorted = offsets.sort((a, b) => a.partition - b.partition); // the client answers in any order
    return new Map(
      sorted.map(({ partition, low, high }) => [partition, { low: BigInt(low), high: BigInt(high) }]),
    );
  }

  /**
   * The topics as the cluster knows them, as soon as each of their partitions has a leader that answers for it. Published
   * earlier, some partitions of a send would be refused, and the client would repeat the whole of it: records stored twice.
   */
  private async withLeaders(names: string[]): Promise<ITopicMetadata[]> {
    const deadline = performance.now() + LEADERS_WITHIN_MS;
    for (let failures = 0; ; failures += 1) {
      try {
        const { topics } = await (await this.admin()).fetchTopicMetadata({ topics: names });
        const leaderless = topics.find(({ partitions }) => partitions.some(({ leader }) => leader < 0));
        if (!leaderless) {
          await Promise.all(names.map((name) => this.ranges(name)));
          return topics;
        }
        throw new Error(`a partition of ${leaderless.name} has no leader`);
      } catch (error) {
        if (performance.now() > deadline) throw error;
        await sleep(growingPauseMs(failures));
      }
    }
  }

  /**
   * The client would try for a minute, and hold up everything behind it, before it says that a topic is missing. One that this
   * process had made sure of, and that is gone, went with the data of its broker: it is made again.
   */
  private async lookUp(topics: readonly string[]): Promise<void> {
    const there = new Set(await (await this.admin()).listTopics());
    const missing = topics.filter((topic) => !there.has(topic) && !this.plans.has(topic));
    const gone = topics.flatMap((topic) => (there.has(topic) ? [] : (this.plans.get(topic) ?? [])));
    if (gone.length > 0) {
      this.settings.log.error({ topics: gone }, 'topics are gone, and are made again');
      await this.ensureTopics(gone);
    }
    if (missing.length > 0)
      throw new Error(`no such topic: ${missing.join(', ')}; its owner creates it by ensureTopics`);
    for (const topic of topics) this.known.add(topic);
  }

  private admin(): Promise<Admin> {
    this.connecting ??= this.connect();
    return this.connecting;
  }

  private async connect(): Promise<Admin> {
    const admin = this.kafka.admin();
    try {
      await admin.connect();
    } catch (error) {
      this.connecting = undefined;
      throw error;
    }
    return admin;
  }
}
