import type { Log } from '#runtime';
import { type Database, type HeldLock, quoted, SOON } from '../database/database.js';

/** Where the stream put something: what must still be there later. */
export type PublishedAt = { topic: string; partition: number; offset: bigint };

/**
 * How long a move waits for the next. A relay that is killed in between publishes so much once more, and every consumer knows
 * repeats; a statement after each batch, beside the sending, cost the public more (measured).
 */
const MOVE_AFTER_MS = 100;

/** What the cursor writes through: the lock of the relay whose turn it is. */
export type Turn = Pick<HeldLock, 'execute'>;

/**
 * How far a relay has come, as its record remembers it; written a moment later than it happens, and only through the lock that
 * makes this relay the active one: a statement that a frozen relay sent off cannot arrive after its successor's.
 */
export class RelayCursor {
  private readonly table: string;
  private waiting: { position: bigint; places: Record<string, string> } | undefined;
  private timer: NodeJS.Timeout | undefined;
  private writing: Promise<void> = Promise.resolve();
  private turn: Turn | undefined;
  private readonly newest = new Map<string, bigint>();

  constructor(
    private readonly db: Database,
    private readonly schema: string,
    private readonly name: string,
    private readonly log: Log,
  ) {
    this.table = `${quoted(schema)}.relay_cursor`;
  }

  /** Begins a turn: the position that was written down last, and where its events came to lie; 0 for a relay that is new. */
  async read(turn: Turn): Promise<{ position: bigint; published: PublishedAt[] }> {
    this.turn = turn;
    const [row] = await this.db.query<{ position: bigint; published: Record<string, string> }>(
      `insert into ${this.table} as c (name, position) values ($1, 0)
       on conflict (name) do update set moved_at = c.moved_at returning position, published`,
      [this.name],
    );
    const published = Object.entries(row?.published ?? {}).map(([place, offset]) => readPlace(place, offset));
    this.newest.clear();
    this.remember(published);
    return { position: row?.position ?? 0n, published };
  }

  /** Back to the first event: everything is published again. Throws `DatabaseAway` when the turn is over. */
  async reset(): Promise<void> {
    this.drop();
    await this.writing;
    this.newest.clear();
    await this.turn?.execute(`update ${this.table} set position = 0, published = '{}' where name = $1`, [
      this.name,
    ]);
  }

  /**
   * Whether a stream that put events here has lost what it had: places of a partition only ever grow. It shows what nobody asked
   * for, a broker that came back empty while nothing was being published.
   */
  isBehind(published: readonly PublishedAt[]): boolean {
    return published.some((at) => at.offset <= (this.newest.get(nameOf(at)) ?? -1n));
  }

  /** The relay has come this far. Written within a moment; `flush` waits for it. */
  move(position: bigint, published: readonly PublishedAt[]): void {
    this.remember(published);
    const places = Object.fromEntries(published.map((at) => [nameOf(at), String(at.offset)]));
    this.waiting = { position, places: { ...this.waiting?.places, ...places } };
    this.timer ??= setTimeout(() => void this.flush(), MOVE_AFTER_MS);
  }

  /** Writes what waits. Never throws: what could not be written is published again by the next relay. */
  async flush(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    const { waiting } = this;
    this.waiting = undefined;
    if (waiting !== undefined) this.writing = this.writing.then(() => this.write(waiting));
    await this.writing;
  }

  /** Forgets what waits: another relay has taken over, and may have gone back to the first event. */
  drop(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.waiting = undefined;
  }

  /** How many events of the record this cursor has not passed yet, whichever replica moves it. */
  async lag(): Promise<bigint> {
    const [row] = await this.db.query<{ behind: bigint }>(
      `select count(*) as behind from ${quoted(this.schema)}.event
       where position > coalesce((select position from ${this.table} where name = $1), 0)`,
      [this.name],
    );
    return row?.behind ?? 0n;
  }

  private remember(published: readonly PublishedAt[]): void {
    for (const at of published) this.newest.set(nameOf(at), at.offset);
  }

  /**
   * Never backwards: a relay that was frozen and wakes up late must not undo what its successor did. Not waited for on disk: after a
   * crash of the server the newest events are published again.
   */
  private async write({ position, places }: NonNullable<RelayCursor['waiting']>): Promise<void> {
    try {
      await this.turn?.execute(
        `with ${SOON} update ${this.table} set position = $2, published = published || $3::jsonb, moved_at = clock_timestamp() from soon
         where name = $1 and position < $2`,
        [this.name, position, JSON.stringify(places)],
      );
    } catch (error) {
      this.log.warn({ error, relay: this.name, position }, 'how far the relay has come could not be noted');
    }
  }
}

function nameOf({ topic, partition }: PublishedAt): string {
  return `${topic}/${partition}`;
}

function readPlace(place: string, offset: string): PublishedAt {
  const slash = place.lastIndexOf('/');
  return { topic: place.slice(0, slash), partition: Number(place.slice(slash + 1)), offset: BigInt(offset) };
}
