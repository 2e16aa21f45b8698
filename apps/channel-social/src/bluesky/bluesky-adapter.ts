import type {
  AccountHealth,
  AccountRef,
  ApprovedPart,
  Capabilities,
  Ctx,
  FoundPost,
  InboundItem,
  MetricSample,
  Outcome,
  PlatformPart,
  PostRef,
  SocialAdapter,
  StagedPart,
} from '#channel';
import type { AccountId } from '#contracts';
import { z } from 'zod';
import { answered } from '../http/answered.js';
import { judge } from '../http/judge.js';
import { loginHealth } from '../http/login-health.js';
import { Count, counted } from '../posting/counted.js';
import { stageText } from '../posting/stage-text.js';
import { readNotifications } from '../replies/bluesky-notifications.js';
import { BLUESKY_ROWS, errorNamed, seenByBluesky } from './bluesky-answers.js';
import type { BlueskySession } from './bluesky-session.js';
import { facets } from './facets.js';
import { createdAt, recordKey } from './tid.js';

const POST = 'app.bsky.feed.post';
/** `getPosts` takes no more at once (lexicon app.bsky.feed.getPosts). */
const MOST_URIS = 25;
/** How long a look at the post to be answered may take. */
const LOOK_MS = 2_000;

/** Of one account and one key it has some 70 characters: much more is no name, and must not travel with a report as large as its sender likes. */
const Uri = z.string().regex(/^at:\/\/[\x21-\x7e]{1,500}$/);
/** The hash of a record: about 60 characters. */
const Cid = z.string().regex(/^[\x21-\x7e]{1,200}$/);
const Written = z.looseObject({ uri: Uri, cid: Cid });
const Stored = Written.extend({ value: z.looseObject({ text: z.string() }) });
const Posts = z.looseObject({
  posts: z.array(
    Written.extend({
      repostCount: Count,
      quoteCount: Count,
      likeCount: Count,
      replyCount: Count,
    }),
  ),
});
/** What Bluesky allows (lexicon app.bsky.feed.post): both limits are enforced by the server. */
export const BLUESKY_CAPABILITIES: Capabilities = {
  limits: { max: 300, maxBytes: 3_000 },
  idempotency: 'permanent',
  atomicThread: false,
  reply: 'yes',
  edit: 'no',
  remove: 'yes',
  metrics: ['shares', 'likes', 'replies'],
  inbound: 'poll',
};

/**
 * Bluesky over XRPC. A post is a record under a key that follows from the delivery: a repeat finds the key taken by the same
 * record and changes nothing, for ever; another text under it is refused by the server.
 */
export class BlueskyAdapter implements SocialAdapter {
  readonly platform = 'bluesky';

  constructor(private readonly sessions: ReadonlyMap<AccountId, BlueskySession>) {}

  capabilities(_account: AccountRef): Promise<Capabilities> {
    return Promise.resolve(BLUESKY_CAPABILITIES);
  }

  form(part: ApprovedPart, _capabilities: Capabilities): PlatformPart {
    const found = facets(part.text, part.entities);
    const { replyTo } = part;
    const record = {
      $type: POST,
      text: part.text,
      createdAt: createdAt(part),
      langs: [part.language],
      ...(found.length === 0 ? {} : { facets: found }),
      ...(replyTo === null
        ? {}
        : { reply: { root: strongRef(replyTo.root), parent: strongRef(replyTo.parent) } }),
    };
    return { part, text: record.text, body: { collection: POST, rkey: recordKey(part), record } };
  }

  readonly stage = stageText;

