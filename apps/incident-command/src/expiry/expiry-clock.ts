import type { OnApplicationBootstrap, OnApplicationShutdown } from '@nestjs/common';
import type { CommandBus } from '@nestjs/cqrs';
import type { Instant, OfficerId, WarningId } from '#contracts';
import type { Database } from '#postgres';
import { BackOff, sleep, type Log } from '#runtime';
import { SCHEMA } from '../record/migrations.js';
import { AskWarning } from '../warnings/ask-warning.handler.js';

/** How often the database is asked whose time has come; each channel's own gate ends the sending meanwhile. */
const LOOK_EVERY_MS = 500;
/** Most expiries in one look; the rest come with the next. */
const BATCH = 100;
/** Who did it, where no person did: the actor of the fact. */
const NOBODY = '/larum/incident-command';

type Due = { id: WarningId; now: Instant };

/**
 * Records `WarningExpired` when the time of a warning has come by the database's clock. Any number of replicas may run:
 * the rules record an expiry once.
 */
export class ExpiryClock implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly stopping = new AbortController();
  private running: Promise<void> | undefined;

  constructor(
    private readonly db: Database,
    private readonly commands: CommandBus,
    private readonly house: { log: Log },
  ) {}

  onApplicationBootstrap(): void {
    this.running ??= this.run();
  }

  async onApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  private async run(): Promise<void> {
    const { signal } = this.stopping;
    const pauses = new BackOff(LOOK_EVERY_MS, 10_000);
    while (!signal.aborted) {
      try {
        for (const due of await this.due()) await this.expire(due);
        pauses.reset();
        await sleep(LOOK_EVERY_MS, signal);
      } catch (error) {
        this.house.log.warn(
          { error, attempt: pauses.attempts + 1 },
          'looking for expired warnings failed and is tried again',
        );
        await pauses.wait(signal);
      }
    }
  }

  private due(): Promise<Due[]> {
    return this.db.query<Due>(
      `select warning_id as id, clock_timestamp() as now from ${SCHEMA}.warning_row
       where ends_at <= clock_timestamp() order by ends_at limit ${BATCH}`,
    );
  }

  /** One that cannot be recorded now comes again with the next look, and keeps none of the others from ending. */
  private async expire({ id, now }: Due): Promise<void> {
    try {
      // The rules put the officer who issued it into the fact; nobody asks for an expiry.
      await this.commands.execute(
        new AskWarning(id, NOBODY as OfficerId, { type: 'ExpireWarning' }, { at: now, actor: NOBODY }),
      );
      this.house.log.info({ warningId: id }, 'warning expired');
    } catch (error) {
      this.house.log.error({ error, warningId: id }, 'the expiry could not be recorded and is tried again');
    }
  }
}
