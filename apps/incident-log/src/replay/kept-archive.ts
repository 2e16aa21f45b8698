import type { ArchivedEvent } from '#stream';
import type { KeptEvent } from '../timeline/kept-event.js';

const utf8 = new TextDecoder();

/** An archived event without its place in the archive, which is another in every archive. */
export function asKept(event: ArchivedEvent): KeptEvent {
  const { source, eventId, topic, streamId, revision, type, time, incidentId, receivedAt } = event;
  return {
    source,
    eventId,
    topic,
    streamId,
    revision,
    type,
    time,
    incidentId,
    receivedAt,
    value: utf8.decode(event.value),
  };
}
