import { readHead } from '#contracts';
import type { Batch, Handler, StreamMessage } from '../event-stream.js';
import type { Archive } from './archive.js';

/**
 * How long an archive lets events gather before it keeps them: nobody is warned by it, and what happens in the first moments of a
 * warning, some hundred events, is a few appends instead of one each beside the sending (measured: a fifth of the way to the first mail).
 */
export const ARCHIVE_LINGER_MS = 100;

/**
 * A consumer that keeps everything: a whole batch is one append, then all of it is done. A message without our headers
 * is parked; one of a type that this build does not know is kept like any other.
 */
export function keepIn(archive: Pick<Archive, 'add'>): Handler {
  return async (batch: Batch) => {
    const ours: StreamMessage[] = [];
    for (const message of batch.messages) {
      if (readHead(message.headers) !== undefined) ours.push(message);
    }
    await archive.add(ours);
    for (const message of batch.messages) {
      if (readHead(message.headers) === undefined)
        await batch.park(message, 'no CloudEvents headers of ours');
      else await batch.done(message);
    }
  };
}
