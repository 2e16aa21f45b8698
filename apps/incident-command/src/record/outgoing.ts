import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { topicOfType, topics, wrap, type RecordedEvent } from '#contracts';
import { Database, Relay, showLag, type PublishedAt } from '#postgres';
import type { Metrics } from '#runtime';
import { untilTopics, type OutgoingRecord, type StreamOfWorld } from '#stream';
import { SCHEMA } from './migrations.js';

/** Brings what was recorded onto `<mode>.incidents.v1` and `<mode>.warnings.v1`, in order, each at least once. */
@Injectable()
export class Outgoing implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly relay: Relay;
  private readonly stopping = new AbortController();

  constructor(
    db: Database,
    private readonly house: StreamOfWorld & { metrics: Metrics },
  ) {
    this.relay = new Relay({
      db,
      schema: SCHEMA,
      name: 'stream',
      log: house.log,
      check: (last) => this.stillThere(last),
      publish: (events) => this.house.stream.publish(events.map((event) => this.outgoing(event))),
    });
    showLag(house.metrics, this.relay, SCHEMA);
  }

  /** Returns at once: officers can write, and what they write is recorded, while the stream cannot be reached. */
  onApplicationBootstrap(): void {
    void untilTopics(this.house, this.stopping.signal).then((there) => there && this.relay.start());
  }

  async onApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    await this.relay.stop();
  }

  /** A broker that came back without its data has fewer messages than were published. */
  private async stillThere(last: readonly PublishedAt[]): Promise<'kept' | 'lost'> {
    for (const { topic, partition, offset } of last) {
      const end = (await this.house.stream.endOffsets(topic)).get(partition) ?? 0n;
      if (end <= offset) return 'lost';
    }
    return 'kept';
  }

  /** The stream's id is the key, so one warning's facts stay in order. */
  private outgoing(event: RecordedEvent): OutgoingRecord {
    const name = topicOfType.get(event.type);
    if (name === undefined) throw new Error(`no topic carries ${event.type}`);
    const { key, value, headers } = wrap(event, 'incident-command', event.streamId);
    return { topic: topics(this.house.mode)[name], key, value, headers };
  }
}
