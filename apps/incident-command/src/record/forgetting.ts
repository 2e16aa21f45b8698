import type { OnApplicationBootstrap, OnApplicationShutdown } from '@nestjs/common';
import type { EventRecord } from '#postgres';
import type { Log } from '#runtime';

/** Answers of repeated requests are kept for a day (DESIGN §6); an hour more does no harm. */
const EVERY_MS = 3_600_000;

/** Lets go of the answers of requests that are older than a day, so that the table stays small. */
export class Forgetting implements OnApplicationBootstrap, OnApplicationShutdown {
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly record: EventRecord,
    private readonly house: { log: Log },
  ) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => void this.forget(), EVERY_MS).unref();
  }

  onApplicationShutdown(): void {
    clearInterval(this.timer);
  }

  /** How many were let go of; none when the database is away, and then the next hour does it. */
  async forget(): Promise<number> {
    try {
      const forgotten = await this.record.forgetOldRequests();
      this.house.log.info({ forgotten }, 'old requests forgotten');
      return forgotten;
    } catch (error) {
      this.house.log.warn({ error }, 'forgetting old requests failed and is tried again in an hour');
      return 0;
    }
  }
}
