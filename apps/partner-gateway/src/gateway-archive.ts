import type { OnApplicationBootstrap, OnApplicationShutdown } from '@nestjs/common';
import { allTopics, topics, type Mode } from '#contracts';
import type { Database } from '#postgres';
import type { HealthRegistry } from '#runtime';
import { type Archive, ARCHIVE_LINGER_MS, type EventStream, keepIn, subscriptionCheck, type Subscription } from '#stream';
import type { Tail } from './events/tail.js';

/** Brings what the house publishes into the gateway's own archive, and from there to the tail that readers follow. */
export class GatewayArchive implements OnApplicationBootstrap, OnApplicationShutdown {
  private subscription: Subscription | undefined;

  constructor(
    private readonly parts: { mode: Mode; db: Database; stream: EventStream; health: HealthRegistry },
    private readonly archive: Archive,
    private readonly tail: Tail,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    const { mode, db, stream, health } = this.parts;
    const { incidents, warnings, deliveries, engagement, channels, inbound } = topics(mode);
    const followed = [incidents, warnings, deliveries, engagement, channels, inbound];
    await this.tail.start(db);
    await stream.ensureTopics(allTopics(mode));
    this.subscription = await stream.subscribe(
      { topics: followed, group: 'partner-gateway', lingerMs: ARCHIVE_LINGER_MS },
      keepIn(this.archive),
    );
    health.add(
      'partner-gateway',
      subscriptionCheck(() => this.subscription),
    );
  }

  /** Readers first: they are told that the line ends, and come back with their last id. */
  async onApplicationShutdown(): Promise<void> {
    this.tail.stop();
    await this.subscription?.close();
  }
}
