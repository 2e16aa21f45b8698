import { houseProblem } from '#runtime';

/** How much one holder may ask at once, and how quickly that comes back. */
export type PaceOf = { atOnce: number; perSecond: number };

/** More holders than this at once are forgotten and begin anew: memory stays bounded whoever asks. */
const MOST_HOLDERS = 10_000;

/**
 * A bucket for each holder of a token: full at first, emptied a little with each request, filled again as time passes. Of this
 * process alone, since it protects the process; two replicas let twice as much through.
 */
export class Pace {
  private readonly buckets = new Map<string, { left: number; at: number }>();

  constructor(
    private readonly pace: PaceOf,
    /** Milliseconds that only go on. */
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** Takes one, or as many as `weight` says; throws `too-many-requests` with the time after which there are as many again. */
  take(holder: string, weight = 1): void {
    const { atOnce, perSecond } = this.pace;
    const at = this.now();
    const before = this.buckets.get(holder) ?? { left: atOnce, at };
    const left = Math.min(atOnce, before.left + ((at - before.at) / 1_000) * perSecond);
    if (left < weight) {
      const retryAfterMs = Math.ceil(((weight - left) / perSecond) * 1_000 - 1e-6);
      throw houseProblem('too-many-requests', undefined, { retryAfterMs });
    }
    if (this.buckets.size >= MOST_HOLDERS && !this.buckets.has(holder)) this.buckets.clear();
    this.buckets.set(holder, { left: left - weight, at });
  }
}
