import { describe, expect, it } from '@jest/globals';
import type { Admin, ITopicConfig, Kafka, Message, Producer, ProducerBatch, ProducerConfig } from 'kafkajs';
import { silentLog } from '#runtime';
import type { OutgoingRecord } from '../event-stream.js';
import { KafkaStream } from './kafka-stream.js';

const WARNINGS = 'exercise.warnings.v1';
const record = (value: string, topic = WARNINGS): OutgoingRecord => ({
  topic,
  key: 'wrn_1',
  value,
  headers: {},
});
const unknownTopic = () =>
  Object.assign(new Error('no such topic or partition'), { name: 'KafkaJSProtocolError', retriable: false });

/** A cluster of one broker: its topics with what lies in each partition, and faults on request. */
class Cluster {
  readonly topics = new Map<
    string,
    { partitions: { low: number; values: string[] }[]; config: ITopicConfig }
  >();
  readonly committed = new Map<string, { partition: number; offset: string }[]>();
  readonly faults = { leaderless: 0, connect: 0, away: false };
  readonly lines: { sentence: string; fields: Readonly<Record<string, unknown>> }[] = [];
  asked = 0;
  onDisconnect = async (): Promise<void> => undefined;

  add(topic: string, partitions: { low: number; values: string[] }[]): void {
    this.topics.set(topic, { partitions, config: { topic } });
  }
  /** As after a restart on an empty disk. */
  forget(): void {
    this.topics.clear();
  }

  readonly admin = {
    connect: async () => {
      if (this.faults.connect-- > 0) throw new Error('no broker answers');
    },
    disconnect: () => this.onDisconnect(),
    describeCluster: async () => {
      if (this.faults.away) throw new Error('connect ECONNREFUSED 127.0.0.1:1');
      return {};
    },
    listTopics: async () => ((this.asked += 1), [...this.topics.keys()]),
    createTopics: async ({ topics }: { topics: ITopicConfig[] }) => {
      for (const config of topics) {
        if (this.topics.has(config.topic)) continue;
        const partitions = Array.from({ length: config.numPartitions ?? 1 }, () => ({ low: 0, values: [] }));
        this.topics.set(config.topic, { partitions, config });
      }
      return true;
    },
    fetchTopicMetadata: async ({ topics }: { topics: string[] }) => ({
      topics: topics.map((name) => {
        const leader = this.faults.leaderless-- > 0 ? -1 : 0;
        return { name, partitions: this.of(name).partitions.map(() => ({ leader })) };
      }),
    }),
    fetchTopicOffsets: async (topic: string) =>
      this.of(topic)
        .partitions.map(({ low, values }, partition) => ({
          partition,
          low: String(low),
          high: String(low + values.length),
        }))
        .reverse(), // the client answers in any order
    fetchOffsets: async ({ topics: [topic = ''] }: { topics: string[] }) => [
      { topic, partitions: this.committed.get(topic) ?? [] },
    ],
  } as unknown as Admin;

  readonly kafka = {
    admin: () => this.admin,
    producer: ({ createPartitioner }: ProducerConfig) =>
      ({
        connect: async () => undefined,
        disconnect: async () => undefined,
        sendBatch: async ({ topicMessages = [] }: ProducerBatch) =>
          topicMessages.map(({ topic, messages }) => {
            const { partitions } = this.of(topic);
            const choose = createPartitioner!();
            const partitionMetadata = partitions.map((_, partitionId) => ({ partitionId, leader: 0 }));
            const [partition = 0] = messages.map((message: Message) =>
              choose({ topic, partitionMetadata: partitionMetadata as never, message }),
            );
            const log = partitions[partition]!;
            const baseOffset = String(log.low + log.values.length);
            log.values.push(...messages.map(({ value }) => String(value)));
            return { topicName: topic, partition, errorCode: 0, baseOffset };
          }),
      }) as unknown as Producer,
  } as unknown as Kafka;

