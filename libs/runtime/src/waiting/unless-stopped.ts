/** What is nearly done is done: so that whatever it opened is known to whoever closes it. */
const A_MOMENT_MS = 250;

/**
 * What `work` gives, or undefined when it has not ended a moment (0.25 s) after `signal` was aborted: then nobody waits for it any
 * more, and however it ends nobody hears of it. For steps that may take longer than a clean stop, and lose nothing by being left.
 */
export async function unlessStopped<Done>(
  work: Promise<Done>,
  signal: AbortSignal,
): Promise<Done | undefined> {
  let late: NodeJS.Timeout | undefined;
  let stop = (): void => {};
  const left = new Promise<undefined>((resolve) => {
    stop = () => void (late = setTimeout(() => resolve(undefined), A_MOMENT_MS));
  });
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) stop();
  try {
    return await Promise.race([work, left]);
  } finally {
    clearTimeout(late);
    signal.removeEventListener('abort', stop);
  }
}
