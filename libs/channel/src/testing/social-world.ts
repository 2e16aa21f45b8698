import { allTopics, type AccountId } from '#contracts';
import { silentLog, type Log } from '#runtime';
import { newStream } from '#stream';
import { testDatabase } from '#postgres/testing';
import type { SocialAccounts, SocialAdapter } from '../adapter/social-adapter.js';
import { SocialChannelService, type SocialChannelOptions } from '../service/social-channel.js';
import { World } from './list-world.js';
import { composed, issued, type IssuedWish } from './warnings.js';

/** The account of this number on the fake platform. */
export const account = (number: number): AccountId =>
  `acc_${number.toString(16).padStart(32, '0')}` as AccountId;

/** A social channel with a database and an embedded stream of its own, for tests. */
export class SocialWorld extends World<SocialChannelService> {
  /** Opens an empty world with all topics. */
  static async open(log: Log = silentLog): Promise<SocialWorld> {
    const test = await testDatabase({ max: 20 });
    const stream = newStream({ db: test.db, log, clientId: 'test' });
    await stream.ensureTopics(allTopics('exercise'));
    return new SocialWorld(test, stream, 'channel_social', log);
  }

  /** A service with one account per adapter, numbered from 1; not started yet. */
  async service(
    adapters: readonly SocialAdapter[],
    options: Partial<SocialChannelOptions> = {},
  ): Promise<SocialChannelService> {
    const accounts: SocialAccounts = new Map(
      adapters.map((adapter, n) => {
        const of = {
          accountId: account(n + 1),
          channel: 'social' as const,
          platform: adapter.platform,
          name: `@larum${n + 1}`,
          languages: ['en-GB'],
          kind: 'corporate' as const,
        };
        return [of.accountId, { account: of, adapter }];
      }),
    );
    const shared = { db: this.test.db, stream: this.stream, log: this.log, clock: this.clock };
    const { schema } = this;
    const service = new SocialChannelService(
      {
        mode: 'exercise',
        app: 'channel-social',
        schema,
        accounts,
        sampleEveryMs: [],
        againAfterMs: [50, 50, 50],
        ...options,
      },
      shared,
    );
    await service.migrate();
    this.services.push(service);
    return service;
  }

  /** A version with texts of `parts` posts for the first `accounts` accounts. */
  issued(version: number, wish: Partial<IssuedWish> & { accounts?: number; parts?: number } = {}) {
    const { accounts = 1, parts = 1, ...rest } = wish;
    const numbers = Array.from({ length: accounts }, (_, n) => n + 1);
    const posts = Array.from({ length: parts }, (_, n) => n + 1);
    const variants = version === 1 ? (['first'] as const) : (['thread', 'alone'] as const);
    const about = (number: number) => ({
      channel: 'social' as const,
      accountId: account(number),
      platform: 'fake',
    });
    const texts = numbers.flatMap((number) => [
      ...variants.map((variant) =>
        composed({ ...about(number), variant, texts: posts.map((part) => `v${version} ${variant} ${part}`) }),
      ),
      composed({ ...about(number), act: 'cancel', variant: 'alone', texts: [`withdrawn v${version}`] }),
    ]);
    return issued({
      version,
      at: this.clock.now(),
      expiresAt: this.clock.in(60_000),
      channels: ['social'],
      composed: texts,
      ...rest,
    });
  }
}