  stream(replicationFactor?: number): KafkaStream {
    const note = (fields: Readonly<Record<string, unknown>>, sentence: string) =>
      void this.lines.push({ sentence, fields });
    const log = { ...silentLog, warn: note, error: note };
    return new KafkaStream(
      { brokers: ['127.0.0.1:1'], clientId: 'test', log, replicationFactor },
      this.kafka,
      this.kafka,
    );
  }
  of(topic: string) {
    const found = this.topics.get(topic);
    if (!found) throw unknownTopic();
    return found;
  }
}

describe('a stream on Kafka', () => {
  it('says whether its brokers answer now, and why not', async () => {
    const cluster = new Cluster();
    const stream = cluster.stream();
    await expect(stream.reach()).resolves.toBeUndefined();
    cluster.faults.away = true;
    await expect(stream.reach()).rejects.toThrow('Kafka does not answer: connect ECONNREFUSED 127.0.0.1:1');
    cluster.faults.away = false;
    await expect(stream.reach()).resolves.toBeUndefined();
    await stream.close();
  });

  it('closes without waiting for brokers that do not answer', async () => {
    const cluster = new Cluster();
    const stream = cluster.stream();
    await stream.ensureTopics([{ name: WARNINGS, partitions: 1 }]);
    cluster.faults.away = true;
    cluster.onDisconnect = () => new Promise(() => undefined);
    await stream.close(); // else this test would end by its time
  });
});

describe('topics on Kafka', () => {
  it('are made with their parked ones, and those that are there are left alone', async () => {
    const cluster = new Cluster();
    cluster.add(WARNINGS, [{ low: 0, values: ['kept'] }]);
    await cluster.stream().ensureTopics([
      { name: WARNINGS, partitions: 1 },
      { name: 'exercise.chunks.v1', partitions: 12 },
    ]);
    expect([...cluster.topics].map(([name, { partitions }]) => [name, partitions.length])).toEqual([
      [WARNINGS, 1],
      [`${WARNINGS}.parked`, 1],
      ['exercise.chunks.v1', 12],
      ['exercise.chunks.v1.parked', 1],
    ]);
    expect(cluster.of(WARNINGS).partitions[0]?.values).toEqual(['kept']);
  });

  it.each([
    [undefined, -1, []],
    [1, 1, []],
    [2, 2, []],
    [3, 3, [{ name: 'min.insync.replicas', value: '2' }]],
  ])(
    'with %s copies are asked for as %i, and with three two of them must have a record',
    async (copies, asked, entries) => {
      const cluster = new Cluster();
      await cluster.stream(copies).ensureTopics([{ name: WARNINGS, partitions: 1 }]);
      expect(cluster.of(WARNINGS).config).toMatchObject({ replicationFactor: asked, configEntries: entries });
    },
  );

  it('are waited for until each partition has a leader', async () => {
    const cluster = new Cluster();
    cluster.faults.leaderless = 3;
    await cluster.stream().ensureTopics([{ name: WARNINGS, partitions: 2 }]);
    expect(cluster.faults.leaderless).toBeLessThan(0);
  });

  it('with another number of partitions than planned are reported, not changed', async () => {
    const cluster = new Cluster();
    cluster.add(WARNINGS, [{ low: 0, values: [] }]);
    await cluster.stream().ensureTopics([{ name: WARNINGS, partitions: 6 }]);
    expect(cluster.lines).toEqual([
      {
        sentence: 'topic has another number of partitions than planned',
        fields: { topic: WARNINGS, found: 1, planned: 6 },
      },
    ]);
    expect(cluster.of(WARNINGS).partitions).toHaveLength(1);
  });

  it('that nobody made are refused to a publisher at once, all of them by name', async () => {
    const cluster = new Cluster();
    const publishing = cluster.stream().publish([record('a'), record('b', 'exercise.other.v1'), record('c')]);
    await expect(publishing).rejects.toThrow(
      'no such topic: exercise.warnings.v1, exercise.other.v1; its owner',
    );
  });

  it('are asked for once, not at every publication', async () => {
    const cluster = new Cluster();
    cluster.add(WARNINGS, [{ low: 0, values: [] }]);
    const stream = cluster.stream();
    for (const value of 'abc') await stream.publish([record(value)]);
    expect(cluster.asked).toBe(1);
  });

  it('that went with the data of their broker are made again, and what was published is known to be gone', async () => {
    const cluster = new Cluster();
    const stream = cluster.stream();
    await stream.ensureTopics([{ name: WARNINGS, partitions: 1 }]);
    const [placed] = await stream.publish([record('first'), record('second')]);
    expect(placed?.offset).toBe(0n);
    cluster.forget();
    // What a relay asks when it takes over: no end is left, so everything it ever published is lost.
    expect(await stream.endOffsets(WARNINGS)).toEqual(new Map());
    await expect(stream.publish([record('third')])).rejects.toThrow('no such topic or partition');
    expect(await stream.publish([record('first')])).toEqual([{ topic: WARNINGS, partition: 0, offset: 0n }]);
    expect([...cluster.topics.keys()]).toEqual([WARNINGS, `${WARNINGS}.parked`]);
    expect(cluster.lines.map(({ sentence }) => sentence)).toEqual(['topics are gone, and are made again']);
  });

  it('can be asked for again when no broker answered the first time', async () => {
    const cluster = new Cluster();
    cluster.add(WARNINGS, [{ low: 0, values: [] }]);
    cluster.faults.connect = 1;
    const stream = cluster.stream();
    await expect(stream.endOffsets(WARNINGS)).rejects.toThrow('no broker answers');
    expect(await stream.endOffsets(WARNINGS)).toEqual(new Map([[0, 0n]]));
    await stream.close();
  });
});

