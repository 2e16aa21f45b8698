import type { RecordedEvent } from '#contracts';
import { BackOff, Bell, type Log, sleep } from '#runtime';
import { type Database, type HeldLock, lockKey } from '../database/database.js';
import { EventRecord } from '../record/event-record.js';
import { type PublishedAt, RelayCursor } from './relay-cursor.js';

export type RelayOptions = {
  db: Database;
  schema: string;
  /** One cursor per name; a record may have several relays. */
  name: string;
  /** Resolves when every event is durable on the stream. A repeat of events is to be expected. */
  publish: (events: readonly RecordedEvent[]) => Promise<void | readonly PublishedAt[]>;
  log: Log;
  /**
   * Asked when this relay takes over: is what was published last still on the stream? When it says `lost` (a broker came
   * back without its data), everything is published again from the first event; consumers know the repeats by their ids. So it
   * is without asking, and without a `check`, when the places that `publish` tells go backwards.
   */
  check?: (last: readonly PublishedAt[]) => Promise<'kept' | 'lost'>;
};

/** Most events in one call of `publish`. */
const BATCH = 500;
/** The safety net when a notification was lost; RELIABILITY §4 asks for 200–500 ms. */
const POLL_MS = 300;
/** How long a stop waits for a batch under way: the stream may be away, and the whole process stops within three seconds. */
const STOP_WITHIN_MS = 1_000;
/** How often a replica that is not the active one asks again. */
const TURN_EVERY_MS = 500;

/**
 * Brings a record's events onto the stream, in order, each at least once: it publishes, then moves its cursor. Woken by
 * the append's notification, with a slow poll behind it. Among replicas one is active; the next takes over when it goes.
 */
export class Relay {
  private readonly record: EventRecord;
  private readonly stopping = new AbortController();
  private readonly cursor: RelayCursor;
  private readonly bell = new Bell();
  private running: Promise<void> | undefined;
  private position = 0n;

  constructor(private readonly options: RelayOptions) {
    this.record = new EventRecord(options.db, options.schema);
    this.cursor = new RelayCursor(options.db, options.schema, options.name, options.log);
  }

  /** Begins to relay. Returns at once; failures are tried again for as long as it takes. */
  start(): void {
    if (this.running !== undefined) return;
    const unlisten = this.options.db.listen(this.record.channel, () => this.bell.ring());
    this.running = this.run().finally(unlisten);
  }

  /** Ends after the batch under way, or without it when that takes longer than a clean stop may: then it is published again. */
  async stop(): Promise<void> {
    this.stopping.abort();
    this.bell.ring();
    const patience = new AbortController();
    await Promise.race([this.running, sleep(STOP_WITHIN_MS, patience.signal)]);
    patience.abort();
  }

  /** How many events of the record this cursor has not passed yet, whichever replica moves it; for the metric and its alarm. */
  async lag(): Promise<bigint> {
    return this.cursor.lag();
  }

  private async run(): Promise<void> {
    const pauses = new BackOff(100, 5_000);
    while (!this.stopping.signal.aborted) {
      const turn = new AbortController();
      let held: HeldLock | undefined;
      try {
        held = await this.options.db.tryHold(
          lockKey(this.options.schema, `relay ${this.options.name}`),
          () => {
            turn.abort();
            this.cursor.drop();
            this.bell.ring();
          },
        );
        if (held === undefined) {
          await sleep(TURN_EVERY_MS, this.stopping.signal);
          continue;
        }
        await this.takeOver(held);
        while (!turn.signal.aborted && !this.stopping.signal.aborted) {
          await this.relayWaiting(turn.signal);
          pauses.reset();
          if (!this.stopping.signal.aborted) await this.bell.ringsWithin(POLL_MS);
        }
      } catch (error) {
        const { name, log } = this.options;
        log.warn({ error, relay: name, attempt: pauses.attempts + 1 }, 'relaying failed and is tried again');
        await pauses.wait(this.stopping.signal);
      } finally {
        await this.cursor.flush();
        await held?.release();
      }
    }
  }

  /** Reads the cursor, and starts again from the first event when the stream lost what it had. */
  private async takeOver(held: HeldLock): Promise<void> {
    const { check } = this.options;
    const { position, published } = await this.cursor.read(held);
    this.position = position;
    if (check === undefined || published.length === 0 || (await check(published)) === 'kept') return;
    await this.beginAnew();
  }

  private async beginAnew(): Promise<void> {
    const { name, log } = this.options;
    log.error(
      { relay: name, position: this.position },
      'the stream lost what was published, and everything is published again',
    );
    await this.cursor.reset();
    this.position = 0n;
  }

  /** Until nothing is left. What is committed after the last look has woken us by then: it needs no further look now. */
  private async relayWaiting(lost: AbortSignal): Promise<void> {
    for (;;) {
      this.bell.quiet();
      const events = await this.record.after(this.position, BATCH);
      const last = events.at(-1);
      if (last === undefined || lost.aborted || this.stopping.signal.aborted) return;
      const published = (await this.options.publish(events)) ?? [];
      if (lost.aborted) return;
      if (this.cursor.isBehind(published)) {
        await this.beginAnew();
        continue;
      }
      this.position = last.position;
      this.cursor.move(last.position, published);
      if (events.length < BATCH && !this.bell.hasRung) return;
    }
  }
}
