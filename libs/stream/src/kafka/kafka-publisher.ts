import kafkajs from 'kafkajs';
import type { Kafka, Message, Producer, RecordMetadata, TopicMessages } from 'kafkajs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { OutgoingRecord, Placed } from '../event-stream.js';
import { growingPauseMs } from '../handling/growing-pause.js';
import { OneInFlight, type ReadyRecord } from '../handling/one-in-flight.js';
import { within } from '../handling/within.js';
import { PRODUCER } from './kafka-client.js';

/** Longer than a broker takes to restart; then the publisher is told, and hands in its records again when it likes. */
const STORED_WITHIN_MS = 60_000;
/** A closing publisher waits so long for a send on its way, and as long for its connection: a clean stop has three seconds in all. */
const CLOSE_WITHIN_MS = 700;

/** Publishes with all in-sync replicas' word (`acks` -1), one send at a time, and tells where each record came to lie. */
export class KafkaPublisher {
  private readonly chosen = new WeakMap<Message, number>();
  private readonly queue = new OneInFlight((records) => this.send(records));
  private readonly closed = new AbortController();
  private producer: Promise<Producer> | undefined;

  constructor(private readonly kafka: Kafka) {}

  publish(records: readonly OutgoingRecord[]): Promise<Placed[]> {
    return this.queue.publish(records);
  }

  /** Waits for what is on its way, but not for a broker that is away. */
  async close(): Promise<void> {
    this.closed.abort();
    await within(this.queue.idle(), CLOSE_WITHIN_MS);
    await within(this.letGo(), CLOSE_WITHIN_MS);
  }

  /**
   * Sends until it is stored, for up to a minute. The client itself gives up after some ten seconds, whatever retries the
   * producer is set to: a lost connection uses up the retries of the cluster, and that error then counts as final.
   */
  private async send(records: readonly ReadyRecord[]): Promise<Placed[]> {
    const deadline = performance.now() + STORED_WITHIN_MS;
    for (let failures = 0; ; failures += 1) {
      try {
        return await this.sendOnce(await this.connected(), records);
      } catch (error) {
        await this.letGo();
        if (isFinal(error) || this.closed.signal.aborted || performance.now() > deadline) throw error;
        await sleep(growingPauseMs(failures), undefined, { signal: this.closed.signal }).catch(
          () => undefined,
        );
      }
    }
  }

  private async letGo(): Promise<void> {
    const producer = await this.producer?.catch(() => undefined);
    this.producer = undefined;
    await producer?.disconnect().catch(() => undefined);
  }

  private async sendOnce(producer: Producer, records: readonly ReadyRecord[]): Promise<Placed[]> {
    const byTopic = new Map<string, Message[]>();
    const messages = records.map(({ topic, key, value, headers }) => {
      const message: Message = {
        key,
        value: Buffer.from(value.buffer, value.byteOffset, value.byteLength),
        headers,
      };
      const others = byTopic.get(topic);
      if (others) others.push(message);
      else byTopic.set(topic, [message]);
      return message;
    });
    const topicMessages = [...byTopic].map(([topic, messages]): TopicMessages => ({ topic, messages }));
    const places = nextPlaces(await producer.sendBatch({ acks: -1, topicMessages }));
    return records.map(({ topic }, n) => {
      const message = messages[n];
      const partition = message && this.chosen.get(message);
      if (partition === undefined) throw new Error(`no partition was chosen for a record of ${topic}`);
      return places(topic, partition);
    });
  }

  private connected(): Promise<Producer> {
    this.producer ??= this.connect();
    return this.producer;
  }

  private async connect(): Promise<Producer> {
    // Murmur2 over the key, as Kafka's own clients do: a partner's Java producer finds the same partition.
    const producer = this.kafka.producer({
      ...PRODUCER,
      createPartitioner: () => {
        const choose = kafkajs.Partitioners.DefaultPartitioner();
        return (args) => {
          const partition = choose(args);
          this.chosen.set(args.message, partition);
          return partition;
        };
      },
    });
    try {
      await producer.connect();
    } catch (error) {
      this.producer = undefined;
      throw error;
    }
    return producer;
  }
}

/** The broker answers with the first offset of each partition; the records of one partition follow it one by one. */
function nextPlaces(answers: readonly RecordMetadata[]): (topic: string, partition: number) => Placed {
  const next = new Map<string, bigint>();
  for (const { topicName, partition, baseOffset } of answers)
    if (baseOffset !== undefined) next.set(`${topicName}/${partition}`, BigInt(baseOffset));
  return (topic, partition) => {
    const offset = next.get(`${topic}/${partition}`);
    if (offset === undefined) throw new Error(`the broker gave no offset for ${topic}/${partition}`);
    next.set(`${topic}/${partition}`, offset + 1n);
    return { topic, partition, offset };
  };
}

/** The broker answered, and its answer will not change: too large, not allowed. Everything else may pass. */
function isFinal(error: unknown): boolean {
  if (!(error instanceof Error)) return true;
  if (error.cause instanceof Error) return isFinal(error.cause);
  return error.name === 'KafkaJSProtocolError' && 'retriable' in error && error.retriable === false;
}
