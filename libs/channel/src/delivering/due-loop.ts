import { BackOff, type Log } from '#runtime';
import type { ChunkKey } from '../record/channel-record.js';
import type { ChunkStore } from './chunk-store.js';

/** Chunks that one lane works on side by side when their time has come. */
const SIDE_BY_SIDE = 4;
/** The safety net for workers that died elsewhere; known due times are met exactly. */
const LOOK_EVERY_MS = 500;

/**
 * Hands out what no message of the stream will bring: rows whose time has come, chunks whose worker died, counts that were
 * not reported. One loop per lane, so that the mild never holds up the grave.
 */
export class DueLoop {
  private readonly stopping = new AbortController();
  private running: Promise<void> | undefined;
  private wakeUp: (() => void) | undefined;
  private woken = false;

  constructor(
    private readonly store: ChunkStore,
    private readonly run: (key: ChunkKey, stop: AbortSignal) => Promise<unknown>,
    /** The lane: urgent or not; null for both. */
    private readonly urgent: boolean | null,
    private readonly log: Log,
  ) {}

  start(): void {
    this.running ??= this.loop();
  }

  /** Something may be due earlier than was thought. */
  wake(): void {
    this.woken = true;
    this.wakeUp?.();
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    this.wake();
    await this.running;
  }

  private async loop(): Promise<void> {
    const pauses = new BackOff(100, 5_000);
    const { signal } = this.stopping;
    while (!signal.aborted) {
      this.woken = false;
      try {
        const keys = await this.store.waiting(this.urgent, SIDE_BY_SIDE);
        await Promise.all(keys.map((key) => this.run(key, signal)));
        pauses.reset();
        if (keys.length === 0) await this.nextCall(await this.store.nextDueMs());
      } catch (error) {
        this.log.warn(
          { error, attempt: pauses.attempts + 1 },
          'looking for due deliveries failed and is tried again',
        );
        await pauses.wait(signal);
      }
    }
  }

  private async nextCall(dueMs = LOOK_EVERY_MS): Promise<void> {
    if (this.woken) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, Math.max(5, Math.min(dueMs, LOOK_EVERY_MS)));
      this.wakeUp = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
