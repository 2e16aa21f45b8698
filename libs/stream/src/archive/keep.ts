import { readHead } from '#contracts';
import type { Batch, Handler, StreamMessage } from '../event-stream.js';
import type { Archive } from './archive.js';

/**
 * How long an archive lets events gather before it keeps them: nobody is warned by it, and what happens in the first moments of a
 * warning, some hundred events, is a few appends instead of one each beside the sending (measured: a fifth of the way to the first mail).
 */
export const ARCHIVE_LINGER_MS = 100;

/**
 * A consumer that keeps everything: a whole batch is one append, then all of it is done. A message without our headers, or
 * whose value is not JSON, is parked: whoever reads the archive later could do nothing with it. One of a type that this build
 * does not know is kept like any other.
 */
export function keepIn(archive: Pick<Archive, 'add'>): Handler {
  return async (batch: Batch) => {
    const judged = batch.messages.map((message) => ({ message, why: whyNotOurs(message) }));
    await archive.add(judged.flatMap(({ message, why }) => (why === undefined ? [message] : [])));
    for (const { message, why } of judged) {
      if (why === undefined) await batch.done(message);
      else await batch.park(message, why);
    }
  };
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

function whyNotOurs({ headers, value }: StreamMessage): string | undefined {
  if (readHead(headers) === undefined) return 'no CloudEvents headers of ours';
  try {
    const body: unknown = JSON.parse(utf8.decode(value));
    return typeof body === 'object' && body !== null ? undefined : 'not a JSON object';
  } catch {
    return 'not JSON';
  }
}