describe('how far a group has come on Kafka', () => {
  const cluster = new Cluster();
  // The oldest of the second partition are past their retention; the third is empty.
  cluster.add(WARNINGS, [
    { low: 0, values: ['a', 'b', 'c'] },
    { low: 40, values: ['d', 'e'] },
    { low: 0, values: [] },
  ]);

  it('the ends are in the order of the partitions, however the client answers', async () =>
    expect([...(await cluster.stream().endOffsets(WARNINGS))]).toEqual([
      [0, 3n],
      [1, 42n],
      [2, 0n],
    ]));

  it.each<[what: string, committed: { partition: number; offset: string }[], places: bigint[], lag: bigint]>([
    ['one that never was begins with the oldest that is left', [], [0n, 40n, 0n], 5n],
    ['-1 is the broker’s word for never', [{ partition: 0, offset: '-1' }], [0n, 40n, 0n], 5n],
    [
      'one in the middle',
      [
        { partition: 0, offset: '2' },
        { partition: 1, offset: '41' },
      ],
      [2n, 41n, 0n],
      2n,
    ],
    [
      'one that was away for longer than its messages are kept begins with the oldest that is left',
      [{ partition: 1, offset: '7' }],
      [0n, 40n, 0n],
      5n,
    ],
    [
      'one that has finished',
      [
        { partition: 0, offset: '3' },
        { partition: 1, offset: '42' },
      ],
      [3n, 42n, 0n],
      0n,
    ],
    [
      'one that stands beyond the end, after the broker lost its data, is not behind by less than nothing',
      [
        { partition: 0, offset: '900' },
        { partition: 1, offset: '40' },
      ],
      [900n, 40n, 0n],
      2n,
    ],
  ])('%s', async (_, committed, places, lag) => {
    cluster.committed.set(WARNINGS, committed);
    const stream = cluster.stream();
    expect([...(await stream.committed(WARNINGS, 'channel-sms')).values()]).toEqual(places);
    expect(await stream.lag(WARNINGS, 'channel-sms')).toBe(lag);
  });

  it.each([
    [3n, 0],
    [99n, 0],
  ])('reading from %i on, at the end or behind it, is reading nothing', async (offset, partition) =>
    expect(await cluster.stream().read({ topic: WARNINGS, partition, offset, limit: 10 })).toEqual([]),
  );

  it('a partition that is not there cannot be read', async () =>
    expect(cluster.stream().read({ topic: WARNINGS, partition: 9, offset: 0n, limit: 1 })).rejects.toThrow(
      'there is no partition 9 in exercise.warnings.v1',
    ));
});
