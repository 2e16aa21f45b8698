import { afterEach, describe, expect, it } from '@jest/globals';
import { EventEmitter } from 'node:events';
import type { Consumer, ConsumerRunConfig, EachBatchPayload, Kafka } from 'kafkajs';
import { silentLog } from '#runtime';
import type { StreamMessage } from '../event-stream.js';
import { until } from '../testing/consumer.js';
import { KafkaSubscription } from './kafka-subscription.js';

const TOPIC = 'exercise.warnings.v1';
const EVENTS = {
  HEARTBEAT: 'heartbeat',
  FETCH_START: 'fetch-start',
  FETCH: 'fetch',
  REBALANCING: 'rebalancing',
  GROUP_JOIN: 'join',
  CRASH: 'crash',
};

/** A client's consumer that misbehaves on request: it joins, hands over what it is told to, crashes, or falls silent. */
class FakeConsumer {
  readonly events = EVENTS;
  readonly resolved: string[] = [];
  readonly commits: string[] = [];
  readonly pausedNow = new Set<number>();
  gone = false;
  private readonly emitter = new EventEmitter();
  private config: ConsumerRunConfig | undefined;

  on(event: string, listener: (event: { payload: unknown }) => void): void {
    this.emitter.on(event, (payload: unknown) => listener({ payload }));
  }
  emit(event: string, payload: object = {}): void {
    this.emitter.emit(event, payload);
  }
  async connect(): Promise<void> {}
  async subscribe({ fromBeginning }: { fromBeginning?: boolean }): Promise<void> {
    expect(fromBeginning).toBe(true);
  }
  async run(config: ConsumerRunConfig): Promise<void> {
    expect(config).toMatchObject({ autoCommit: false, eachBatchAutoResolve: false });
    this.config = config;
    this.join();
  }
  join(): void {
    this.emit(EVENTS.GROUP_JOIN, { memberAssignment: { [TOPIC]: [0, 1] } });
  }
  pause([{ partitions }]: [{ partitions: number[] }]): void {
    for (const partition of partitions) this.pausedNow.add(partition);
  }
  resume(topics: { partitions: number[] }[]): void {
    for (const { partitions } of topics) for (const partition of partitions) this.pausedNow.delete(partition);
  }
  paused(): { topic: string; partitions: number[] }[] {
    return [{ topic: TOPIC, partitions: [...this.pausedNow] }];
  }
  async commitOffsets([{ partition, offset }]: [{ partition: number; offset: string }]): Promise<void> {
    this.commits.push(`${partition}:${offset}`);
  }
  async disconnect(): Promise<void> {
    this.gone = true;
  }
  /** One turn of the client's loop. */
  async handOver(from: number, count: number, partition = 0): Promise<void> {
    const messages = Array.from({ length: count }, (_, n) => ({
      offset: String(from + n),
      key: Buffer.from('a'),
      value: null,
    }));
    const batch = { topic: TOPIC, partition, messages, lastOffset: () => String(from + count - 1) };
    const resolveOffset = (offset: string): void => void this.resolved.push(`${partition}:${offset}`);
    await this.config?.eachBatch?.({ batch, resolveOffset } as unknown as EachBatchPayload);
  }
}

