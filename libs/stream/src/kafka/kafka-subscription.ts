import type { Consumer, EachBatchPayload, Kafka } from 'kafkajs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Log } from '#runtime';
import type {
  Handler,
  StreamMessage,
  SubscribeTo,
  Subscription,
  SubscriptionHealth,
} from '../event-stream.js';
import { growingPauseMs } from '../handling/growing-pause.js';
import { PartitionWork, type WorkOn } from '../handling/partition-work.js';
import { summary } from '../handling/summary.js';
import { CLOSE_GRACE_MS, within } from '../handling/within.js';
import { CONSUMER } from './kafka-client.js';
import { streamMessage } from './stream-message.js';

/** What a subscription needs from the stream that it belongs to. */
export type KafkaSubscriptionNeeds = {
  kafka: Kafka;
  park(message: StreamMessage, why: string): Promise<void>;
  /** Per partition what the group has not finished with. */
  lags(topic: string): Promise<ReadonlyMap<number, bigint>>;
  /** Waits for `work`, but not when there is no broker to wait for. */
  unlessLost(work: Promise<unknown>): Promise<'ended' | 'lost'>;
  log: Log;
  /** A consumer that neither fetches nor beats for so long is stuck: its fetch loop turns every 250 ms. Default 20 s. */
  silentAfterMs?: number;
};

/** More than any topic of ours has partitions; the client hands over one batch of each at once. */
const PARTITIONS_AT_ONCE = 256;
const SILENT_AFTER_MS = 20_000;
/** So much at once is worth waking up for before a group's `lingerMs` is over. */
const LINGERING_BYTES = 256 * 1024;
const DISCONNECT_WITHIN_MS = 3_000;
/** For the last commits of a member that closes, beside the grace of its handlers. */
const COMMIT_WITHIN_MS = 500;

/**
 * One member of a group. The client's own loop only feeds: it waits for every batch of a fetch before the next fetch, so a
 * handler inside it would hold up all partitions and its own heartbeats. Each partition is worked on beside it.
 */
export class KafkaSubscription implements Subscription {
  private readonly works = new Map<string, PartitionWork>();
  private readonly ending = new Map<string, Promise<void>>();
  private readonly closed = new AbortController();
  private readonly supervising: Promise<void>;
  private joined = false;
  private why: string | undefined;
  private assigned: readonly { topic: string; partition: number }[] = [];
  private current: Consumer | undefined;
  private crashed: (why: string) => void = () => undefined;
  private generation = 0;
  private readonly silentAfterMs: number;
  private readonly fetchBegan = new Map<number, number>();
  private stale = false;
  private signOfLifeAt = performance.now();
  private fedAt = performance.now();

  constructor(
    private readonly needs: KafkaSubscriptionNeeds,
    private readonly to: SubscribeTo,
    private readonly handle: Handler,
  ) {
    this.silentAfterMs = needs.silentAfterMs ?? SILENT_AFTER_MS;
    this.supervising = this.supervise();
  }

  async close(): Promise<void> {
    this.closed.abort();
    // What is fetched and not taken any more would be fetched again at once, again and again, beside the handlers' last work.
    const all = this.assigned.map(({ topic, partition }) => ({ topic, partitions: [partition] }));
    unlessGone(() => this.current?.pause(all));
    const end = await within(this.finish([...this.works.values()]), CLOSE_GRACE_MS + COMMIT_WITHIN_MS);
    if (end === 'late') this.late(new Error('the broker did not take the last commits in time'));
    this.crashed('closed');
    await this.supervising;
  }

  /** The client tries a commit for minutes while the broker is away; what was not committed is only handled again. */
  private async finish(works: readonly PartitionWork[]): Promise<void> {
    const closing = works.map((work) => work.close().catch((error: unknown) => this.late(error)));
    if ((await this.needs.unlessLost(Promise.all(closing))) === 'ended') return;
    await Promise.all(works.map((work) => work.returned)); // what a handler has in hand needs no broker
    this.late(new Error('no broker answers'));
  }

  health(): SubscriptionHealth {
    if (this.closed.signal.aborted) return { state: 'closed', partitions: [], waiting: 0 };
    if (!this.joined)
      return { state: 'joining', ...(this.why ? { why: this.why } : {}), partitions: [], waiting: 0 };
    return summary([...this.works.values()], this.assigned);
  }

  /** Builds a consumer, and a new one whenever it crashed or got stuck: the client restarts only after what it calls retriable. */
  private async supervise(): Promise<void> {
    for (let failures = 0; !this.closed.signal.aborted; failures += 1) {
      let crashed: (why: string) => void = () => undefined;
      const crash = new Promise<string>((resolve) => (crashed = resolve));
      this.crashed = crashed;
      const consumer = this.newConsumer(crashed);
      const began = performance.now();
      const watchdog = setInterval(() => void this.watch(), this.silentAfterMs / 4);
      const run = this.run(consumer).catch((error: unknown) => crashed(String(error)));
      this.why = await crash;
      clearInterval(watchdog);
      this.current = undefined; // what the old one still brings is ignored
      this.joined = false;
      this.loseAll();
      const left = Promise.all([run, consumer.disconnect()]);
      await within(this.needs.unlessLost(left), DISCONNECT_WITHIN_MS);
      if (this.closed.signal.aborted) return;
      if (performance.now() - began > this.silentAfterMs) failures = 0;
      const pauseMs = growingPauseMs(failures);
      this.needs.log.warn({ group: this.to.group, why: this.why, pauseMs }, 'consumer is built anew');
      await sleep(pauseMs, undefined, { signal: this.closed.signal }).catch(() => undefined);
    }
  }

