import { SocialChannelService, type ChannelShared } from '#channel';
import type { Mode } from '#contracts';
import { migrate } from '#postgres';
import { sleep, type HealthRegistry, type Log } from '#runtime';
import { AccountCheck } from './accounts/account-check.js';
import type { ConfiguredAccount } from './accounts/configured-account.js';
import { openAccounts, type OpenAccounts } from './accounts/social-accounts.js';
import type { SocialConfig } from './config.js';
import { socialMigrations } from './migrations/social.migration.js';
import { ReplyLoop } from './replies/reply-loop.js';
import { KeptSessions } from './sessions/kept-sessions.js';

/** What this app shares with the others of a standalone, and has for itself when distributed. */
export type ChannelSocialParts = ChannelShared & { mode: Mode; health: HealthRegistry };

export const SCHEMA = 'channel_social';
/** Replies in flight get this long at a stop (DESIGN §5). */
const DRAIN_MS = 1_500;
/** A broken login is tried each minute. */
const BROKEN_AGAIN_MS = 60_000;

/** The social channel: the loop of `#channel`, the platforms under it, and what people answer. */
export class SocialService {
  readonly channel: SocialChannelService;
  private readonly open: OpenAccounts;
  private readonly replies: ReplyLoop;
  private readonly check: AccountCheck;
  private readonly log: Log;
  private caughtUp = false;
  private closing: Promise<void> | undefined;

  /** Wires the parts together. Throws when an account's secret is for the other world: an exercise never leaves by a live one. */
  constructor(
    config: SocialConfig,
    accounts: readonly ConfiguredAccount[],
    private readonly parts: ChannelSocialParts,
  ) {
    const { mode, db, health } = parts;
    const foreign = accounts.find((account) => account.mode !== mode);
    if (foreign !== undefined) {
      throw new Error(`${foreign.accountId} has a secret for ${foreign.mode}, this process works in ${mode}`);
    }
    this.log = parts.log.child({ app: 'channel-social' });
    const kept = new KeptSessions(db, SCHEMA);
    this.open = openAccounts(
      accounts,
      {
        connectTimeoutMs: config.SOCIAL_CONNECT_TIMEOUT_MS,
        answerTimeoutMs: config.SOCIAL_ANSWER_TIMEOUT_MS,
      },
      ({ accountId, secret }) => kept.shelf(accountId, secret),
    );
    this.channel = new SocialChannelService(
      {
        mode,
        app: 'channel-social',
        schema: SCHEMA,
        accounts: this.open.accounts,
        sampleEveryMs: config.SAMPLE_EVERY_S.map((seconds) => seconds * 1_000),
        againAfterMs: config.LOOK_AGAIN_S.map((seconds) => seconds * 1_000),
      },
      parts,
    );
    const { record, accounts: reports } = this.channel;
    const everyMs = config.REPLIES_EVERY_S * 1_000;
    this.replies = new ReplyLoop({ db, record, accounts: this.open.accounts, everyMs, log: this.log });
    const checkMs = config.CHECK_EVERY_S * 1_000;
    const every = { ms: checkMs, brokenMs: Math.min(checkMs, BROKEN_AGAIN_MS) };
    this.check = new AccountCheck(this.open.accounts, reports, every, this.log);
    health.add('channel-social', () => {
      if (!this.caughtUp) throw new Error('has not caught up with the warnings yet');
    });
  }

  /** Brings the schema up to date. */
  async migrate(): Promise<void> {
    await this.channel.migrate();
    await migrate(this.parts.db, { schema: SCHEMA, migrations: socialMigrations });
  }

  /** Listens and posts. Resolves when the warnings have been caught up with; posting begins then. */
  async start(): Promise<void> {
    await this.recallHealth();
    if (this.closing !== undefined) return;
    this.check.start();
    await this.channel.start();
    this.caughtUp = true;
    this.replies.start();
  }

  /** Starts without anybody waiting for it; `/readyz` tells when it is done. */
  startSoon(): void {
    this.start().catch((error: unknown) => {
      this.log.error({ error }, 'the social channel could not start');
    });
  }

  /** What an earlier process told of the accounts; a secret is corrected where only a new process reads it. */
  private async recallHealth(): Promise<void> {
    for (const one of this.open.accounts.values()) {
      const { accountId } = one.account;
      try {
        const told = await this.channel.record.record.read(accountId);
        const last = told.findLast(({ type }) => type === 'AccountHealthReported');
        if (last !== undefined && last.body['health'] !== 'ok') this.check.wasBroken(one);
      } catch (error) {
        this.log.warn({ error, accountId }, 'what was told of an account before could not be read');
      }
    }
  }

  /** A clean stop: no further post is begun, what is on its way is waited for, connections are closed. Asked again, the same stop. */
  close(): Promise<void> {
    return (this.closing ??= this.end());
  }

  private async end(): Promise<void> {
    const done = new AbortController();
    const quiet = Promise.all([this.check.stop(), this.replies.stop(), this.channel.close()]).finally(() =>
      done.abort(),
    );
    // Whoever still waits for a platform then hears that nothing came.
    await Promise.race([quiet, sleep(DRAIN_MS, done.signal)]).finally(() => this.open.close());
    await quiet;
  }
}
