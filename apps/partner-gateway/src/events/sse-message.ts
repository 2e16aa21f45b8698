import type { ArchivedEvent } from '#stream';
import { bodyFor, type EventAudience } from './audience.js';

/** Where a reader stands: an archive and a position in it. Positions of another archive mean nothing. */
export type Place = { epoch: string; position: bigint };

/** `<archive epoch>-<position>`, the id of an event on the live stream (DESIGN §6). */
export const placeId = ({ epoch, position }: Place): string => `${epoch}-${position}`;

/** Reads a `Last-Event-ID` or `?after=`; undefined when it is not one of ours. */
export function readPlace(id: string): Place | undefined {
  const found = /^([0-9a-f]{1,32})-(\d{1,18})$/.exec(id);
  return found?.[1] && found[2] ? { epoch: found[1], position: BigInt(found[2]) } : undefined;
}

/** One event as server-sent event: CloudEvents 1.0 in JSON (JSON format §3), or undefined when the audience may not see it. */
export function sseMessage(epoch: string, audience: EventAudience, event: ArchivedEvent): Buffer | undefined {
  const data = bodyFor(audience, event);
  if (data === undefined) return undefined;
  const { position, type } = event;
  const cloudEvent = {
    specversion: '1.0',
    id: event.eventId,
    source: event.source,
    type,
    subject: event.streamId,
    time: event.time,
    sequence: event.revision,
    ...(event.incidentId === null ? {} : { incidentid: event.incidentId }),
    datacontenttype: 'application/json',
    data,
  };
  return Buffer.from(
    `id: ${placeId({ epoch, position })}\nevent: ${type}\ndata: ${JSON.stringify(cloudEvent)}\n\n`,
  );
}

/** Says that events before the next one cannot be given here: never a silent hole. */
export function gapMessage(asked: string, epoch: string, oldest: bigint): Buffer {
  const data = {
    asked,
    goesOnAt: placeId({ epoch, position: oldest }),
    why: 'the place you asked for is not in this archive; what follows is everything that it holds, from the oldest event on',
  };
  return Buffer.from(`event: gap\ndata: ${JSON.stringify(data)}\n\n`);
}

/**
 * Keeps proxies and readers from believing the line dead, and tells where the reader stands: an id without an event is remembered as well
 * (WHATWG HTML §9.2.6). Whoever is cut before it has heard of anything comes back to this place, and not to wherever the archive ends by then.
 */
export const stillHere = (place: Place): Buffer => Buffer.from(`: still here\nid: ${placeId(place)}\n\n`);
