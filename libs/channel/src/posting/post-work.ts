import type { Clock, Log } from '#runtime';
import { toInstant, type DeliveryId } from '#contracts';
import type { Outcome } from '../adapter/outcome.js';
import type { SocialAccount, SocialAccounts } from '../adapter/social-adapter.js';
import { logOutcome } from '../outcomes/log-outcome.js';
import type { Arming } from '../chunks/arming.js';
import { REST_MS, type ChunkStore, type NotTaken, type TakenChunk } from '../chunks/chunk-store.js';
import type { DeliveryStore, Settled } from '../chunks/delivery-store.js';
import type { Lease, Leases } from '../handing-out/leases.js';
import { settleDoubts } from '../outcomes/settle-doubts.js';
import { OnRecord } from '../outcomes/on-record.js';
import { notSent, settledOf } from '../outcomes/settled-of.js';
import type { Shutters } from '../gate/shutters.js';
import type { ChunkKey } from '../record/channel-record.js';
import { approvedPost } from '../approved/approved-post.js';
import type { PostRow, PostStore } from './post-store.js';
import { contextOf, notBefore, type PlatformSide } from './platform-side.js';
import { mustStandAlone, saying, standAlone } from './stand-alone.js';

export type PostWorkParts = {
  accounts: SocialAccounts;
  platform: PlatformSide;
  chunks: ChunkStore;
  deliveries: DeliveryStore;
  arming: Arming;
  posts: PostStore;
  leases: Leases;
  shutters: Shutters;
  /** After a lost reply: when to look, and then perhaps post, again. Used up = it stays unknown. CHANNELS §E.3. */
  againAfterMs: readonly number[];
  /** When an accepted post is counted for the first time; undefined: never. */
  sampleAfterMs: number | undefined;
  clock: Clock;
  log: Log;
};

/** How one post ended for now: go on with the next of its language, or not yet. */
type Went = 'on' | 'not-yet' | 'shut';

/** A platform that does not even say what the account can do is asked again after this. */
const AWAY_PAUSE_MS = 5_000;
/** Looking for a post takes no longer; an adapter has a shorter time of its own for each call. */
const LOOK_MS = 60_000;

/** Works on the posts of one account, one at a time and in order, so that each part of a thread finds the one before it. */
export class PostWork {
  private readonly onRecord: OnRecord;

  constructor(private readonly parts: PostWorkParts) {
    this.onRecord = new OnRecord(parts.log);
  }

  /** Works on one account's posts until nothing of it is due. Safe to call at any time, from any process. */
  async run(key: ChunkKey, stop: AbortSignal): Promise<'worked' | NotTaken> {
    const { chunks, leases, posts, deliveries, accounts, sampleAfterMs } = this.parts;
    await this.onRecord.told(key);
    const askedAt = performance.now();
    const chunk = await chunks.take(key);
    if (typeof chunk === 'string') return chunk;
    const lease = leases.hold(chunk, askedAt);
    const account = accounts.get(chunk.accountId);
    const reportable = { ...chunk, platform: account?.account.platform ?? 'unknown' };
    try {
      const doubts = await deliveries.inDoubt(chunk);
      if (doubts.length > 0) await this.settleDoubts(chunk, doubts);
      const held = new Set<string>();
      for (const post of await posts.all(key)) {
        if (!lease.held() || stop.aborted) break;
        if (!post.due || held.has(post.language)) {
          if (post.state === 'deferred') held.add(post.language);
          continue;
        }
        const went = await this.post(chunk, account, post, lease, stop);
        if (went === 'shut') break;
        if (went === 'not-yet') held.add(post.language);
        await posts.report(reportable, null, sampleAfterMs);
      }
      // The later posts of a language whose earlier one must wait are due with it, never before it.
      if (held.size > 0) await posts.holdBehind(key, [...held]);
      await posts.report(reportable, chunk.fence, sampleAfterMs);
    } catch (error) {
      await chunks.release(chunk, REST_MS).catch(() => {}); // the lease runs out by itself
      throw error;
    } finally {
      lease.letGo();
    }
    return 'worked';
  }

