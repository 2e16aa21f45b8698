import { createHash } from 'node:crypto';
import { inOrder } from '../timeline/in-order.js';
import { inWords } from '../timeline/in-words.js';
import { bodyOf, type KeptEvent } from '../timeline/kept-event.js';

/** One line of a replay, and how long after the line before it happened, in ms. */
export type ReplayLine = { afterMs: number; text: string };

/**
 * The story of an incident, line by line: when, what happened, and which event says so. A function of the events alone: no
 * clock, no locale, no order of arrival. The last line holds a digest, so that two replays are compared at a glance.
 */
export function* replay(events: readonly KeptEvent[], format: 'text' | 'json'): Generator<ReplayLine> {
  const digest = createHash('sha256');
  let before = Number.NaN;
  let told = 0;
  for (const event of inOrder(events)) {
    const text = format === 'json' ? asJson(event) : asText(event);
    digest.update(`${text}\n`);
    const at = Date.parse(event.time);
    yield { afterMs: Number.isNaN(before) ? 0 : Math.max(0, at - before), text };
    before = at;
    told += 1;
  }
  const sha256 = digest.digest('hex');
  const closing =
    format === 'json'
      ? JSON.stringify({ events: told, sha256 })
      : `${told} events, SHA-256 of the lines above: ${sha256}`;
  yield { afterMs: 0, text: closing };
}

function asText(event: KeptEvent): string {
  return `${event.time.slice(0, 10)} ${event.time.slice(11, 23)}  ${inWords(event.type, bodyOf(event))}  [${event.eventId}]`;
}

function asJson(event: KeptEvent): string {
  const { time, type, eventId, source } = event;
  const body = bodyOf(event) ?? null;
  return JSON.stringify({ time, type, eventId, source, says: inWords(type, bodyOf(event)), body });
}
