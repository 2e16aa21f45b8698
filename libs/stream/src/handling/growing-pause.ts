const FIRST_PAUSE_MS = 100;
/** A database that comes back after ten minutes is noticed within this time; one probe in two seconds loads nobody. */
const LONGEST_PAUSE_MS = 2_000;

/** Milliseconds to wait after `failures` fruitless tries in a row (0 for the first): 100, 200, 400 … 2,000. */
export function growingPauseMs(failures: number): number {
  return Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(failures, 16));
}
