import { randomUUID } from 'node:crypto';
import { type Database, type HeldLock, lockKey, SOON } from '#postgres';

/** A partition that this member holds, from where to go on, and whether it is still its share. */
export type Held = { topic: string; partition: number; next: bigint; keep: boolean };

/** Without a sign of life for so long a member is dead. When its connection ends, as after a kill, it is dead at once. */
const SESSION_MS = 8_000;

/** One member of a group in the database. */
export class Membership {
  private readonly id = randomUUID();
  private lock: HeldLock | undefined;

  constructor(
    private readonly db: Database,
    private readonly group: string,
    private readonly topics: readonly string[],
  ) {}

  /** Says that this member lives, buries the dead, takes what is free of its share; all that it holds now. */
  async beat(): Promise<Held[]> {
    const key = lockKey('stream', this.id);
    this.lock ??= await this.db.tryHold(key, () => (this.lock = undefined));
    const rows = await this.db.query<{ topic: string; partition: number; next_place: bigint; keep: boolean }>(
      `select * from stream.beat($1, $2, $3, $4, $5::interval)`,
      [this.group, this.id, this.topics, this.lock ? key : null, `${SESSION_MS} ms`],
    );
    return rows.map(({ topic, partition, next_place: next, keep }) => ({ topic, partition, next, keep }));
  }

  /**
   * Everything before `next` is handled. False when the partition is another member's now: nothing was written. Not waited for on
   * disk: a crash of the server undoes at most the newest commits, nothing older than what they follow, and messages are only repeated.
   */
  async commit(topic: string, partition: number, next: bigint): Promise<boolean> {
    const changed = await this.db.execute(
      `with ${SOON} update stream.claim set next_place = greatest(next_place, $5) from soon
        where group_name = $1 and topic = $2 and partition = $3 and owner = $4`,
      [this.group, topic, partition, this.id, next],
    );
    return changed > 0;
  }

  /** Sets one partition free for the member whose share it is. */
  async release(topic: string, partition: number): Promise<void> {
    await this.db.query(
      `with free as (update stream.claim set owner = null
          where group_name = $1 and topic = $2 and partition = $3 and owner = $4 returning 1)
       select pg_notify('larum_stream', 'g/' || $1) from free`,
      [this.group, topic, partition, this.id],
    );
  }

  /** Leaves the group; the others take over at once. */
  async leave(): Promise<void> {
    try {
      await this.db.query('select stream.leave($1, $2)', [this.group, [this.id]]);
    } finally {
      await this.lock?.release();
    }
  }
}
