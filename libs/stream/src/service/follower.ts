import type { OnApplicationBootstrap, OnApplicationShutdown } from '@nestjs/common';
import type { HealthRegistry } from '#runtime';
import type { Handler, SubscribeTo, Subscription } from '../event-stream.js';
import { subscriptionCheck } from './subscription-check.js';
import { untilSubscribed, type StreamOfWorld } from './until-topics.js';

/** The world that a process follows, and where it tells how that goes. */
export type FollowedWorld = StreamOfWorld & { health: HealthRegistry };

/**
 * A subscription from the start of a process to its end. Does not hold the start up: while the stream is away the process does its
 * other work, and `/readyz` says 503 under `name`.
 */
export class Follower implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly stopping = new AbortController();
  private following: Promise<void> | undefined;
  private subscription: Subscription | undefined;

  constructor(
    private readonly world: FollowedWorld,
    private readonly name: string,
    private readonly to: SubscribeTo,
    private readonly handle: Handler,
  ) {}

  onApplicationBootstrap(): void {
    this.world.health.add(
      this.name,
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
    this.subscription = await untilSubscribed(this.world, this.stopping.signal, this.to, this.handle);
  }
}