  async publish(staged: StagedPart, ctx: Ctx): Promise<Outcome> {
    const { part, body } = staged;
    if (part.replyTo !== null && (await this.#isGone(part.account, part.replyTo.parent, ctx))) {
      const before = ctx.mayStandAlready ? await this.reconcile(staged, ctx) : undefined;
      if (before?.kind === 'found') return { outcome: 'accepted', ref: before.ref, at: ctx.clock.now() };
      return { outcome: 'refused', reason: 'target-gone', detail: 'the post to be answered is not there' };
    }
    const heard = await this.#session(part.account).call((did) => ({
      method: 'POST',
      path: '/xrpc/com.atproto.repo.putRecord',
      // `swapRecord: null` demands that nothing lies there yet: never overwrite a post.
      body: { repo: did, ...body, swapRecord: null },
      signal: ctx.signal,
    }));
    if ('outcome' in heard) return heard;
    const written = answered(heard, Written);
    if (written !== undefined) return { outcome: 'accepted', ref: refOf(written), at: ctx.clock.now() };
    const about = { now: ctx.clock.now(), replying: part.replyTo !== null };
    const outcome = judge(heard, BLUESKY_ROWS, seenByBluesky, about);
    if (outcome.outcome !== 'refused' || outcome.reason !== 'key-conflict') return outcome;
    // A newer build may have given the same approved text another form: what stands is what was approved.
    const stands = await this.reconcile(staged, ctx);
    return stands.kind === 'found' ? { outcome: 'accepted', ref: stands.ref, at: ctx.clock.now() } : outcome;
  }

  async reconcile({ part, body, text }: StagedPart, ctx: Ctx): Promise<FoundPost> {
    const heard = await this.#session(part.account).call((did) => ({
      method: 'GET',
      path: '/xrpc/com.atproto.repo.getRecord',
      query: [
        ['repo', did],
        ['collection', POST],
        ['rkey', String(body['rkey'])],
      ],
      signal: ctx.signal,
    }));
    if ('outcome' in heard) return { kind: 'cannot-tell' };
    const stored = answered(heard, Stored);
    if (stored !== undefined) return stored.value.text === text ? found(stored) : { kind: 'cannot-tell' };
    const gone = heard.heard === 'answer' && errorNamed(heard.answer) === 'RecordNotFound';
    return { kind: gone ? 'absent' : 'cannot-tell' };
  }

  async remove(account: AccountRef, ref: PostRef, ctx: Ctx): Promise<Outcome> {
    const heard = await this.#session(account).call((did) => ({
      method: 'POST',
      path: '/xrpc/com.atproto.repo.deleteRecord',
      body: { repo: did, collection: POST, rkey: ref.id.split('/').at(-1) },
      signal: ctx.signal,
    }));
    if ('outcome' in heard) return heard;
    if (heard.heard === 'answer' && heard.answer.status === 200) {
      return { outcome: 'accepted', ref, at: ctx.clock.now() };
    }
    return judge(heard, BLUESKY_ROWS, seenByBluesky, { now: ctx.clock.now(), replying: false });
  }

  async metrics(account: AccountRef, refs: readonly PostRef[], ctx: Ctx): Promise<MetricSample[]> {
    const samples: MetricSample[] = [];
    for (let at = 0; at < refs.length; at += MOST_URIS) {
      const some = refs.slice(at, at + MOST_URIS);
      const heard = await this.#session(account).call(() => ({
        method: 'GET',
        path: '/xrpc/app.bsky.feed.getPosts',
        query: some.map(({ id }) => ['uris', id] as const),
        signal: ctx.signal,
      }));
      const posts = 'outcome' in heard ? undefined : answered(heard, Posts)?.posts;
      for (const post of posts ?? []) {
        const { repostCount: reposts, quoteCount: quotes, likeCount: likes, replyCount: replies } = post;
        samples.push(counted(refOf(post), { reposts, quotes, likes, replies }, 'app.bsky.feed.getPosts'));
      }
    }
    return samples;
  }

  inbound(
    account: AccountRef,
    cursor: string | null,
    ctx: Ctx,
  ): Promise<{ items: InboundItem[]; cursor: string | null }> {
    const path = '/xrpc/app.bsky.notification.listNotifications';
    const list = async (query: readonly (readonly [string, string])[]) => {
      const heard = await this.#session(account).call(() => ({
        method: 'GET',
        path,
        query,
        signal: ctx.signal,
      }));
      return 'outcome' in heard ? undefined : heard;
    };
    return readNotifications(list, cursor, ctx);
  }

  async health(account: AccountRef): Promise<AccountHealth> {
    const heard = await this.#session(account).call(() => ({
      method: 'GET',
      path: '/xrpc/com.atproto.server.getSession',
    }));
    if (!('outcome' in heard)) return loginHealth(heard);
    return { health: 'broken', detail: heard.outcome === 'refused' ? heard.detail : 'cannot be reached' };
  }

  /**
   * Whether a post of ours was taken down. Bluesky takes an answer to it all the same, and a post that hangs under nothing is easily never
   * seen. True only when the server says so: what cannot be looked up soon does not hold a warning up.
   */
  async #isGone(account: AccountRef, { id }: PostRef, { signal }: Ctx): Promise<boolean> {
    const [, repo, collection, rkey] = /^at:\/\/([^/]+)\/([^/]+)\/([^/]+)$/.exec(id) ?? [];
    if (repo === undefined || collection === undefined || rkey === undefined) return false;
    const heard = await this.#session(account).call(() => ({
      method: 'GET',
      path: '/xrpc/com.atproto.repo.getRecord',
      query: [
        ['repo', repo],
        ['collection', collection],
        ['rkey', rkey],
      ],
      signal: AbortSignal.any([signal, AbortSignal.timeout(LOOK_MS)]),
    }));
    return 'heard' in heard && heard.heard === 'answer' && errorNamed(heard.answer) === 'RecordNotFound';
  }

  #session(account: AccountRef): BlueskySession {
    const session = this.sessions.get(account.accountId);
    if (session === undefined) throw new Error(`no Bluesky login for ${account.accountId}`);
    return session;
  }
}

function refOf({ uri, cid }: { uri: string; cid: string }): PostRef {
  const [, , did, , rkey] = uri.split('/');
  return { id: uri, url: `https://bsky.app/profile/${did}/post/${rkey}`, extra: { cid } };
}

const found = (stored: { uri: string; cid: string }): FoundPost => ({ kind: 'found', ref: refOf(stored) });

function strongRef({ id, extra }: PostRef): { uri: string; cid: string } {
  const cid = extra?.['cid'];
  if (cid === undefined)
    throw new Error(`the post ${id} was recorded without its CID, it cannot be answered`);
  return { uri: id, cid };
}
