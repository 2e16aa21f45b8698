import { setTimeout as sleep } from 'node:timers/promises';
import type {
  Batch,
  EventStream,
  OutgoingRecord,
  StreamMessage,
  SubscribeTo,
  Subscription,
} from '../event-stream.js';

/** What a test consumer met: every handled message in the order in which it was handled. */
export type Met = { messages: StreamMessage[]; subscription: Subscription };

/** Joins the group and marks each message done after `each` has had it. */
export async function consume(
  stream: EventStream,
  to: SubscribeTo,
  each: (message: StreamMessage, batch: Batch) => Promise<void> | void = () => undefined,
): Promise<Met> {
  const messages: StreamMessage[] = [];
  const subscription = await stream.subscribe(to, async (batch) => {
    for (const message of batch.messages) {
      if (batch.signal.aborted) return;
      await each(message, batch);
      messages.push(message);
      await batch.done(message);
    }
  });
  return { messages, subscription };
}

/** `count` records named `<key>-<n>`, one after another through the keys. */
export function records(topic: string, keys: readonly string[], count: number, from = 0): OutgoingRecord[] {
  return Array.from({ length: count }, (_, n) => {
    const key = keys[(from + n) % keys.length] ?? '';
    return {
      topic,
      key,
      value: `${key}-${from + n}`,
      headers: { ce_source: '/larum/test', ce_id: `${topic}@${from + n}` },
    };
  });
}

/** The text that was published. */
export function textOf(message: StreamMessage): string {
  return Buffer.from(message.value).toString('utf8');
}

/** The texts of one key in the order in which they were met. */
export function textsOf(messages: readonly StreamMessage[], key: string): string[] {
  return messages.filter((message) => message.key === key).map(textOf);
}

/** The same texts without repeats, each where it was met first: what is left of at-least-once after deduplication. */
export function firsts(texts: readonly string[]): string[] {
  return [...new Set(texts)];
}

/** Resolves when `true` comes back; throws with `what` after `withinMs`. */
export async function until(
  what: string,
  holds: () => boolean | Promise<boolean>,
  withinMs = 40_000,
): Promise<void> {
  const deadline = performance.now() + withinMs;
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error(`not within ${withinMs} ms: ${what}`);
    await sleep(10);
  }
}
