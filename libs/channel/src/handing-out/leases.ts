import type { Log } from '#runtime';
import { LEASE_MS, type ChunkStore, type TakenChunk } from '../chunks/chunk-store.js';

/** A lease is kept up four times in its life, and given up for lost a little before the database would let it go. */
const KEEP_EVERY_MS = LEASE_MS / 4;
const MARGIN_MS = 300;

/** A chunk in hand, for as long as this process can be sure of it. */
export type Lease = {
  /** By the monotonic clock: a worker that was frozen must not write once its successor may have started. */
  held(): boolean;
  letGo(): void;
};

/** The leases of one process, kept up by one timer. */
export class Leases {
  private readonly all = new Map<string, { chunk: TakenChunk; until: number }>();
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly store: ChunkStore,
    private readonly log: Log,
  ) {}

  /** Begins to keep up the lease of a chunk that was just taken; `askedAt` is `performance.now()` from before it was. */
  hold(chunk: TakenChunk, askedAt: number): Lease {
    const { warningId, version, act, chunk: number } = chunk.key;
    const name = `${warningId}/${version}/${act}/${number}/${chunk.fence}`;
    const entry = { chunk, until: askedAt + LEASE_MS - MARGIN_MS };
    this.all.set(name, entry);
    this.timer ??= setInterval(() => void this.keepAll(), KEEP_EVERY_MS);
    return {
      held: () => performance.now() < entry.until,
      letGo: () => {
        this.all.delete(name);
        if (this.all.size > 0) return;
        clearInterval(this.timer);
        this.timer = undefined;
      },
    };
  }

  private async keepAll(): Promise<void> {
    await Promise.all([...this.all.values()].map((entry) => this.keep(entry)));
  }

  private async keep(entry: { chunk: TakenChunk; until: number }): Promise<void> {
    const askedAt = performance.now();
    try {
      if (await this.store.keep(entry.chunk)) entry.until = askedAt + LEASE_MS - MARGIN_MS;
      else entry.until = 0;
    } catch (error) {
      this.log.warn({ error, ...entry.chunk.key }, 'a lease could not be kept up');
    }
  }
}
