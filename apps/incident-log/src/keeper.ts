import type { OnApplicationBootstrap, OnApplicationShutdown } from '@nestjs/common';
import { allTopics, type Mode } from '#contracts';
import type { HealthRegistry } from '#runtime';
import { type Archive, ARCHIVE_LINGER_MS, EventStream, keepIn, subscriptionCheck, type Subscription } from '#stream';

/** Keeps every event of every topic of one world for good. */
export class Keeper implements OnApplicationBootstrap, OnApplicationShutdown {
  private subscription: Subscription | undefined;

  constructor(
    private readonly archive: Archive,
    private readonly stream: EventStream,
    private readonly mode: Mode,
    private readonly health: HealthRegistry,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    const topics = allTopics(this.mode);
    await this.stream.ensureTopics(topics);
    this.subscription = await this.stream.subscribe(
      { topics: topics.map(({ name }) => name), group: 'incident-log', lingerMs: ARCHIVE_LINGER_MS },
      keepIn(this.archive),
    );
    this.health.add(
      'incident-log',
      subscriptionCheck(() => this.subscription),
    );
  }

  async onApplicationShutdown(): Promise<void> {
    await this.subscription?.close();
  }
}
