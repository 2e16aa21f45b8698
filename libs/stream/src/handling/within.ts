/** How long a closing subscription waits for handlers in hand: a clean stop of a process has three seconds in all. */
export const CLOSE_GRACE_MS = 2_000;

/** Resolves when `work` does, or after `ms` (Infinity: never); says which. A rejection of `work` counts as its end. */
export async function within(work: Promise<unknown>, ms: number): Promise<'ended' | 'late'> {
  const ended = work.then(
    () => 'ended' as const,
    () => 'ended' as const,
  );
  if (ms === Infinity) return ended;
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<'late'>((resolve) => (timer = setTimeout(() => resolve('late'), ms)));
  try {
    return await Promise.race([ended, late]);
  } finally {
    clearTimeout(timer);
  }
}
