import { allTopics } from '#contracts';
import { BackOff, type Log } from '#runtime';
import type { EventStream } from '#stream';
import type { World } from '../world.js';

/**
 * Makes sure that the world's topics exist, for as long as it takes. True when they do, false when `signal` came first.
 * A stream that is away must not keep officers from writing: what they record goes out when it is back.
 */
export async function untilTopics(
  stream: EventStream,
  { mode }: World,
  log: Log,
  signal: AbortSignal,
): Promise<boolean> {
  const pauses = new BackOff(100, 5_000);
  while (!signal.aborted) {
    try {
      await stream.ensureTopics(allTopics(mode));
      return !signal.aborted;
    } catch (error) {
      log.warn({ error, attempt: pauses.attempts + 1 }, 'the stream cannot be reached and is tried again');
      await pauses.wait(signal);
    }
  }
  return false;
}
