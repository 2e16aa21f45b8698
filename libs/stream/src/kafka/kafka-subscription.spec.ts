import { afterEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { EventEmitter } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Consumer, ConsumerConfig, ConsumerRunConfig, EachBatchPayload, Kafka } from 'kafkajs';
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
  refuses = false;
  readonly pausedNow = new Set<number>();
  gone = false;
  /** What the broker says to a commit. */
  onCommit: () => Promise<void> = async () => undefined;
  /** What the broker says to whoever leaves the group. */
  onLeave: () => Promise<void> = async () => undefined;
  private readonly emitter = new EventEmitter();
  private config: ConsumerRunConfig | undefined;

  on(event: string, listener: (event: { payload: unknown }) => void): void {
    this.emitter.on(event, (payload: unknown) => listener({ payload }));
  }
  emit(event: string, payload: object = {}): void {
    this.emitter.emit(event, payload);
  }
  async connect(): Promise<void> {
    if (this.refuses) throw new Error('no broker answers');
  }
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
  pause(topics: { partitions: number[] }[]): void {
    for (const { partitions } of topics) for (const partition of partitions) this.pausedNow.add(partition);
  }
  resume(topics: { partitions: number[] }[]): void {
    if (this.gone) throw new Error('Consumer group was not initialized, consumer#run must be called first'); // as the client does
    for (const { partitions } of topics) for (const partition of partitions) this.pausedNow.delete(partition);
  }
  paused(): { topic: string; partitions: number[] }[] {
    return [{ topic: TOPIC, partitions: [...this.pausedNow] }];
  }
  async commitOffsets([{ partition, offset }]: [{ partition: number; offset: string }]): Promise<void> {
    await this.onCommit();
    this.commits.push(`${partition}:${offset}`);
  }
  async disconnect(): Promise<void> {
    await this.onLeave();
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

/** What somebody waits for who knows that the broker is there. */
const ended = async (work: Promise<unknown>) => (await work.catch(() => undefined), 'ended' as const);

describe('a member of a group on Kafka', () => {
  const consumers: FakeConsumer[] = [];
  const configs: ConsumerConfig[] = [];
  let subscription: KafkaSubscription;
  let met: bigint[] = [];

  const subscribe = (
    needs: {
      silentAfterMs?: number;
      lag?: bigint;
      maxBatch?: number;
      lingerMs?: number;
      refusals?: number;
      handle?: () => Promise<void>;
      isAway?: () => boolean;
    } = {},
  ) => {
    const kafka = {
      consumer: (config: ConsumerConfig) => {
        const consumer = new FakeConsumer();
        consumer.refuses = consumers.length < (needs.refusals ?? 0);
        configs.push(config);
        consumers.push(consumer);
        return consumer as unknown as Consumer;
      },
    } as unknown as Kafka;
    const lags = async () => new Map([[0, needs.lag ?? 0n]]);
    const park = async () => undefined;
    const { silentAfterMs, maxBatch = 500, lingerMs, handle, isAway = () => false } = needs;
    const unlessLost = async (work: Promise<unknown>) => (isAway() ? ('lost' as const) : ended(work));
    const patience = silentAfterMs === undefined ? {} : { silentAfterMs };
    subscription = new KafkaSubscription(
      { kafka, park, lags, unlessLost, log: silentLog, ...patience },
      { topics: [TOPIC], group: 'channel-sms', maxBatch, ...(lingerMs === undefined ? {} : { lingerMs }) },
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
    configs.length = 0;
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
    await until('another was built', () => consumers.length >= 2);
    expect(consumer(0).gone).toBe(true);
  });

  it('is built anew when messages lie in its partitions and none arrives', async () => {
    subscribe({ silentAfterMs: 100, lag: 5n });
    const beating = setInterval(() => consumers[0]?.emit(EVENTS.HEARTBEAT), 10);
    await until('another was built', () => consumers.length >= 2);
    clearInterval(beating);
  });

  it('is left alone while nothing lies there, or its handler is at work', async () => {
    let letGo = (): void => undefined;
    const slow = new Promise<void>((resolve) => (letGo = resolve));
    subscribe({ silentAfterMs: 700, lag: 1n, handle: () => slow });
    const beating = setInterval(() => consumers[0]?.emit(EVENTS.HEARTBEAT), 10);
    await until('it has joined', () => subscription.health().state === 'working');
    await consumer(0).handOver(0, 1);
    await sleep(2_000);
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

  it('goes on with a full partition although its consumer went, as the client does before it says that it crashed', async () => {
    let letGo = (): void => undefined;
    const slow = new Promise<void>((resolve) => (letGo = resolve));
    subscribe({ maxBatch: 2, handle: () => slow });
    await until('it has joined', () => subscription.health().state === 'working');
    await consumer(0).handOver(0, 10);
    consumer(0).gone = true;
    letGo();
    await until('all are met', () => met.length === 10);
    consumer(0).emit(EVENTS.CRASH, { error: new Error('not retriable'), restart: false });
    await until(
      'another has joined',
      () => consumers.length === 2 && subscription.health().state === 'working',
    );
    await consumer(1).handOver(10, 1);
    await until('it works', () => met.length === 11);
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

  it.each([
    ['does not linger unless asked', undefined, 250, undefined],
    [
      'does not linger for no time at all, which the client would take for no pause between its questions',
      0,
      250,
      undefined,
    ],
    ['lets the broker gather messages for as long as it lingers', 100, 100, 256 * 1024],
  ])('%s', async (_, lingerMs, maxWaitTimeInMs, minBytes) => {
    subscribe(lingerMs === undefined ? {} : { lingerMs });
    await until('it has joined', () => subscription.health().state === 'working');
    expect(configs[0]).toMatchObject({ groupId: 'channel-sms', maxWaitTimeInMs });
    expect(configs[0]?.minBytes).toBe(minBytes);
  });

  it('commits what was done when it closes, before its moment for that has come', async () => {
    subscribe();
    await until('it has joined', () => subscription.health().state === 'working');
    await consumer(0).handOver(0, 4);
    await until('they are handled', () => met.length === 4);
    await subscription.close();
    expect(consumer(0).commits.at(-1)).toBe('0:4');
    expect(consumer(0).gone).toBe(true);
    expect(subscription.health()).toEqual({ state: 'closed', partitions: [], waiting: 0 });
  });

  it('closes in time for a clean stop although the broker does not take its last commit', async () => {
    subscribe();
    await until('it has joined', () => subscription.health().state === 'working');
    consumer(0).onCommit = () => new Promise(() => undefined);
    await consumer(0).handOver(0, 2);
    await until('they are handled', () => met.length === 2);
    const closing = subscription.close();
    expect(await Promise.race([closing, sleep(2_900, 'too late')])).toBeUndefined(); // the whole process has three seconds
  });

  it('waits neither for a commit nor for its leave where no broker answers any more', async () => {
    let isAway = false;
    subscribe({ isAway: () => isAway });
    await until('it has joined', () => subscription.health().state === 'working');
    consumer(0).onCommit = () => new Promise(() => undefined);
    consumer(0).onLeave = () => new Promise(() => undefined);
    await consumer(0).handOver(0, 2);
    await until('they are handled', () => met.length === 2);
    isAway = true;
    const closing = subscription.close();
    expect(await Promise.race([closing, sleep(2_400, 'too late')])).toBeUndefined(); // less than it waits for a broker that is there
    expect(consumer(0).commits).toEqual([]);
  });

  it('lets a handler finish what it has in hand, although no broker answers any more', async () => {
    let letGo = (): void => undefined;
    const slow = new Promise<void>((resolve) => (letGo = resolve));
    let isAway = false;
    subscribe({ handle: () => slow, isAway: () => isAway });
    await until('it has joined', () => subscription.health().state === 'working');
    consumer(0).onCommit = () => new Promise(() => undefined);
    await consumer(0).handOver(0, 2);
    isAway = true;
    const closing = subscription.close();
    setTimeout(letGo, 300);
    await closing;
    expect(met).toEqual([0n, 1n]);
  });

  it('asks for nothing more while it closes: what it does not take would come again and again', async () => {
    let letGo = (): void => undefined;
    const slow = new Promise<void>((resolve) => (letGo = resolve));
    subscribe({ handle: () => slow });
    await until('it has joined', () => subscription.health().state === 'working');
    await consumer(0).handOver(0, 2);
    const closing = subscription.close();
    expect([...consumer(0).pausedNow]).toEqual([0, 1]);
    letGo();
    await closing;
    expect(met).toEqual([0n, 1n]);
  });

  it('closes although the broker refuses its last commit', async () => {
    subscribe();
    await until('it has joined', () => subscription.health().state === 'working');
    consumer(0).onCommit = () => Promise.reject(new Error('not the coordinator'));
    await consumer(0).handOver(0, 2);
    await until('they are handled', () => met.length === 2);
    await subscription.close();
    expect(consumer(0).commits).toEqual([]);
    expect(consumer(0).gone).toBe(true);
  });

  it('commits again what the broker refused once', async () => {
    subscribe();
    await until('it has joined', () => subscription.health().state === 'working');
    let refusals = 1;
    consumer(0).onCommit = async () => {
      if (refusals-- > 0) throw new Error('coordinator is loading');
    };
    await consumer(0).handOver(0, 3);
    await until('it is committed', () => consumer(0).commits.length > 0);
    expect(consumer(0).commits).toEqual(['0:3']);
  });

  it('says why it has not joined while no broker answers, and joins when one does', async () => {
    subscribe({ refusals: 2 });
    expect(subscription.health()).toEqual({ state: 'joining', partitions: [], waiting: 0 });
    await until('it says why', () => subscription.health().why === 'Error: no broker answers');
    expect(subscription.health().state).toBe('joining');
    await until('it has joined', () => subscription.health().state === 'working');
    expect(consumers).toHaveLength(3);
    expect(subscription.health()).not.toHaveProperty('why');
  });

  it('closes at once while no broker answers', async () => {
    subscribe({ refusals: Infinity });
    await until('it has tried', () => consumers.length >= 2);
    expect(await Promise.race([subscription.close(), sleep(500, 'too late')])).toBeUndefined();
    const tried = consumers.length;
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(consumers).toHaveLength(tried);
  });

  it('takes nothing more once it is closed, not even what was on its way', async () => {
    subscribe();
    await until('it has joined', () => subscription.health().state === 'working');
    await subscription.close();
    await consumer(0).handOver(0, 3);
    expect(consumer(0).resolved).toEqual([]);
    expect(met).toEqual([]);
  });

  it('is not troubled by a batch of nothing, as a compacted topic has them', async () => {
    subscribe();
    await until('it has joined', () => subscription.health().state === 'working');
    await consumer(0).handOver(5, 0);
    expect(consumer(0).resolved).toEqual([]);
    await consumer(0).handOver(5, 1);
    await until('it works', () => met.length === 1);
  });
});

/** A broker's partition and a group's place in it; the client begins at that place after each joining. */
it('whenever partitions move, commits fail or the client dies, nothing is skipped and a key keeps its order', async () => {
  const step = fc.oneof(
    {
      weight: 5,
      arbitrary: fc.record({ does: fc.constant('fetch' as const), most: fc.integer({ min: 1, max: 7 }) }),
    },
    { weight: 2, arbitrary: fc.record({ does: fc.constant('wait' as const), ms: fc.nat(25) }) },
    { weight: 2, arbitrary: fc.constant({ does: 'rebalance' as const }) },
    { weight: 1, arbitrary: fc.constant({ does: 'crash' as const }) },
    { weight: 1, arbitrary: fc.record({ does: fc.constant('commits' as const), fail: fc.boolean() }) },
  );
  const COUNT = 30;
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { minLength: 5, maxLength: 25 }),
      fc.infiniteStream(fc.nat(9)),
      async (steps, luck) => {
        const met: number[] = [];
        const broker = { committed: 0, fail: false };
        let consumer = new FakeConsumer();
        let next = 0;
        const kafka = {
          consumer: () => {
            consumer = new FakeConsumer();
            const mine = consumer;
            consumer.commitOffsets = async ([{ offset }]) => {
              if (broker.fail || mine !== consumer) throw new Error('refused');
              expect(Number(offset)).toBeLessThanOrEqual(new Set(met).size); // never beyond what was handled
              broker.committed = Math.max(broker.committed, Number(offset));
            };
            next = broker.committed;
            return consumer as unknown as Consumer;
          },
        } as unknown as Kafka;
        const subscription = new KafkaSubscription(
          {
            kafka,
            park: async () => undefined,
            lags: async () => new Map(),
            unlessLost: ended,
            log: silentLog,
          },
          { topics: [TOPIC], group: 'channel-sms', maxBatch: 4 },
          async (batch) => {
            for (const message of batch.messages) {
              if (batch.signal.aborted) return;
              const chance = luck.next().value ?? 0;
              if (chance < 3) await new Promise((resolve) => setTimeout(resolve, chance));
              if (chance === 9) throw new Error('a row is locked');
              met.push(Number(message.offset));
              await batch.done(message);
            }
          },
        );
        const rebalance = (): void => {
          consumer.emit(EVENTS.REBALANCING);
          next = broker.committed;
          consumer.join();
        };
        const fetch = async (most: number): Promise<void> => {
          if (subscription.health().state === 'joining' || consumer.pausedNow.has(0)) return;
          const count = Math.min(most, COUNT - next);
          if (count <= 0) return;
          const before = consumer.resolved.length;
          await consumer.handOver(next, count);
          if (consumer.resolved.length > before) next += count;
        };
        for (const one of steps) {
          if (one.does === 'fetch') await fetch(one.most);
          else if (one.does === 'wait') await new Promise((resolve) => setTimeout(resolve, one.ms));
          else if (one.does === 'rebalance') rebalance();
          else if (one.does === 'commits') broker.fail = one.fail;
          else consumer.emit(EVENTS.CRASH, { error: new Error('died'), restart: false });
        }
        broker.fail = false;
        await until('everything is handled', async () => (await fetch(7), new Set(met).size === COUNT));
        await subscription.close();
        expect([...new Set(met)]).toEqual(Array.from({ length: COUNT }, (_, n) => n)); // where each was met first
      },
    ),
    { numRuns: 15, seed: 20_261_121, endOnFailure: true },
  );
}, 60_000);
