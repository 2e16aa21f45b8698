import { describe, expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import kafkajs from 'kafkajs';
import type { Kafka, Message, Producer, ProducerBatch, ProducerConfig, RecordMetadata } from 'kafkajs';
import type { OutgoingRecord } from '../event-stream.js';
import { KafkaPublisher } from './kafka-publisher.js';

const WARNINGS = 'exercise.warnings.v1';
const CHUNKS = 'exercise.sms.chunks.v1';
const PARTITIONS = 3;
const record = (key: string, value = key, topic = WARNINGS): OutgoingRecord => ({
  topic,
  key,
  value,
  headers: { ce_id: value },
});

const {
  KafkaJSProtocolError,
  KafkaJSNonRetriableError,
  KafkaJSNumberOfRetriesExceeded,
  KafkaJSConnectionError,
} = kafkajs;
/** The broker's own answer: final or not. */
const answer = (retriable: boolean): Error =>
  Object.assign(new KafkaJSProtocolError({ name: 'x', message: 'the broker says no' } as Error), {
    retriable,
  });
const away = (): Error => new KafkaJSConnectionError('closed', { broker: '127.0.0.1:9092' });

/** A cluster that keeps what it is sent, and fails as `fails` says for each send. */
function cluster(
  fails: (send: number) => { stored: boolean; error: Error } | undefined = () => undefined,
  { refusals = 0 } = {},
) {
  const logs = new Map<string, string[]>();
  const seen = {
    producers: 0,
    disconnected: 0,
    configs: [] as ProducerConfig[],
    sends: [] as ProducerBatch[],
  };
  const store = (topic: string, partition: number, messages: readonly Message[]): RecordMetadata => {
    const name = `${topic}/${partition}`;
    const log = logs.get(name) ?? [];
    logs.set(name, log);
    const baseOffset = String(log.length);
    log.push(...messages.map(({ value }) => String(value)));
    return { topicName: topic, partition, errorCode: 0, baseOffset };
  };
  const kafka = {
    producer: (config: ProducerConfig) => {
      seen.configs.push(config);
      const choose = config.createPartitioner!();
      const partitionMetadata = Array.from({ length: PARTITIONS }, (_, partitionId) => ({
        partitionId,
        leader: 0,
      }));
      return {
        connect: async () => {
          seen.producers += 1;
          if (seen.producers <= refusals) throw away();
        },
        disconnect: async () => void (seen.disconnected += 1),
        sendBatch: async (batch: ProducerBatch) => {
          seen.sends.push(batch);
          const fault = fails(seen.sends.length);
          if (fault?.stored === false) throw fault.error;
          const placed = (batch.topicMessages ?? []).flatMap(({ topic, messages }) => {
            const parts = new Map<number, Message[]>();
            for (const message of messages) {
              const partition = choose({ topic, partitionMetadata: partitionMetadata as never, message });
              parts.set(partition, [...(parts.get(partition) ?? []), message]);
            }
            return [...parts].map(([partition, ofPart]) => store(topic, partition, ofPart));
          });
          if (fault) throw fault.error;
          return placed.reverse(); // the client answers in any order
        },
      } as unknown as Producer;
    },
  } as unknown as Kafka;
  return { kafka, logs, seen };
}

describe('records on their way to Kafka', () => {
  it('lie where the publisher is told, in the order given, over topics and partitions', async () => {
    const { kafka, logs } = cluster();
    const publisher = new KafkaPublisher(kafka);
    const records = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'].flatMap((key) => [
      record(key, `${key}1`),
      record(key, `${key}2`, CHUNKS),
      record(key, `${key}3`),
    ]);
    const placed = await publisher.publish(records);
    for (const [n, { topic, partition, offset }] of placed.entries()) {
      expect(topic).toBe(records[n]?.topic);
      expect(logs.get(`${topic}/${partition}`)?.[Number(offset)]).toBe(records[n]?.value);
    }
    const more = await publisher.publish([record('a', 'a4')]);
    expect(logs.get(`${WARNINGS}/${more[0]?.partition}`)?.[Number(more[0]?.offset)]).toBe('a4');
    await publisher.close();
  });

  it('of one key share a partition, the one that any Kafka client would choose', async () => {
    const { kafka } = cluster();
    const publisher = new KafkaPublisher(kafka);
    const placed = await publisher.publish([
      record('wrn_1'),
      record('wrn_1', 'again'),
      record('wrn_1', 'third'),
    ]);
    expect(new Set(placed.map(({ partition }) => partition)).size).toBe(1);
    const choose = kafkajs.Partitioners.DefaultPartitioner();
    const partitionMetadata = Array.from({ length: PARTITIONS }, (_, partitionId) => ({
      partitionId,
      leader: 0,
    }));
    expect(placed[0]?.partition).toBe(
      choose({
        topic: WARNINGS,
        partitionMetadata: partitionMetadata as never,
        message: { key: 'wrn_1', value: '' },
      }),
    );
    await publisher.close();
  });

  it('wait for the word of all copies, without the client’s idempotence, which loses records', async () => {
    const { kafka, seen } = cluster();
    const publisher = new KafkaPublisher(kafka);
    await publisher.publish([record('a')]);
    expect(seen.sends[0]?.acks).toBe(-1);
    expect(seen.configs[0]).toMatchObject({
      idempotent: false,
      maxInFlightRequests: 1,
      allowAutoTopicCreation: false,
    });
    await publisher.close();
  });

  it('carry bytes as they are, also those of a part of a larger buffer', async () => {
    const { kafka, seen } = cluster();
    const publisher = new KafkaPublisher(kafka);
    const bytes = Buffer.from('xxhelloxx').subarray(2, 7);
    await publisher.publish([{ ...record('a'), value: bytes }]);
    const [message] = seen.sends[0]?.topicMessages?.[0]?.messages ?? [];
    expect(String(message?.value)).toBe('hello');
    expect(message?.headers).toEqual({ ce_id: 'a' });
    await publisher.close();
  });

  it('none of which there are need no broker', async () => {
    const { kafka, seen } = cluster();
    expect(await new KafkaPublisher(kafka).publish([])).toEqual([]);
    expect(seen.producers).toBe(0);
  });

  it('are sent again on a new connection when the broker went away, and nothing overtakes them', async () => {
    const { kafka, seen, logs } = cluster((send) =>
      send <= 2 ? { stored: false, error: away() } : undefined,
    );
    const publisher = new KafkaPublisher(kafka);
    await Promise.all([publisher.publish([record('a', '1')]), publisher.publish([record('a', '2')])]);
    expect([...logs.values()].flat()).toEqual(['1', '2']);
    expect(seen.producers).toBe(3);
    expect(seen.disconnected).toBe(2);
    await publisher.close();
  });

  it('may be stored twice when the answer was lost, and the places are those of the later ones', async () => {
    const { kafka, logs } = cluster((send) => (send === 1 ? { stored: true, error: away() } : undefined));
    const publisher = new KafkaPublisher(kafka);
    const placed = await publisher.publish([record('a', '1'), record('a', '2')]);
    expect([...logs.values()].flat()).toEqual(['1', '2', '1', '2']);
    expect(placed.map(({ offset }) => offset)).toEqual([2n, 3n]);
    await publisher.close();
  });

  it('are tried while no producer can connect at all', async () => {
    const { kafka, seen } = cluster(undefined, { refusals: 2 });
    const publisher = new KafkaPublisher(kafka);
    expect(await publisher.publish([record('a')])).toHaveLength(1);
    expect(seen.producers).toBe(3);
    await publisher.close();
  });

  it.each([
    ['the broker will always say no', answer(false)],
    [
      'it says so behind the client’s own error',
      Object.assign(new KafkaJSNonRetriableError('x'), { cause: answer(false) }),
    ],
    ['it was no error at all', 'a text' as unknown as Error],
  ])('are given back at once when %s', async (_, error) => {
    const { kafka, seen } = cluster(() => ({ stored: false, error }));
    const publisher = new KafkaPublisher(kafka);
    await expect(publisher.publish([record('a')])).rejects.toBe(error);
    expect(seen.sends).toHaveLength(1);
    await publisher.close();
  });

  it.each([
    ['an answer that may change', answer(true)],
    ['a lost connection', away()],
    [
      'retries of the client that are used up',
      new KafkaJSNumberOfRetriesExceeded(away(), { retryCount: 14, retryTime: 1_000 }),
    ],
    [
      'retries that are used up by an answer that may change',
      Object.assign(new KafkaJSNonRetriableError('x'), { cause: answer(true) }),
    ],
  ])('are tried again after %s', async (_, error) => {
    const { kafka, seen } = cluster((send) => (send === 1 ? { stored: false, error } : undefined));
    const publisher = new KafkaPublisher(kafka);
    expect(await publisher.publish([record('a')])).toHaveLength(1);
    expect(seen.sends).toHaveLength(2);
    await publisher.close();
  });

  it('are given back when the process stops while the broker is away, and it stops at once', async () => {
    const { kafka } = cluster(() => ({ stored: false, error: away() }));
    const publisher = new KafkaPublisher(kafka);
    const publishing = publisher.publish([record('a')]);
    publishing.catch(() => undefined);
    await new Promise((resolve) => setTimeout(resolve, 150)); // it has failed once or twice by now
    expect(await Promise.race([publisher.close(), sleep(200, 'too late')])).toBeUndefined();
    await expect(publishing).rejects.toThrow('closed');
  });

  it('hold up no stop: neither a send without an answer nor a connection that does not close', async () => {
    const never = () => new Promise<never>(() => undefined);
    const producer = { connect: () => Promise.resolve(), disconnect: never, sendBatch: never };
    const publisher = new KafkaPublisher({ producer: () => producer } as unknown as Kafka);
    publisher.publish([record('a')]).catch(() => undefined);
    expect(await Promise.race([publisher.close(), sleep(2_000, 'too late')])).toBeUndefined();
  });
});