  /** Looked for on the platform itself before anything else is done about it. */
  private settleDoubts(chunk: TakenChunk, doubts: readonly DeliveryId[]): Promise<void> {
    return settleDoubts(chunk, doubts, this.parts, {
      sentence: 'a worker died with a post armed: it is unknown',
      become: ({ deliveryId }) => ({
        deliveryId,
        state: 'deferred',
        at: null,
        waitMs: 0,
        unknown: true,
        tried: true,
        detail: 'the worker died before it knew',
      }),
    });
  }

  private async post(
    chunk: TakenChunk,
    account: SocialAccount | undefined,
    post: PostRow,
    lease: Lease,
    stop: AbortSignal,
  ): Promise<Went> {
    const { deliveries, arming, platform, clock, log } = this.parts;
    const settle = async (settled: Settled, window: bigint | null = null): Promise<Went> => {
      await this.onRecord.put(chunk.key, () => deliveries.settle(chunk, window, [settled]), stop);
      return settled.state === 'deferred' ? 'not-yet' : 'on';
    };
    const found = await approvedPost(chunk, account, post, this.parts.posts);
    if (!('part' in found)) {
      const { deliveryId: id } = post;
      const about = { ...chunk.key, deliveryId: id, detail: found.detail };
      if (found.state === 'refused') log.error(about, 'delivery refused before sending');
      else log.info(about, 'a post is not needed any more');
      return settle({ deliveryId: id, ...found, at: clock.now(), tried: false });
    }
    const on = { stop, clock, log };
    const look = contextOf(chunk, post, LOOK_MS, on);
    const ready = await platform.formed(found, look);
    if (ready !== undefined && post.unknowns > 0 && ready.capabilities.idempotency !== 'permanent') {
      const stands = await platform.lookFor(chunk, found.account, ready.formed, post, look);
      if (stands !== 'publish') return settle(saying(post, stands));
    }
    // Also what cannot be published now asks the gate, for nobody: what was cancelled or has expired ends, and waits for no platform.
    const askedAt = performance.now();
    const armed = await this.onRecord.arm(chunk, ready === undefined ? [] : [post.deliveryId], arming, stop);
    if ('shut' in armed) {
      if (armed.shut !== 'fence-lost') await this.shut(chunk, armed.shut, armed.inMs);
      return 'shut';
    }
    const { warningId, version, act } = chunk.key;
    const mayLeave = (): boolean =>
      lease.held() &&
      performance.now() < askedAt + armed.leftMs &&
      this.parts.shutters.open(warningId, version, act) &&
      !stop.aborted;
    const ctx = contextOf(chunk, post, armed.leftMs, on);
    const outcome =
      ready === undefined
        ? notBefore(toInstant(Date.parse(clock.now()) + AWAY_PAUSE_MS))
        : await platform.publish(found.account, ready.formed, ctx, mayLeave);
    if (mustStandAlone(found, post, outcome)) {
      const alone = () => standAlone(chunk, post, armed.armed, this.parts);
      if (await this.onRecord.put(chunk.key, alone, stop)) return 'not-yet';
    }
    logOutcome(outcome, chunk.key, post, log);
    return settle(saying(post, this.became(chunk, post, outcome)), armed.armed);
  }

  private became({ sending }: TakenChunk, post: PostRow, outcome: Outcome): Settled {
    const now = this.parts.clock.now();
    if (outcome.outcome !== 'unknown') return settledOf(post, outcome, sending, now);
    const { deliveryId } = post;
    const afterMs = this.parts.againAfterMs[post.unknowns];
    const doubt = { deliveryId, detail: outcome.detail, unknown: true, tried: true };
    if (afterMs === undefined) return { ...doubt, state: 'unknown', at: now };
    return { ...doubt, state: 'deferred', at: null, waitMs: afterMs };
  }

  /** Everything of this account that is not final yet ends, or waits, by the same reason. */
  private async shut(
    chunk: TakenChunk,
    shut: Parameters<typeof notSent>[1],
    inMs: Parameters<typeof notSent>[2],
  ): Promise<void> {
    const { posts, deliveries, clock } = this.parts;
    const rows = (await posts.all(chunk.key)).filter(
      ({ state }) => state === 'planned' || state === 'deferred',
    );
    const now = clock.now();
    await deliveries.settle(
      chunk,
      null,
      rows.map((row) => notSent(row, shut, inMs, now)),
    );
  }
}
