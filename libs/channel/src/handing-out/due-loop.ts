import { BackOff, Bell, sleep, type Log } from '#runtime';
import type { ChunkKey } from '../record/channel-record.js';
import type { ChunkStore } from '../chunks/chunk-store.js';

/** A chunk is taken within a few ms; a look that comes too early finds it once more and is told that it is busy. */
const TAKEN_BY_MS = 20;
/** The safety net for workers that died elsewhere; known due times are met exactly. */
const LOOK_EVERY_MS = 500;

/**
 * Hands out what no message of the stream will bring: rows whose time has come, chunks whose worker died, counts that were
 * not reported. One loop per lane, so that the mild never holds up the grave.
 */
export class DueLoop {
  private readonly stopping = new AbortController();
  private running: Promise<void> | undefined;
  private readonly inHand = new Set<Promise<void>>();
  private readonly bell = new Bell();

  constructor(
    private readonly store: ChunkStore,
    private readonly work: (key: ChunkKey, stop: AbortSignal) => Promise<unknown>,
    /** `urgent` null: both lanes. One that is slow never holds up the others, until `sideBySide` are slow. */
    private readonly lane: { urgent: boolean | null; sideBySide: number },
    private readonly log: Log,
  ) {}

  start(): void {
    this.running ??= this.loop();
  }

  /** Something may be due earlier than was thought. */
  wake(): void {
    this.bell.ring();
  }

  /** Lets `work` go on with a chunk that is in hand already. Resolves as `begin` does: its first window is on its way. */
  async hand(key: ChunkKey, work: (stop: AbortSignal) => Promise<unknown>): Promise<void> {
    await this.begin(key, work);
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    this.wake();
    await this.running;
    await Promise.all(this.inHand);
  }

  private async loop(): Promise<void> {
    const pauses = new BackOff(100, 5_000);
    const { signal } = this.stopping;
    while (!signal.aborted) {
      this.bell.quiet();
      try {
        const free = this.lane.sideBySide - this.inHand.size;
        const keys = free <= 0 ? [] : await this.store.waiting(this.lane.urgent, free);
        await Promise.all(keys.map((key) => this.begin(key)));
        pauses.reset();
        if (keys.length === 0) await this.rest(await this.store.nextDueMs());
      } catch (error) {
        this.log.warn(
          { error, attempt: pauses.attempts + 1 },
          'looking for due deliveries failed and is tried again',
        );
        await pauses.wait(signal);
      }
    }
  }

  /** Resolves once the chunk is taken, or soon enough: the next look must not find it lying about. */
  private async begin(
    key: ChunkKey,
    run = (stop: AbortSignal): Promise<unknown> => this.work(key, stop),
  ): Promise<void> {
    const work = run(this.stopping.signal)
      .catch((error: unknown) =>
        this.log.warn({ error, ...key }, 'work on a chunk failed and is tried again'),
      )
      .then(() => {
        this.inHand.delete(work);
        this.wake();
      });
    this.inHand.add(work);
    await Promise.race([work, sleep(TAKEN_BY_MS)]);
  }

  private async rest(dueMs = LOOK_EVERY_MS): Promise<void> {
    await this.bell.ringsWithin(Math.max(5, Math.min(dueMs, LOOK_EVERY_MS)));
  }
}
