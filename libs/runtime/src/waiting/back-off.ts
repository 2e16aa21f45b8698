import { setTimeout as pause } from 'node:timers/promises';

/** Growing pauses with a cap. `shortestMs` doubles up to `longestMs`; each pause is 75–125 % of that, so that replicas spread out. */
export class BackOff {
  private failures = 0;

  constructor(
    private readonly shortestMs: number,
    private readonly longestMs: number,
  ) {}

  /** How often in a row it has failed. */
  get attempts(): number {
    return this.failures;
  }

  /** It worked: the next pause is the shortest again. */
  reset(): void {
    this.failures = 0;
  }

  /** The next pause in ms; counts one failure. */
  next(): number {
    const whole = Math.min(this.longestMs, this.shortestMs * 2 ** Math.min(this.failures, 30));
    this.failures += 1;
    return Math.round(whole * (0.75 + Math.random() / 2));
  }

  /** Waits for the next pause; returns at once when `signal` is or becomes aborted. */
  async wait(signal?: AbortSignal): Promise<void> {
    await sleep(this.next(), signal);
  }
}

/** Waits `ms`, or less when `signal` is aborted. Never throws. */
export async function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  await pause(ms, undefined, signal === undefined ? undefined : { signal }).catch(() => {});
}
