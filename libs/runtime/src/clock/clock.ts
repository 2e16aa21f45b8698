import type { Instant } from '#contracts';

/** What time it is. A port, so that tests and replays can hand in a fixed moment. */
export abstract class Clock {
  abstract now(): Instant;
}

/** The machine's clock, in UTC with three decimals. */
export class SystemClock extends Clock {
  now(): Instant {
    return new Date().toISOString() as Instant;
  }
}
