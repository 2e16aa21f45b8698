import { cancelled, composed, issued, recorded } from '#channel/testing';
import { MovedClock } from '#channel/testing';
import {
  allTopics,
  topics,
  wrap,
  type AccountId,
  type ComposedText,
  type Instant,
  type Variant,
  type WarningEvent,
} from '#contracts';
import { testDatabase, type TestDatabase } from '#postgres/testing';
import { PRACTICE_ACCOUNTS, PracticeWorld, type PostFact, type PracticeWorldOptions } from '#practice';
import { HealthRegistry, silentLog, sleep } from '#runtime';
import { newStream, type EventStream } from '#stream';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ConfiguredAccount } from '../accounts/configured-account.js';
import { SocialConfig } from '../config.js';
import { SCHEMA, SocialService } from '../social-service.js';

/** The accounts of the practice world, as this channel is configured with them. */
export const MASTODON = `acc_${'1'.repeat(32)}` as AccountId;
export const CYMRAEG = `acc_${'2'.repeat(32)}` as AccountId;
export const BLUESKY = `acc_${'3'.repeat(32)}` as AccountId;
const IDS = [MASTODON, CYMRAEG, BLUESKY];

/** The social channel on a database and stream of its own, with a practice world to post into. */
export class SocialWorld {
  readonly clock = new MovedClock();
  readonly services: SocialService[] = [];
  private revision = 0;

  private constructor(
    readonly test: TestDatabase,
    readonly stream: EventStream,
    readonly practice: PracticeWorld,
    private readonly folder: string,
  ) {}

  static async open(options: Partial<PracticeWorldOptions> = {}): Promise<SocialWorld> {
    const folder = await mkdtemp(join(tmpdir(), 'social-world-'));
    const practice = await PracticeWorld.open({
      dataDir: folder,
      seed: 'social',
      reactionsMs: 300,
      ...options,
    });
    const test = await testDatabase({ max: 20 });
    const stream = newStream({ db: test.db, log: silentLog, clientId: 'test' });
    await stream.ensureTopics(allTopics('exercise'));
    return new SocialWorld(test, stream, practice, folder);
  }

  /** The practice world's accounts with this channel's ids. */
  get accounts(): ConfiguredAccount[] {
    return PRACTICE_ACCOUNTS.map(({ platform, handle, name, secret }, n) => ({
      accountId: IDS[n]!,
      platform,
      name,
      languages: n === 1 ? ['cy-GB'] : ['en-GB'],
      kind: 'corporate',
      url: this.practice.url,
      identifier: handle,
      mode: 'exercise',
      secret,
    }));
  }

  /** A started service. */
  async start(settings: Record<string, string> = {}, accounts = this.accounts): Promise<SocialService> {
    const service = await this.make(settings, accounts);
    await service.start();
    return service;
  }

  /** A service with its tables, that has not started. */
  async make(settings: Record<string, string> = {}, accounts = this.accounts): Promise<SocialService> {
    const config = SocialConfig.parse({
      SAMPLE_EVERY_S: '0.2,0.2,0.4,0.4',
      LOOK_AGAIN_S: '0.1,0.2',
      REPLIES_EVERY_S: '0.2',
      SOCIAL_ANSWER_TIMEOUT_MS: '1000',
      ...settings,
    });
    const { db } = this.test;
    const { stream, clock } = this;
    const parts = {
      mode: 'exercise' as const,
      db,
      stream,
      clock,
      log: silentLog,
      health: new HealthRegistry(),
    };
    const service = new SocialService(config, accounts, parts);
    this.services.push(service);
    await service.migrate();
    return service;
  }

  /** A version with a text of its own for each account, act and variant. */
  version(version: number, wish: Partial<Parameters<typeof issued>[0]> = {}) {
    return issued({
      version,
      at: this.clock.now(),
      expiresAt: this.clock.in(3_600_000),
      channels: ['social'],
      composed: this.accounts.flatMap((account) => textsOf(account, version)),
      ...wish,
    });
  }

  cancel(version = 1) {
    return cancelled({ version, at: this.clock.now() });
  }

  async publish(...events: (WarningEvent & { at: Instant })[]): Promise<void> {
    await this.stream.publish(
      events.map((event) => ({
        topic: topics('exercise').warnings,
        ...wrap(recorded(event, ++this.revision), 'incident-command', event.warningId),
      })),
    );
  }

  /** Every post that arrived at the platforms, by the platforms' own record. */
  async posts(): Promise<PostFact[]> {
    const posts: PostFact[] = [];
    for await (const arrival of this.practice.arrivals()) if (arrival.fact === 'post') posts.push(arrival);
    return posts;
  }

  /** Every fact of a type on the channel's record, oldest first. */
  async facts(type: string): Promise<Record<string, unknown>[]> {
    const rows = await this.test.db.query<{ body: Record<string, unknown> }>(
      `select body from ${SCHEMA}.event where type = $1 order by position`,
      [type],
    );
    return rows.map(({ body }) => body);
  }

  /** The last report of each post of a version, by account. */
  async reports(version = 1, act = 'issue'): Promise<Map<AccountId, Record<string, unknown>>> {
    const facts = (await this.facts('PostReported')).filter(
      (fact) => fact['version'] === version && fact['act'] === act,
    );
    return new Map(facts.map((fact) => [fact['accountId'] as AccountId, fact]));
  }

  /** The state of each account's post, once none is pending. */
  async settled(version = 1, act = 'issue', accounts = 3): Promise<Record<string, unknown>> {
    const reports = await this.until(
      () => this.reports(version, act),
      (seen) => seen.size === accounts && [...seen.values()].every(({ state }) => state !== 'pending'),
    );
    return Object.fromEntries([...reports].map(([accountId, { state }]) => [accountId, state]));
  }

  /** Waits until `holds` does, at most a minute; the error says what was seen last. */
  async until<T>(look: () => Promise<T> | T, holds: (seen: T) => boolean): Promise<T> {
    const end = performance.now() + 60_000;
    for (;;) {
      const seen = await look();
      if (holds(seen)) return seen;
      if (performance.now() > end) {
        const last = seen instanceof Map ? [...seen] : seen;
        throw new Error(`it never came to pass; last seen: ${JSON.stringify(last)}`);
      }
      await sleep(20);
    }
  }

  async close(): Promise<void> {
    await Promise.all(this.services.map((service) => service.close()));
    await this.stream.close();
    await this.test.close();
    await this.practice.close();
    await rm(this.folder, { recursive: true, force: true });
  }
}

function textsOf(
  { accountId, platform, languages, name }: ConfiguredAccount,
  version: number,
): ComposedText[] {
  const language = languages[0]!;
  const variants: Variant[] = version === 1 ? ['first'] : ['thread', 'alone'];
  const about = { channel: 'social', accountId, platform, language } as const;
  return [
    ...variants.map((variant) =>
      composed({
        ...about,
        variant,
        texts: [`${name} ${platform}: flooding, version ${version}, ${variant}`],
      }),
    ),
    composed({
      ...about,
      act: 'cancel',
      variant: 'alone',
      texts: [`${name} ${platform}: withdrawn, version ${version}`],
    }),
  ];
}
