import type { Account, AccountId, Act, DeliveryId, Instant, Media, Mode, WarningId } from '#contracts';
import type { Clock, Log } from '#runtime';
import type { Capabilities } from './capabilities.js';
import type { Outcome, PostRef } from './outcome.js';
import type { z } from 'zod';

/** An account as its channel is configured with it; its limits come from `capabilities`. */
export type AccountRef = Pick<Known, 'accountId' | 'channel' | 'platform' | 'name' | 'languages' | 'kind'>;
type Known = { [Key in keyof Account as string extends Key ? never : Key]: Account[Key] };

/** One approved post. `text` is what will be shown, and the loop has checked that its SHA-256 is the approved one. */
export type ApprovedPart = {
  deliveryId: DeliveryId;
  account: AccountRef;
  mode: Mode;
  warningId: WarningId;
  version: number;
  act: Act;
  language: string;
  /** 1 for the account's first post of this version and act, counted over all its languages. */
  part: number;
  text: string;
  sha256: string;
  /** Links, hashtags and mentions as `wording` composed them with the text, approved with it. */
  entities?: unknown;
  /** When the version was approved: the same at every attempt, so that keys can be made of it. */
  issuedAt: Instant;
  media: readonly z.infer<typeof Media>[];
  /** The post to answer, and the post that its thread began with; null for a post that stands alone. */
  replyTo: { root: PostRef; parent: PostRef } | null;
};

/** A part in its platform's form. `text` is what will be shown: the loop hashes it again, so nothing may have changed it. */
export type PlatformPart = { part: ApprovedPart; text: string; body: Readonly<Record<string, unknown>> };

/** A part whose media and containers stand ready on the platform. */
export type StagedPart = PlatformPart & { staged: Readonly<Record<string, unknown>> };

/** What one call may know and use. */
export type Ctx = {
  /** Never later than the end of the warning's sending. */
  deadline: Instant;
  /** Aborted at the deadline and when the process stops. */
  signal: AbortSignal;
  clock: Clock;
  log: Log;
  /** 1 for the first attempt. */
  attempt: number;
  /** An earlier attempt of this very part ended `unknown`: a "duplicate" answer may mean that it stands already. */
  mayStandAlready: boolean;
};

/** Whether a post stands on the platform, found after `unknown`. */
export type FoundPost = { kind: 'found'; ref: PostRef } | { kind: 'absent' | 'cannot-tell' };

/** What a platform counts for one post now; a metric that it did not return is null, never 0. */
export type MetricSample = {
  ref: PostRef;
  shares: number | null;
  likes: number | null;
  replies: number | null;
  /** The call that answered, so that a reviewer knows what was counted. */
  source: string;
};

/** How an account is doing. */
export type AccountHealth = { health: 'ok' | 'expiring' | 'broken'; detail: string };

/** One reply or mention. `author` never leaves the service. */
export type InboundItem = { id: string; at: Instant; text: string; author: string; answers: PostRef | null };

/** One platform behind one shape. Everything about retries, cancels and records is the loop's, not the adapter's. */
export type SocialAdapter = {
  /** `mastodon`, `bluesky`, …: the `platform` of the accounts that it serves. */
  readonly platform: string;
  /** Limits of this account as the platform tells them now; recorded as an event when they change. */
  capabilities(account: AccountRef): Promise<Capabilities>;
  /** Gives the part the platform's form: facets, entities, language tags. Pure: the same in, the same out. */
  form(part: ApprovedPart, capabilities: Capabilities): PlatformPart;
  /** Uploads what must lie ready. May be repeated. A failure is an outcome, and nothing was published. */
  stage(part: PlatformPart, ctx: Ctx): Promise<{ staged: StagedPart } | { failed: Outcome }>;
  /** At most one mutation on the wire, with the platform's own key where it has one. A lost reply is `unknown`, never a guess. */
  publish(part: StagedPart, ctx: Ctx): Promise<Outcome>;
  /** After `unknown`: looks on the platform itself. */
  reconcile(part: StagedPart, ctx: Ctx): Promise<FoundPost>;
  /** Takes a post down; already gone is `accepted`. */
  remove?(account: AccountRef, ref: PostRef, ctx: Ctx): Promise<Outcome>;
  /** What the platform counts now for posts of one account. A post that is not in the answer is left out. */
  metrics(account: AccountRef, refs: readonly PostRef[], ctx: Ctx): Promise<MetricSample[]>;
  /** Replies and mentions after `cursor` (null: from the beginning). */
  inbound?(
    account: AccountRef,
    cursor: string | null,
    ctx: Ctx,
  ): Promise<{ items: InboundItem[]; cursor: string | null }>;
  health?(account: AccountRef): Promise<AccountHealth>;
};

/** Where an account id leads: the account and the adapter that serves it. */
export type SocialAccount = { account: AccountRef; adapter: SocialAdapter };
export type SocialAccounts = ReadonlyMap<AccountId, SocialAccount>;
