import { BackOff, unlessStopped, type Log } from '#runtime';

/**
 * Takes one step of a start until it is taken: a service that comes up before its database or broker waits for them and
 * then works, without anybody's help. Returns untaken only when `signal` is aborted, and then soon: a try that takes long is left.
 */
export async function insist(
  what: string,
  step: () => Promise<unknown>,
  signal: AbortSignal,
  log: Log,
): Promise<void> {
  const pauses = new BackOff(100, 5_000);
  while (!signal.aborted) {
    try {
      await unlessStopped(step(), signal);
      return;
    } catch (error) {
      log.warn(
        { error, what, attempt: pauses.attempts + 1 },
        'a step of the start failed and is tried again',
      );
      await pauses.wait(signal);
    }
  }
}
