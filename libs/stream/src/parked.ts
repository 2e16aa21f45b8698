import type { OutgoingRecord, StreamMessage } from './event-stream.js';

/** Where the messages of a topic go that can never work. */
export function parkedTopic(topic: string): string {
  return `${topic}.parked`;
}

/**
 * The message as it is parked: original bytes, key and headers, and headers that say why, by which group, and where it stood.
 * Parking is at least once as well: the same message may lie there twice with the same `parked_from`.
 */
export function parkedRecord(message: StreamMessage, why: string, group: string): OutgoingRecord {
  const { topic, partition, offset, key, value, headers } = message;
  const from = `${topic}/${partition}/${offset}`;
  return {
    topic: parkedTopic(topic),
    key,
    value,
    headers: { ...headers, parked_why: why.slice(0, 2_000), parked_by: group, parked_from: from },
  };
}
