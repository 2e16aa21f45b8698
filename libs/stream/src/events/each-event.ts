import type { Found } from '#contracts';
import type { Log } from '#runtime';
import type { Batch, StreamMessage } from '../event-stream.js';

/** An event as it was read, with the JSON as received and the message that brought it. */
export type Read<Event> = { event: Event; raw: Readonly<Record<string, unknown>>; message: StreamMessage };

/** How messages are read, and what is done with an event: `park` says why it can never work, nothing that it is done. */
export type EachEvent<Event> = {
  read: (value: Uint8Array) => Found<Event>;
  take: (read: Read<Event>) => Promise<{ park: string } | void>;
  log: Log;
};

/**
 * Takes the messages of a batch one after the other, until `signal`: an event is taken and done, one of a type that this build does not
 * know is skipped by declared rule, and what cannot be read is parked. What `take` throws goes on to the stream, which tries again.
 */
export async function eachEvent<Event>(
  batch: Batch,
  { read, take, log }: EachEvent<Event>,
  signal: AbortSignal = batch.signal,
): Promise<void> {
  for (const message of batch.messages) {
    if (signal.aborted) return;
    const found = read(message.value);
    switch (found.read) {
      case 'event': {
        const took = await take({ event: found.event, raw: found.raw, message });
        await (took === undefined ? batch.done(message) : batch.park(message, took.park));
        break;
      }
      case 'newer':
        log.info({ eventId: message.eventId, type: found.type }, 'event skipped: newer than this build');
        await batch.done(message);
        break;
      case 'unreadable':
        await batch.park(message, found.why);
    }
  }
}
