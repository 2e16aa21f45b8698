import kafkajs from 'kafkajs';
import type { Kafka, Message, Producer, RecordMetadata, TopicMessages } from 'kafkajs';
import type { OutgoingRecord, Placed } from '../event-stream.js';
import { OneInFlight, type ReadyRecord } from '../handling/one-in-flight.js';
import { PRODUCER } from './kafka-client.js';

/** Publishes with all in-sync replicas' word (`acks` -1), one send at a time, and tells where each record came to lie. */
export class KafkaPublisher {
  private readonly chosen = new WeakMap<Message, number>();
  private readonly queue = new OneInFlight((records) => this.send(records));
  private producer: Promise<Producer> | undefined;

  constructor(private readonly kafka: Kafka) {}

  publish(records: readonly OutgoingRecord[]): Promise<Placed[]> {
    return this.queue.publish(records);
  }

  /** Waits for what is on its way. */
  async close(): Promise<void> {
    await this.queue.idle();
    const producer = await this.producer?.catch(() => undefined);
    await producer?.disconnect();
  }

  private async send(records: readonly ReadyRecord[]): Promise<Placed[]> {
    const producer = await this.connected();
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
