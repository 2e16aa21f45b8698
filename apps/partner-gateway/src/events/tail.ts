import type { OnApplicationBootstrap, OnApplicationShutdown } from '@nestjs/common';
import type { Database } from '#postgres';
import { BackOff, type Log } from '#runtime';
import type { Archive, ArchivedEvent } from '#stream';
import type { EventAudience } from './audience.js';
import { sseMessage } from './sse-message.js';

/** One event, read from the database once and encoded once per audience, however many readers there are. */
export class EncodedEvent {
  private readonly encoded = new Map<EventAudience, Buffer | undefined>();

  constructor(
    private readonly epoch: string,
    readonly event: ArchivedEvent,
  ) {}

  /** The server-sent event for this audience, or undefined when it may not see it. */
  for(audience: EventAudience): Buffer | undefined {
    if (!this.encoded.has(audience)) this.encoded.set(audience, sseMessage(this.epoch, audience, this.event));
    return this.encoded.get(audience);
  }
}

/** Events kept in memory for readers that are almost up to date; the rest comes from the archive in pages. */
const KEPT = 2_000;
/** An event may be as large as a request, 1 MB: a draft with a fine area is. Each audience's encoding comes on top. */
const KEPT_BYTES = 16_000_000;
const PAGE = 500;
/** The safety net behind NOTIFY (RELIABILITY §4: 200–500 ms). */
const POLL_MS = 300;

/** The newest events of the archive, as all readers share them. Bounded, whatever readers do. */
export class Tail implements OnApplicationBootstrap, OnApplicationShutdown {
  private kept: EncodedEvent[] = [];
  private newest = 0n;
  private stopped = false;
  private woken = false;
  private unlisten: () => void = () => {};
  private poll: NodeJS.Timeout | undefined;
  private looking: Promise<void> | undefined;
  private readonly readers = new Set<() => void>();

  constructor(
    private readonly archive: Pick<Archive, 'after' | 'channel' | 'ends'>,
    readonly epoch: string,
    private readonly db: Pick<Database, 'listen'>,
    private readonly log: Log,
  ) {}

  /** Begins at the archive's end. */
  async onApplicationBootstrap(): Promise<void> {
    this.newest = (await this.archive.ends()).newest;
    this.unlisten = this.db.listen(this.archive.channel, () => void this.look());
    this.poll = setInterval(() => void this.look(), POLL_MS);
  }

  /** Readers are told that the line ends, and come back with their last id. */
  onApplicationShutdown(): void {
    this.stopped = true;
    clearInterval(this.poll);
    this.unlisten();
    for (const wake of this.readers) wake();
  }

  get hasStopped(): boolean {
    return this.stopped;
  }

  /** Calls `wake` whenever something new is there, and when the tail stops. Returns the end of it. */
  onNews(wake: () => void): () => void {
    this.readers.add(wake);
    return () => void this.readers.delete(wake);
  }

  /** At most a page of what follows `position`: from memory when it is recent, else from the archive. */
  async after(position: bigint): Promise<readonly EncodedEvent[]> {
    const oldest = this.kept[0]?.event.position;
    if (oldest !== undefined && position >= oldest - 1n) {
      const from = Number(position - oldest + 1n);
      return this.kept.slice(from, from + PAGE);
    }
    if (position >= this.newest) return [];
    return (await this.archive.after(position, PAGE)).map((event) => new EncodedEvent(this.epoch, event));
  }

  private look(): Promise<void> {
    this.woken = true;
    this.looking ??= this.readOn().finally(() => {
      this.looking = undefined;
      if (this.woken && !this.stopped) void this.look();
    });
    return this.looking;
  }

  private async readOn(): Promise<void> {
    const pauses = new BackOff(100, 2_000);
    while (this.woken && !this.stopped) {
      this.woken = false;
      try {
        for (;;) {
          const events = await this.archive.after(this.newest, PAGE);
          const last = events.at(-1);
          if (last === undefined) break;
          this.kept = mayStay([...this.kept, ...events.map((event) => new EncodedEvent(this.epoch, event))]);
          this.newest = last.position;
          for (const wake of this.readers) wake();
        }
      } catch (error) {
        this.log.warn({ error }, 'the archive cannot be read and is asked again');
        this.woken = true;
        await pauses.wait();
      }
    }
  }
}

/** The newest of them, as far as they may be kept. */
function mayStay(all: readonly EncodedEvent[]): EncodedEvent[] {
  let from = all.length;
  for (let bytes = 0; from > 0 && all.length - from < KEPT; from -= 1) {
    bytes += all[from - 1]?.event.value.byteLength ?? 0;
    if (bytes > KEPT_BYTES) break;
  }
  return all.slice(from);
}
