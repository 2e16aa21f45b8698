/** What a caller may still do, as the platforms tell it in their headers. `resetAt` in milliseconds of the epoch. */
export type Allowance = { limit: number; remaining: number; resetAt: number; allowed: boolean };

/** So much in so long. */
export type Window = { limit: number; windowMs: number };

/**
 * So many calls per window, counted for each name alone; with several windows, in all of them or in none. Windows begin at whole
 * multiples of their length, as Mastodon's do: a caller that waits until `resetAt` has its whole allowance again.
 */
export class RateWindow {
  private readonly used = new Map<string, { window: number; points: number }[]>();
  private readonly windows: readonly Window[];

  constructor(...windows: readonly Window[]) {
    this.windows = windows;
  }

  /** Takes `points` for `name` if there are so many left, and tells of the window that has least left. */
  take(name: string, now: number, points = 1): Allowance {
    const before = this.used.get(name);
    const counted = this.windows.map(({ limit, windowMs }, n) => {
      const window = Math.floor(now / windowMs);
      const used = before?.[n]?.window === window ? before[n].points : 0;
      return { window, used, limit, resetAt: (window + 1) * windowMs };
    });
    const allowed = counted.every(({ used, limit }) => used + points <= limit);
    const taken = allowed ? points : 0;
    this.used.set(
      name,
      counted.map(({ window, used }) => ({ window, points: used + taken })),
    );
    const left = counted.map(({ limit, used, resetAt }) => ({
      limit,
      remaining: limit - used - taken,
      resetAt,
    }));
    // Where two are spent, the caller must wait for the later one.
    const [least] = left.toSorted((a, b) => a.remaining - b.remaining || b.resetAt - a.resetAt);
    if (least === undefined) throw new RangeError('a rate needs a window');
    return { ...least, allowed };
  }
}
