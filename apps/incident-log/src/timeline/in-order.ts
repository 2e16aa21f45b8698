import type { KeptEvent } from './kept-event.js';

/**
 * The one order in which an incident is told (DESIGN §6): by time, but never before the previous event of the same stream;
 * then by stream id, then by revision. Repeats (same source and id) are told once. The answer depends on the events alone,
 * not on how they arrived, so two archives of the same events tell the same story.
 */
export function inOrder<Event extends KeptEvent>(events: readonly Event[]): Event[] {
  const once = new Map<string, Event>();
  for (const event of events) {
    const key = `${event.source} ${event.eventId}`;
    if (!once.has(key)) once.set(key, event);
  }
  const sorted = [...once.values()].sort(
    (a, b) => compare(a.streamId, b.streamId) || a.revision - b.revision || compare(a.source, b.source),
  );
  let stream = '';
  let latest = '';
  const timed = sorted.map((event) => {
    if (event.streamId !== stream) latest = '';
    stream = event.streamId;
    latest = event.time > latest ? event.time : latest;
    return { event, told: latest };
  });
  return timed
    .sort(
      (a, b) =>
        compare(a.told, b.told) ||
        compare(a.event.streamId, b.event.streamId) ||
        a.event.revision - b.event.revision ||
        compare(a.event.source, b.event.source),
    )
    .map(({ event }) => event);
}

/** By UTF-16 unit and not by locale: a reviewer in another country must get the same bytes. */
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
