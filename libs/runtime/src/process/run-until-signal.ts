import type { Log } from '../log/log.js';

/** A clean stop takes at most this long, then the process ends anyway (DESIGN §5: Ctrl-C stops everything within 3 s). */
const LONGEST_STOP_MS = 3_000;

/**
 * Waits for SIGINT, SIGTERM or SIGHUP (the terminal is gone), then calls `close` once and ends the process: code 0 after a clean
 * stop, 1 when `close` failed or took longer than 3 s. A second signal while stopping changes nothing. `nohup` cannot be heeded:
 * Node sets every signal back to its default at its own start, so without a listener SIGHUP would kill it there too.
 */
export async function runUntilSignal(close: () => Promise<void>, log: Log): Promise<never> {
  const signal = await firstSignal();
  log.info({ signal }, 'stopping');
  const late = setTimeout(() => {
    log.error({ longestMs: LONGEST_STOP_MS }, 'the clean stop took too long and was given up');
    process.exit(1);
  }, LONGEST_STOP_MS);
  try {
    await close();
    clearTimeout(late);
    log.info({}, 'stopped');
  } catch (error) {
    log.error({ error }, 'the clean stop failed');
    process.exit(1);
  }
  process.exit(0);
}

function firstSignal(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, resolve);
  });
}