describe('a member of a group on Kafka', () => {
  const consumers: FakeConsumer[] = [];
  let subscription: KafkaSubscription;
  let met: bigint[] = [];

  const subscribe = (
    needs: { silentAfterMs?: number; lag?: bigint; maxBatch?: number; handle?: () => Promise<void> } = {},
  ) => {
    const kafka = {
      consumer: () => {
        const consumer = new FakeConsumer();
        consumers.push(consumer);
        return consumer as unknown as Consumer;
      },
    } as unknown as Kafka;
    const lags = async () => new Map([[0, needs.lag ?? 0n]]);
    const park = async () => undefined;
    const { silentAfterMs, maxBatch = 500, handle } = needs;
    subscription = new KafkaSubscription(
      { kafka, park, lags, log: silentLog, ...(silentAfterMs === undefined ? {} : { silentAfterMs }) },
      { topics: [TOPIC], group: 'channel-sms', maxBatch },
      async (batch) => {
        await handle?.();
        for (const message of batch.messages as StreamMessage[]) {
          met.push(message.offset);
          await batch.done(message);
        }
      },
    );
  };
  const consumer = (n: number): FakeConsumer => consumers[n]!;

  afterEach(async () => {
    await subscription.close();
    consumers.length = 0;
    met = [];
  });

  it('takes messages at once and commits them when they are handled', async () => {
    subscribe();
    await until('it has joined', () => subscription.health().state === 'working');
    expect(subscription.health().partitions).toHaveLength(2);
    await consumer(0).handOver(0, 3);
    expect(consumer(0).resolved).toEqual(['0:2']);
    await until('they are committed', () => consumer(0).commits.includes('0:3'));
    expect(met).toEqual([0n, 1n, 2n]);
  });

  it('is built anew when the client gives up for good', async () => {
    subscribe();
    await until('it has joined', () => subscription.health().state === 'working');
    consumer(0).emit(EVENTS.CRASH, { error: new Error('not retriable'), restart: false });
    expect(subscription.health()).toMatchObject({ state: 'working' }); // until the loop turns
    await until(
      'another has joined',
      () => consumers.length === 2 && subscription.health().state === 'working',
    );
    expect(consumer(0).gone).toBe(true);
    await consumer(0).handOver(3, 1); // it was on its way: the new one gets it again
    expect(consumer(0).resolved).toEqual([]);
    await consumer(1).handOver(7, 1);
    await until('it works', () => met.length === 1);
    expect(met).toEqual([7n]);
  });

  it('is built anew when it neither fetches nor beats', async () => {
    subscribe({ silentAfterMs: 100 });
    await until('another was built', () => consumers.length >= 2, 5_000);
    expect(consumer(0).gone).toBe(true);
  });

  it('is built anew when messages lie in its partitions and none arrives', async () => {
    subscribe({ silentAfterMs: 100, lag: 5n });
    const beating = setInterval(() => consumers[0]?.emit(EVENTS.HEARTBEAT), 10);
    await until('another was built', () => consumers.length >= 2, 5_000);
    clearInterval(beating);
  });

  it('is left alone while nothing lies there, or its handler is at work', async () => {
    let letGo = (): void => undefined;
    const slow = new Promise<void>((resolve) => (letGo = resolve));
    subscribe({ silentAfterMs: 100, lag: 1n, handle: () => slow });
    const beating = setInterval(() => consumers[0]?.emit(EVENTS.HEARTBEAT), 10);
    await until('it has joined', () => subscription.health().state === 'working');
    await consumer(0).handOver(0, 1);
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(consumers).toHaveLength(1);
    clearInterval(beating);
    letGo();
  });

  it('drops what was fetched before it joined anew, unresolved, so that it comes again', async () => {
    subscribe();
    await until('it has joined', () => subscription.health().state === 'working');
    consumer(0).emit(EVENTS.FETCH_START, { nodeId: 1 });
    consumer(0).join(); // as another broker's fetch made it join
    consumer(0).emit(EVENTS.FETCH, { nodeId: 1 });
    await consumer(0).handOver(80, 3);
    expect(consumer(0).resolved).toEqual([]);
    await new Promise((resolve) => setImmediate(resolve));
    consumer(0).emit(EVENTS.FETCH_START, { nodeId: 1 });
    consumer(0).emit(EVENTS.FETCH, { nodeId: 1 });
    await consumer(0).handOver(50, 2);
    await until('it works', () => met.length === 2);
    expect(met).toEqual([50n, 51n]);
  });

  it('begins anew where the topic was emptied and starts from zero again', async () => {
    subscribe();
    await until('it has joined', () => subscription.health().state === 'working');
    await consumer(0).handOver(100, 2);
    await until('they are met', () => met.length === 2);
    await consumer(0).handOver(0, 2);
    await until('the new ones as well', () => met.length === 4);
    expect(met).toEqual([100n, 101n, 0n, 1n]);
  });

  it('pauses a partition that has more than enough, and only that one', async () => {
    let letGo = (): void => undefined;
    const slow = new Promise<void>((resolve) => (letGo = resolve));
    subscribe({ maxBatch: 2, handle: () => slow });
    await until('it has joined', () => subscription.health().state === 'working');
    await consumer(0).handOver(0, 10);
    await consumer(0).handOver(0, 1, 1);
    expect([...consumer(0).pausedNow]).toEqual([0]);
    letGo();
    await until('it goes on', () => consumer(0).pausedNow.size === 0);
    await until('all are met', () => met.length === 11);
  });

  it('commits nothing for partitions that it lost', async () => {
    let letGo = (): void => undefined;
    const slow = new Promise<void>((resolve) => (letGo = resolve));
    subscribe({ handle: () => slow });
    await until('it has joined', () => subscription.health().state === 'working');
    await consumer(0).handOver(0, 1);
    consumer(0).emit(EVENTS.REBALANCING);
    letGo();
    await until('the handler has ended', () => met.length === 1);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(consumer(0).commits).toEqual([]);
  });
});
