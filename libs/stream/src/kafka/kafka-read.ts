import { randomUUID } from 'node:crypto';
import type { Admin, Kafka } from 'kafkajs';
import type { StreamMessage } from '../event-stream.js';
import { CONSUMER } from './kafka-client.js';
import { streamMessage } from './stream-message.js';

/** Longest wait for the next message of a range that the broker said it has. */
const SILENCE_MS = 15_000;

/**
 * Messages of one partition from `from` up to, not including, `to`, both of which the broker has. The client can only fetch
 * as a group, so this joins one of its own and deletes it: some hundred milliseconds, and seconds on a broker with a join delay.
 */
export async function readRange(
  kafka: Kafka,
  admin: Admin,
  { topic, partition, from, to }: { topic: string; partition: number; from: bigint; to: bigint },
): Promise<StreamMessage[]> {
  const groupId = `larum.read.${randomUUID()}`;
  const consumer = kafka.consumer({ ...CONSUMER, groupId });
  const found: StreamMessage[] = [];
  let enough: () => void = () => undefined;
  let tooLittle: (why: Error) => void = () => undefined;
  const whole = new Promise<void>((resolve, reject) => ([enough, tooLittle] = [resolve, reject]));
  whole.catch(() => undefined); // it may fail while the consumer is still joining
  const silence = setTimeout(() => tooLittle(new Error(`${topic}/${partition} fell silent`)), SILENCE_MS);
  consumer.on(consumer.events.CRASH, ({ payload }) => tooLittle(payload.error));
  try {
    await consumer.connect();
    await consumer.subscribe({ topics: [topic], fromBeginning: true });
    await consumer.run({
      autoCommit: false,
      eachBatch: async ({ batch }) => {
        if (batch.partition !== partition || BigInt(batch.lastOffset()) < from) return;
        silence.refresh();
        for (const message of batch.messages) {
          const offset = BigInt(message.offset);
          if (offset >= from && offset < to) found.push(streamMessage(topic, partition, message));
        }
        if (BigInt(batch.lastOffset()) >= to - 1n) enough();
      },
    });
    consumer.seek({ topic, partition, offset: String(from) });
    await whole;
  } finally {
    clearTimeout(silence);
    await consumer.disconnect();
    await admin.deleteGroups([groupId]).catch(() => undefined); // an empty group is forgotten by the broker in time
  }
  return inOrder(found);
}

/** A fetch that was on its way when the seek came may bring the same messages once more. */
function inOrder(found: readonly StreamMessage[]): StreamMessage[] {
  const byOffset = new Map(found.map((message) => [message.offset, message]));
  return [...byOffset.values()].sort((a, b) => Number(a.offset - b.offset));
}
