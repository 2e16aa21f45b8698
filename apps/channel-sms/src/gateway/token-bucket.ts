/** Share of the full rate that comes back in each second without a throttle: from half speed to full in ten seconds. */
const GROWTH_PER_SECOND = 0.05;
/** A gateway that answers a whole window with "throttled" means one slowing, not ten. */
const ONE_SLOWING_MS = 1_000;
/** Bursts of at most this long a time's worth of parts, so that a second never holds much more than its budget. */
const BURST_SECONDS = 0.1;

/**
 * The pace of one gateway in parts per second. Throttled: the rate is halved and grows back slowly (CHANNELS §G.2).
 * Times are milliseconds of a monotonic clock.
 */
export class TokenBucket {
  #rate: number;
  #tokens: number;
  #at: number;
  #slowedAt = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly most: number,
    private readonly now: () => number = () => performance.now(),
  ) {
    this.#rate = most;
    this.#at = now();
    this.#tokens = this.#burst();
  }

  /** Parts per second that are allowed now. */
  get perSecond(): number {
    this.#refill();
    return this.#rate;
  }

  /** Takes the right to send one part now; false: wait `waitMs`. */
  take(): boolean {
    this.#refill();
    if (this.#tokens < 1) return false;
    this.#tokens -= 1;
    return true;
  }

  /** Milliseconds until the next part may go. */
  waitMs(): number {
    this.#refill();
    return this.#tokens >= 1 ? 0 : Math.ceil(((1 - this.#tokens) / this.#rate) * 1_000);
  }

  /** The gateway said "too fast". Halves the rate, at most once a second, never below one part per second. */
  slowDown(): void {
    const now = this.now();
    if (now - this.#slowedAt < ONE_SLOWING_MS) return;
    this.#refill();
    this.#slowedAt = now;
    this.#rate = Math.max(1, this.#rate / 2);
    this.#tokens = 0;
  }

  #burst(): number {
    return Math.max(1, this.#rate * BURST_SECONDS);
  }

  #refill(): void {
    const now = this.now();
    const seconds = Math.max(0, now - this.#at) / 1_000;
    this.#at = now;
    this.#rate = Math.min(this.most, this.#rate + this.most * GROWTH_PER_SECOND * seconds);
    this.#tokens = Math.min(this.#burst(), this.#tokens + this.#rate * seconds);
  }
}