  private newConsumer(crashed: (why: string) => void): Consumer {
    const { group, lingerMs } = this.to;
    // The broker itself lets messages gather: whoever lingers is not even woken by the first.
    // With no wait at all the client would ask without a pause: 0 is the same as not lingering.
    const lingering = lingerMs ? { minBytes: LINGERING_BYTES, maxWaitTimeInMs: lingerMs } : {};
    const consumer = this.needs.kafka.consumer({ ...CONSUMER, ...lingering, groupId: group });
    this.current = consumer;
    this.signOfLifeAt = performance.now();
    const alive = (): void => void (this.signOfLifeAt = performance.now());
    const { events } = consumer;
    consumer.on(events.HEARTBEAT, alive);
    consumer.on(events.FETCH_START, ({ payload }) => {
      alive();
      this.fetchBegan.set(nodeOf(payload), this.generation);
    });
    consumer.on(events.FETCH, ({ payload }) => {
      alive();
      // Fetched at the places of an earlier generation: dropped unresolved, so that it comes again from where the group stands.
      if (this.fetchBegan.get(nodeOf(payload)) === this.generation) return;
      this.stale = true;
      setImmediate(() => (this.stale = false));
    });
    consumer.on(events.REBALANCING, () => this.current === consumer && this.loseAll());
    consumer.on(events.GROUP_JOIN, ({ payload }) => {
      if (this.current !== consumer) return;
      alive();
      this.generation += 1;
      this.joined = true;
      this.why = undefined;
      this.loseAll();
      this.assigned = Object.entries(payload.memberAssignment).flatMap(([topic, partitions]) =>
        partitions.map((partition) => ({ topic, partition })),
      );
      consumer.resume(consumer.paused());
      this.needs.log.info({ group: this.to.group, partitions: this.assigned.length }, 'joined the group');
    });
    consumer.on(events.CRASH, ({ payload }) => crashed(payload.error.message));
    return consumer;
  }

  private async run(consumer: Consumer): Promise<void> {
    await consumer.connect();
    await consumer.subscribe({ topics: [...this.to.topics], fromBeginning: true }); // the client's default skips what came before
    await consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      partitionsConsumedConcurrently: PARTITIONS_AT_ONCE,
      eachBatch: (payload) => this.feed(consumer, payload),
    });
  }

  private async feed(consumer: Consumer, { batch, resolveOffset }: EachBatchPayload): Promise<void> {
    const { topic, partition } = batch;
    const messages = batch.messages.map((message) => streamMessage(topic, partition, message));
    const [first] = messages;
    if (!first || this.stale || this.current !== consumer || this.closed.signal.aborted) return;
    const work = this.workAt(consumer, first);
    work.offer(messages);
    resolveOffset(batch.lastOffset());
    this.fedAt = performance.now();
    if (!work.hasRoom) consumer.pause([{ topic, partitions: [partition] }]);
  }

  /** The work on this partition; begun anew when the messages start before what it has taken, after a reset of the topic. */
  private workAt(consumer: Consumer, { topic, partition, offset }: StreamMessage): PartitionWork {
    const name = `${topic}/${partition}`;
    const now = this.works.get(name);
    if (now && now.next <= offset) return now;
    if (now) this.lose(name, now);
    const on: WorkOn = {
      handle: this.handle,
      maxBatch: this.to.maxBatch ?? 500,
      park: (message, why) => this.needs.park(message, why),
      commit: (next) => consumer.commitOffsets([{ topic, partition, offset: String(next) }]),
      roomAgain: () => {
        if (this.works.get(name) !== work || this.closed.signal.aborted) return;
        unlessGone(() => consumer.resume([{ topic, partitions: [partition] }]));
      },
      log: this.needs.log.child({ group: this.to.group, topic, partition }),
    };
    const work = new PartitionWork(on, offset, this.ending.get(name));
    this.works.set(name, work);
    return work;
  }

  private loseAll(): void {
    for (const [name, work] of this.works) if (!this.closed.signal.aborted) this.lose(name, work);
  }

  /** The next work on the same partition in this process starts when the handler of this one has returned. */
  private lose(name: string, work: PartitionWork): void {
    this.works.delete(name);
    const ended = Promise.all([this.ending.get(name), work.lose()]).then(() => {
      if (this.ending.get(name) === ended) this.ending.delete(name);
    });
    this.ending.set(name, ended);
  }

  private async watch(): Promise<void> {
    if (performance.now() - this.signOfLifeAt > this.silentAfterMs)
      return this.crashed('the consumer neither fetches nor beats');
    if (!this.joined || performance.now() - this.fedAt < this.silentAfterMs) return;
    if ([...this.works.values()].some((work) => work.busy)) return;
    this.fedAt = performance.now(); // one look per silence
    const topics = await Promise.all(this.to.topics.map((topic) => this.needs.lags(topic))).catch(() => []);
    const behind = this.assigned.some(({ topic, partition }) => {
      const lag = topics[this.to.topics.indexOf(topic)]?.get(partition);
      return lag !== undefined && lag > 0n;
    });
    if (behind && ![...this.works.values()].some((work) => work.busy))
      this.crashed('messages lie in the topic and none arrives');
  }

  private late(error: unknown): void {
    this.needs.log.warn(
      { group: this.to.group, error },
      'handled messages could not be committed before closing',
    );
  }
}

/** The client puts the node into every fetch event; its types leave it out of some. */
function nodeOf(payload: object): number {
  return 'nodeId' in payload ? Number(payload.nodeId) : -1;
}

/** The client refuses to pause and to resume once it has let go of its group, a moment before it says so: its successor begins unpaused. */
function unlessGone(act: () => void): void {
  try {
    act();
  } catch {
    // it is gone
  }
}
