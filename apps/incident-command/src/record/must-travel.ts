import type { NewEvent } from '#contracts';
import { problem } from '../problems/problem-table.js';

/**
 * The stream takes 900,000 bytes in one record (`#stream`); the rest is for headers, for the reason when a reader parks it, and for
 * what an approval adds to what was submitted.
 */
const MOST_BYTES = 880_000;

/**
 * Throws `too-large-to-send` for a fact that the stream cannot carry: once recorded, it would keep every fact behind it from the
 * channels for ever. What is issued was submitted before, and is never refused for its size.
 */
export function mustTravel(facts: readonly NewEvent[]): void {
  for (const { type, body } of facts) {
    const bytes = type === 'WarningIssued' ? 0 : Buffer.byteLength(JSON.stringify(body));
    if (bytes > MOST_BYTES)
      throw problem(
        'too-large-to-send',
        `It would have ${bytes} bytes, and at most ${MOST_BYTES} can be sent to the channels; nothing was recorded.`,
      );
  }
}
