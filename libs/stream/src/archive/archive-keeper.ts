import type { OnApplicationBootstrap, OnApplicationShutdown } from '@nestjs/common';
import type { HealthRegistry } from '#runtime';
import type { Subscription } from '../event-stream.js';
import { subscriptionCheck } from '../service/subscription-check.js';
import { untilSubscribed, type StreamOfWorld } from '../service/until-topics.js';
import type { Archive } from './archive.js';
import { ARCHIVE_LINGER_MS, keepIn } from './keep.js';

/** What the keeper of an archive needs of its process. */
export type ArchiveHouse = StreamOfWorld & { health: HealthRegistry };

/**
 * Brings what the house publishes on `topics` into the archive of one app, as the group of that app, from the start of the
 * process to its end. Does not hold the start up: while the stream is away the archive can be read, and `/readyz` says 503.
 */
export class ArchiveKeeper implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly stopping = new AbortController();
  private following: Promise<void> | undefined;
  private subscription: Subscription | undefined;

  constructor(
    private readonly archive: Archive,
    private readonly house: ArchiveHouse,
    private readonly app: string,
    private readonly topics: readonly string[],
  ) {}

  onApplicationBootstrap(): void {
    this.house.health.add(
      this.app,
      subscriptionCheck(() => this.subscription),
    );
    this.following = this.follow();
  }

  async onApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    await this.following;
    await this.subscription?.close();
  }

  private async follow(): Promise<void> {
    const to = { topics: this.topics, group: this.app, lingerMs: ARCHIVE_LINGER_MS };
    this.subscription = await untilSubscribed(this.house, this.stopping.signal, to, keepIn(this.archive));
  }
}
