import type { OutgoingRecord, StreamMessage } from './event-stream.js';
import { bytesOf, MOST_RECORD_BYTES } from './handling/one-in-flight.js';

/** Where the messages of a topic go that can never work. */
export function parkedTopic(topic: string): string {
  return `${topic}.parked`;
}

/**
 * The message as it is parked: original bytes, key and headers, and headers that say why, by which group, and where it stood.
 * Parking is at least once as well: the same message may lie there twice with the same `parked_from`. Of one that is larger than what
 * travels, which only a stranger can have published, there is no more than its place and its size (`parked_bytes`).
 */
export function parkedRecord(message: StreamMessage, why: string, group: string): OutgoingRecord {
  const { topic, partition, offset, key, value, headers } = message;
  const bytes = bytesOf(message);
  const said = {
    parked_why: why.slice(0, 2_000),
    parked_by: group,
    parked_from: `${topic}/${partition}/${offset}`,
  };
  return bytes <= MOST_RECORD_BYTES
    ? { topic: parkedTopic(topic), key, value, headers: { ...headers, ...said } }
    : {
        topic: parkedTopic(topic),
        key: '',
        value: new Uint8Array(),
        headers: { ...said, parked_bytes: String(bytes) },
      };
}
