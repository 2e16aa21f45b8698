import { allTopics, type Mode } from '#contracts';
import { BackOff, unlessStopped, type Log } from '#runtime';
import type { EventStream, Handler, SubscribeTo, Subscription } from '../event-stream.js';

/** The stream of one world, as a process that must live without it for a while knows it. */
export type StreamOfWorld = { stream: EventStream; mode: Mode; log: Log };

/**
 * Waits until the topics of this world are there, for as long as it takes. True when they are, false when `signal` came first.
 * A stream that is away must keep no process from its other work: officers write, agencies read what was kept, reviewers replay.
 */
export async function untilTopics(
  { stream, mode, log }: StreamOfWorld,
  signal: AbortSignal,
): Promise<boolean> {
  const done = await untilItWorks(
    async () => (await stream.ensureTopics(allTopics(mode)), 'done'),
    log,
    signal,
  );
  return done !== undefined && !signal.aborted;
}

/** As `untilTopics`, and then follows some of them; undefined when `signal` came first. */
export async function untilSubscribed(
  house: StreamOfWorld,
  signal: AbortSignal,
  to: SubscribeTo,
  handler: Handler,
): Promise<Subscription | undefined> {
  if (!(await untilTopics(house, signal))) return undefined;
  return untilItWorks(() => house.stream.subscribe(to, handler), house.log, signal);
}

async function untilItWorks<Done>(
  attempt: () => Promise<Done>,
  log: Log,
  signal: AbortSignal,
): Promise<Done | undefined> {
  const pauses = new BackOff(100, 5_000);
  while (!signal.aborted) {
    try {
      return await unlessStopped(attempt(), signal); // one try alone takes ten seconds while the stream is away
    } catch (error) {
      log.warn({ error, attempt: pauses.attempts + 1 }, 'the stream cannot be reached and is tried again');
      await pauses.wait(signal);
    }
  }
  return undefined;
}
