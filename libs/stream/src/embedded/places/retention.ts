import { setTimeout as sleep } from 'node:timers/promises';
import type { Database } from '#postgres';
import type { Log } from '#runtime';

/** How often what is past its retention is deleted. */
const SWEEP_EVERY_MS = 10 * 60_000;

/**
 * Deletes messages that are older than the retention and that every group which ever read their topic has handled:
 * a service that was away for longer still finds what it missed. Of several processes one at a time sweeps.
 */
export class Retention {
  private readonly closed = new AbortController();
  private readonly sweeping: Promise<void>;

  constructor(
    private readonly db: Database,
    private readonly log: Log,
    private readonly hours: number,
  ) {
    this.sweeping = this.sweepAgainAndAgain();
  }

  /** Deletes what may go now; how many messages that were. */
  async sweep(): Promise<number> {
    return this.db.execute(
      `delete from stream.message as m
        where m.at < clock_timestamp() - make_interval(hours => $1)
          and m.place < all (select c.next_place from stream.claim as c
                              where c.topic = m.topic and c.partition = m.partition)
          and (select pg_try_advisory_xact_lock(hashtextextended('larum stream retention', 0)))`,
      [this.hours],
    );
  }

  async close(): Promise<void> {
    this.closed.abort();
    await this.sweeping;
  }

  private async sweepAgainAndAgain(): Promise<void> {
    const { signal } = this.closed;
    for (;;) {
      await sleep(SWEEP_EVERY_MS, undefined, { signal, ref: false }).catch(() => undefined);
      if (signal.aborted) return;
      const deleted = await this.sweep().catch((error: unknown) => {
        this.log.warn({ error }, 'messages past their retention could not be deleted');
        return 0;
      });
      if (deleted > 0) this.log.info({ deleted }, 'messages past their retention were deleted');
    }
  }
}
