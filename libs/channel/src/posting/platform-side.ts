import type { Clock, Log } from '#runtime';
import { textHash } from '#runtime';
import type { Instant } from '#contracts';
import type { Capabilities } from '../adapter/capabilities.js';
import type { Outcome } from '../adapter/outcome.js';
import type { Ctx, PlatformPart, SocialAccount } from '../adapter/social-adapter.js';
import type { Sendable } from '../approved/approved-post.js';
import type { TakenChunk } from '../chunks/chunk-store.js';
import type { Settled } from '../chunks/delivery-store.js';
import { afterUnknown } from '../outcomes/after-unknown.js';
import type { PostRow } from './post-store.js';

/** Node's timers take no more: 2^31 − 1 ms. */
const LONGEST_TIMER_MS = 0x7fffffff;

/** A post before its platform: given its form, published, and looked for after a lost reply. What adapters throw ends here. */
export class PlatformSide {
  constructor(private readonly capabilities: (account: SocialAccount) => Promise<Capabilities>) {}

  /** The post in its platform's form. Undefined while the platform does not say what the account can do, or the adapter fails at it. */
  async formed(
    { account, part }: Sendable,
    { log }: Ctx,
  ): Promise<{ formed: PlatformPart; capabilities: Capabilities } | undefined> {
    try {
      const capabilities = await this.capabilities(account);
      return { formed: account.adapter.form(part, capabilities), capabilities };
    } catch (error) {
      log.warn({ error }, 'a post cannot be formed now and is tried again');
      return undefined;
    }
  }

  /** Hash, media, then the one mutation: what was approved and nothing else, and only what may leave after all that the media took. */
  async publish(
    account: SocialAccount,
    formed: PlatformPart,
    ctx: Ctx,
    mayLeave: () => boolean,
  ): Promise<Outcome> {
    if (!mayLeave()) return notBefore(ctx.clock.now());
    if (textHash(formed.text) !== formed.part.sha256)
      return {
        outcome: 'refused',
        reason: 'invalid',
        detail: 'the text in its platform form is not what was approved',
      };
    try {
      const staged = await account.adapter.stage(formed, ctx);
      if ('failed' in staged) return staged.failed;
      if (!mayLeave()) return notBefore(ctx.clock.now());
      return await account.adapter.publish(staged.staged, ctx);
    } catch (error) {
      ctx.log.error({ error }, 'the adapter failed in the middle of a post');
      return { outcome: 'unknown', detail: 'the adapter failed' };
    }
  }

  /** After a lost reply: does the post stand on the platform? `publish` when it is to be posted (again). */
  async lookFor(
    chunk: TakenChunk,
    account: SocialAccount,
    formed: PlatformPart,
    post: PostRow,
    ctx: Ctx,
  ): Promise<Settled | 'publish'> {
    const { clock, log } = ctx;
    const { deliveryId } = post;
    const found = await account.adapter.reconcile({ ...formed, staged: {} }, ctx).catch((error: unknown) => {
      log.warn({ error }, 'looking for a post failed');
      return { kind: 'cannot-tell' as const };
    });
    log.info({ ...chunk.key, found: found.kind }, 'looked for a post after a lost reply');
    if (found.kind === 'found')
      return { deliveryId, state: 'accepted', at: clock.now(), ref: found.ref, tried: false };
    if (found.kind === 'absent') return 'publish';
    if (afterUnknown({ sending: chunk.sending, unknowns: post.unknowns }) === 'again') return 'publish';
    return {
      deliveryId,
      state: 'unknown',
      at: clock.now(),
      detail: 'nobody can tell whether it stands',
      tried: false,
    };
  }
}

/** Nothing of this post was tried. */
export const notBefore = (until: Instant): Outcome => ({ outcome: 'deferred', until, scope: 'app' });

/** What an adapter is told of one attempt, which ends after `leftMs`, or at the `stop` of the service. */
export function contextOf(
  { sending }: TakenChunk,
  post: PostRow,
  leftMs: number,
  { stop, clock, log }: { stop: AbortSignal; clock: Clock; log: Log },
): Ctx {
  const soon = AbortSignal.timeout(Math.min(Math.max(0, Math.floor(leftMs)), LONGEST_TIMER_MS));
  return {
    deadline: sending.sendUntil,
    signal: AbortSignal.any([stop, soon]),
    clock,
    log: log.child({ deliveryId: post.deliveryId }),
    attempt: post.attempt + 1,
    mayStandAlready: post.unknowns > 0,
  };
}
