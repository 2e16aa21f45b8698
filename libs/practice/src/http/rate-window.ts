/** What a caller may still do, as the platforms tell it in their headers. `resetAt` in milliseconds of the epoch. */
export type Allowance = { limit: number; remaining: number; resetAt: number; allowed: boolean };

/**
 * So many calls per window, counted for each name alone. Windows begin at whole multiples of their length, as
 * Mastodon's do: a caller that waits until `resetAt` has its whole allowance again.
 */
export class RateWindow {
  private readonly used = new Map<string, { window: number; points: number }>();

  constructor(
    private readonly limit: number,
    private readonly windowMs: number,
  ) {}

  /** Takes `points` for `name` if there are so many left. */
  take(name: string, now: number, points = 1): Allowance {
    const window = Math.floor(now / this.windowMs);
    const before = this.used.get(name);
    const used = before?.window === window ? before.points : 0;
    const allowed = used + points <= this.limit;
    const after = allowed ? used + points : used;
    this.used.set(name, { window, points: after });
    return {
      limit: this.limit,
      remaining: this.limit - after,
      resetAt: (window + 1) * this.windowMs,
      allowed,
    };
  }
}
