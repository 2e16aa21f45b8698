import type { IHeaders, KafkaMessage } from 'kafkajs';
import { eventIdOf } from '../event-id.js';
import type { StreamMessage } from '../event-stream.js';

/** A record as the broker gives it, in our shape. A missing key is '', a missing value is empty. */
export function streamMessage(topic: string, partition: number, message: KafkaMessage): StreamMessage {
  const place = { topic, partition, offset: BigInt(message.offset) };
  const headers = textHeaders(message.headers);
  const value = message.value ?? new Uint8Array();
  return { ...place, key: String(message.key ?? ''), value, headers, eventId: eventIdOf(headers, place) };
}

/** Headers as text; of a repeated one the first. */
function textHeaders(headers: IHeaders | undefined): Record<string, string> {
  const text: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers ?? {})) {
    const first = Array.isArray(value) ? value[0] : value;
    if (first !== undefined) text[name] = String(first);
  }
  return text;
}
