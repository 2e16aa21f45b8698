import type { NewEvent } from '#contracts';
import { problem } from '../problems/problem-table.js';

/** The stream takes 900,000 bytes in one record (`#stream`); the rest is for headers, and for the reason when a reader parks it. */
const MOST_BYTES = 880_000;
/** What an approval adds to what was submitted, who and when, is some hundred bytes: it is never refused for them. */
const APPROVED_BYTES = 2_000;

/**
 * Throws `too-large-to-send` for a fact that the stream cannot carry: once recorded, it would keep every fact behind it from the
 * channels for ever.
 */
export function mustTravel(facts: readonly NewEvent[]): void {
  for (const { type, body } of facts) {
    const bytes = Buffer.byteLength(JSON.stringify(body));
    if (bytes > MOST_BYTES + (type === 'WarningIssued' ? APPROVED_BYTES : 0))
      throw problem(
        'too-large-to-send',
        `It would have ${bytes} bytes, and at most ${MOST_BYTES} can be sent to the channels; nothing was recorded.`,
      );
  }
}
