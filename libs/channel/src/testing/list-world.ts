import { Readable } from 'node:stream';
import {
  allTopics,
  toInstant,
  topics,
  wrap,
  type Account,
  type Instant,
  type ListChannel,
  type WarningEvent,
} from '#contracts';
import { importSubscribers } from '#audience';
import { Clock, silentLog, sleep, type Log } from '#runtime';
import { newStream, type EventStream } from '#stream';
import { testDatabase, type TestDatabase } from '#postgres/testing';
import { ListChannelService, type ListChannelOptions } from '../service/list-channel.js';
import type { ListSender } from '../adapter/list-sender.js';
import { FakeSender } from './fake-sender.js';
import { recorded, sender as senderId } from './warnings.js';

/** The machine's clock, moved by hand where a test needs another time of day. */
export class MovedClock extends Clock {
  private movedMs = 0;

  now(): Instant {
    return toInstant(Date.now() + this.movedMs);
  }

  /** That many ms from now. */
  in(ms: number): Instant {
    return toInstant(Date.now() + this.movedMs + ms);
  }
}

/** A channel with a database and an embedded stream of its own, and what tests ask of it. */
export abstract class World<Service extends { close(): Promise<void> }> {
  readonly clock = new MovedClock();
  readonly services: Service[] = [];
  private revision = 0;

  protected constructor(
    readonly test: TestDatabase,
    readonly stream: EventStream,
    readonly schema: string,
    readonly log: Log,
  ) {}

  /** Puts facts about warnings onto the stream, as incident-command does. */
  async publish(...events: (WarningEvent & { at: Instant })[]): Promise<void> {
    await this.stream.publish(
      events.map((event) => ({
        topic: topics('exercise').warnings,
        ...wrap(recorded(event, ++this.revision), 'incident-command', event.warningId),
      })),
    );
  }

  /** How many deliveries stand in each state, for one version and act. */
  async states(version = 1, act = 'issue'): Promise<Record<string, number>> {
    const rows = await this.test.db.query<{ state: string; n: bigint }>(
      `select state, count(*) as n from ${this.schema}.delivery where version = $1 and act = $2 group by state order by state`,
      [version, act],
    );
    return Object.fromEntries(rows.map(({ state, n }) => [state, Number(n)]));
  }

  /** Every fact of a type on the channel's record, oldest first. */
  async facts(type: string): Promise<Record<string, unknown>[]> {
    const rows = await this.test.db.query<{ body: Record<string, unknown> }>(
      `select body from ${this.schema}.event where type = $1 order by position`,
      [type],
    );
    return rows.map(({ body }) => body);
  }

  /** As if every worker had been killed, or frozen for longer than its lease: their chunks are handed out again, under a new fence. */
  async killWorkers(): Promise<void> {
    await this.test.db.execute(
      `update ${this.schema}.chunk set fence = fence + 1, lease_until = clock_timestamp() - interval '1 s' where lease_until is not null`,
    );
  }

  /** As if its time had come: what waits for another attempt is due at once. */
  async dueNow(): Promise<void> {
    await this.test.db.execute(
      `update ${this.schema}.delivery set due_at = clock_timestamp() where state = 'deferred'`,
    );
  }

  /** Waits until `holds` does, at most a minute unless told otherwise; the error says what was seen last. */
  async until<T>(look: () => Promise<T> | T, holds: (seen: T) => boolean, mostMs = 60_000): Promise<T> {
    const end = Date.now() + mostMs;
    for (;;) {
      const seen = await look();
      if (holds(seen)) return seen;
      if (Date.now() > end) throw new Error(`it never came to pass; last seen: ${JSON.stringify(seen)}`);
      await sleep(10);
    }
  }

  /** Waits until the plan of a version is complete and every one of its rows is final. */
  async settled(version = 1, act = 'issue'): Promise<Record<string, number>> {
    await this.until(
      () =>
        this.test.db.query(`select 1 from ${this.schema}.plan where version = $1 and act = $2 and done`, [
          version,
          act,
        ]),
      (rows) => rows.length > 0,
    );
    return this.until(
      () => this.states(version, act),
      (states) => !('planned' in states) && !('deferred' in states),
    );
  }

  async close(): Promise<void> {
    await Promise.all(this.services.map((service) => service.close()));
    await this.stream.close();
    await this.test.close();
  }
}

/** A list channel for tests. */
export class ListWorld extends World<ListChannelService> {
  private constructor(
    test: TestDatabase,
    stream: EventStream,
    readonly channel: ListChannel,
    log: Log,
  ) {
    super(test, stream, `channel_${channel}`, log);
  }

  /** Opens an empty world with all topics. */
  static async open(channel: ListChannel, log: Log = silentLog): Promise<ListWorld> {
    const test = await testDatabase({ max: 20 });
    const stream = newStream({ db: test.db, log, clientId: 'test' });
    await stream.ensureTopics(allTopics('exercise'));
    return new ListWorld(test, stream, channel, log);
  }

  /** The account of the one sender. */
  get account(): Account {
    return {
      accountId: senderId,
      channel: this.channel,
      platform: this.channel,
      name: 'Warnings',
      languages: ['en-GB'],
      kind: 'sender',
      limits: { max: 100_000 },
    };
  }

  /** A service that is not started yet; several in one world are replicas. */
  async service(
    sender: ListSender = new FakeSender(this.channel),
    options: Partial<ListChannelOptions> = {},
  ): Promise<ListChannelService> {
    const { channel, schema, account } = this;
    const app = `channel-${channel}`;
    const shared = { db: this.test.db, stream: this.stream, log: this.log, clock: this.clock };
    const service = new ListChannelService(
      { mode: 'exercise', channel, app, schema, account, sender, receipts: ['bounced'], ...options },
      shared,
    );
    await service.migrate();
    this.services.push(service);
    return service;
  }

  /** Subscribers as lines of CSV: `address,language,lat,lon,consent`. */
  async subscribe(...lines: string[]): Promise<void> {
    const column = this.channel === 'email' ? 'address' : 'phone';
    const csv = Readable.from([`${column},language,lat,lon,consent\n${lines.join('\n')}\n`]);
    const done = await importSubscribers(this.test.db, { schema: this.schema, channel: this.channel }, csv);
    if (done.bad > 0) throw new Error(`a test's own subscriber is wrong: ${JSON.stringify(done.badLines)}`);
  }
}
