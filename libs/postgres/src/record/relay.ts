import type { RecordedEvent } from '#contracts';
import { BackOff, type Log, sleep } from '#runtime';
import { type Database, type HeldLock, lockKey, quoted } from '../database/database.js';
import { EventRecord } from './event-record.js';

/** Where the stream put something: what must still be there later. */
export type PublishedAt = { topic: string; partition: number; offset: bigint };

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
   * back without its data), everything is published again from the first event; consumers know the repeats by their ids.
   */
  check?: (last: readonly PublishedAt[]) => Promise<'kept' | 'lost'>;
};

/** Most events in one call of `publish`. */
const BATCH = 500;
/** The safety net when a notification was lost; RELIABILITY §4 asks for 200–500 ms. */
const POLL_MS = 300;
/** How often a replica that is not the active one asks again. */
const TURN_EVERY_MS = 500;

/**
 * Brings a record's events onto the stream, in order, each at least once: it publishes, then moves its cursor. Woken by
 * the append's notification, with a slow poll behind it. Among replicas one is active; the next takes over when it goes.
 */
export class Relay {
  private readonly record: EventRecord;
  private readonly stopping = new AbortController();
  private readonly cursor: string;
  private wake: () => void = () => {};
  private woken = false;
  private running: Promise<void> | undefined;
  private position = 0n;

  constructor(private readonly options: RelayOptions) {
    this.record = new EventRecord(options.db, options.schema);
    this.cursor = `${quoted(options.schema)}.relay_cursor`;
  }

  /** Begins to relay. Returns at once; failures are tried again for as long as it takes. */
  start(): void {
    if (this.running !== undefined) return;
    const unlisten = this.options.db.listen(this.record.channel, () => this.call());
    this.running = this.run().finally(unlisten);
  }

  /** Ends after the batch under way. */
  async stop(): Promise<void> {
    this.stopping.abort();
    this.call();
    await this.running;
  }

  /** How many events of the record this cursor has not passed yet, whichever replica moves it; for the metric and its alarm. */
  async lag(): Promise<bigint> {
    const [row] = await this.options.db.query<{ behind: bigint }>(
      `select count(*) as behind from ${quoted(this.options.schema)}.event
       where position > coalesce((select position from ${this.cursor} where name = $1), 0)`,
      [this.options.name],
    );
    return row?.behind ?? 0n;
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
            this.call();
          },
        );
        if (held === undefined) {
          await sleep(TURN_EVERY_MS, this.stopping.signal);
          continue;
        }
        await this.takeOver();
        const over = AbortSignal.any([turn.signal, this.stopping.signal]);
        while (!over.aborted) {
          await this.relayWaiting(over);
          pauses.reset();
          await this.nextCall();
        }
      } catch (error) {
        const { name, log } = this.options;
        log.warn({ error, relay: name, attempt: pauses.attempts + 1 }, 'relaying failed and is tried again');
        await pauses.wait(this.stopping.signal);
      } finally {
        await held?.release();
      }
    }
  }

  /** Reads the cursor, and starts again from the first event when the stream lost what it had. */
  private async takeOver(): Promise<void> {
    const { db, name, check, log } = this.options;
    const [row] = await db.query<{ position: bigint; published: Record<string, string> }>(
      `insert into ${this.cursor} as c (name, position) values ($1, 0)
       on conflict (name) do update set moved_at = c.moved_at returning position, published`,
      [name],
    );
    this.position = row?.position ?? 0n;
    const last = Object.entries(row?.published ?? {}).map(([place, offset]) => readPlace(place, offset));
    if (check === undefined || last.length === 0 || (await check(last)) === 'kept') return;
    log.error(
      { relay: name, position: this.position },
      'the stream lost what was published, and everything is published again',
    );
    await db.execute(`update ${this.cursor} set position = 0, published = '{}' where name = $1`, [name]);
    this.position = 0n;
  }

  private async relayWaiting(over: AbortSignal): Promise<void> {
    for (;;) {
      this.woken = false;
      const events = await this.record.after(this.position, BATCH);
      const last = events.at(-1);
      if (last === undefined || over.aborted) return;
      const published = (await this.options.publish(events)) ?? [];
      await this.moveTo(last.position, published);
      this.position = last.position;
    }
  }

  /**
   * Never backwards: a relay that was frozen and wakes up late must not undo what its successor did. Not waited for on disk: after a
   * crash of the server the newest events are published again, and every consumer knows repeats.
   */
  private async moveTo(position: bigint, published: readonly PublishedAt[]): Promise<void> {
    const places = Object.fromEntries(
      published.map((at) => [`${at.topic}/${at.partition}`, String(at.offset)]),
    );
    await this.options.db.execute(
      `with soon as materialized (select set_config('synchronous_commit', 'off', true))
       update ${this.cursor} set position = $2, published = published || $3::jsonb, moved_at = clock_timestamp() from soon
       where name = $1 and position < $2`,
      [this.options.name, position, JSON.stringify(places)],
    );
  }

  private call(): void {
    this.woken = true;
    this.wake();
  }

  private async nextCall(): Promise<void> {
    if (this.woken) return;
    await new Promise<void>((resolve) => {
      const poll = setTimeout(resolve, POLL_MS);
      this.wake = () => {
        clearTimeout(poll);
        resolve();
      };
    });
  }
}

function readPlace(place: string, offset: string): PublishedAt {
  const slash = place.lastIndexOf('/');
  return { topic: place.slice(0, slash), partition: Number(place.slice(slash + 1)), offset: BigInt(offset) };
}
