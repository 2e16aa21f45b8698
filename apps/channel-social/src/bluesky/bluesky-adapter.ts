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
import { toInstant, type AccountId } from '#contracts';
import { z } from 'zod';
import { judge } from '../http/judge.js';
import type { Heard } from '../http/platform-http.js';
import { BLUESKY_ROWS, seenByBluesky } from './bluesky-answers.js';
import type { BlueskySession } from './bluesky-session.js';
import { facets } from './facets.js';
import { createdAt, recordKey } from './tid.js';

const POST = 'app.bsky.feed.post';
/** `getPosts` takes no more at once (lexicon app.bsky.feed.getPosts). */
const MOST_URIS = 25;
/** Pages of notifications that one look reads: what is older was read by an earlier look. */
const MOST_PAGES = 5;

const Written = z.looseObject({ uri: z.string(), cid: z.string() });
const Stored = z.looseObject({
  uri: z.string(),
  cid: z.string(),
  value: z.looseObject({ text: z.string() }),
});
const count = z.number().int().nonnegative().optional();
const Posts = z.looseObject({
  posts: z.array(
    z.looseObject({
      uri: z.string(),
      cid: z.string(),
      repostCount: count,
      quoteCount: count,
      likeCount: count,
      replyCount: count,
    }),
  ),
});
const Notifications = z.looseObject({
  cursor: z.string().optional(),
  notifications: z.array(
    z.looseObject({
      uri: z.string(),
      reason: z.string(),
      indexedAt: z.string(),
      author: z.looseObject({ did: z.string() }),
      record: z.looseObject({
        text: z.string().default(''),
        reply: z.looseObject({ root: Written }).optional(),
      }),
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

  stage(part: PlatformPart, _ctx: Ctx): Promise<{ staged: StagedPart } | { failed: Outcome }> {
    if (part.part.media.length === 0) return Promise.resolve({ staged: { ...part, staged: {} } });
    const detail = 'pictures are not sent to Bluesky yet';
    return Promise.resolve({ failed: { outcome: 'refused', reason: 'media', detail } });
  }

  async publish({ part, body }: StagedPart, ctx: Ctx): Promise<Outcome> {
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
    return judge(heard, BLUESKY_ROWS, seenByBluesky, {
      now: ctx.clock.now(),
      replying: part.replyTo !== null,
    });
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
    const gone = heard.heard === 'answer' && seenByBluesky(heard.answer).error === 'RecordNotFound';
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
        samples.push({
          ref: refOf(post),
          shares: sharesOf(post.repostCount, post.quoteCount),
          likes: post.likeCount ?? null,
          replies: post.replyCount ?? null,
          source: 'app.bsky.feed.getPosts',
        });
      }
    }
    return samples;
  }

  async inbound(
    account: AccountRef,
    cursor: string | null,
    ctx: Ctx,
  ): Promise<{ items: InboundItem[]; cursor: string | null }> {
    const items: InboundItem[] = [];
    let newest = cursor;
    let page: string | undefined;
    for (let n = 0; n < MOST_PAGES; n += 1) {
      const heard = await this.#session(account).call(() => ({
        method: 'GET',
        path: '/xrpc/app.bsky.notification.listNotifications',
        query: [['limit', '100'], ...(page === undefined ? [] : ([['cursor', page]] as const))],
        signal: ctx.signal,
      }));
      const list = 'outcome' in heard ? undefined : answered(heard, Notifications);
      if (list === undefined) return { items: [], cursor }; // half a look would step over what it missed
      // The last moment is read again, since two may fall into one; the reader knows what it has.
      const unread = list.notifications.filter(({ indexedAt }) => cursor === null || indexedAt >= cursor);
      for (const { uri, reason, indexedAt, author, record } of unread) {
        if (newest === null || indexedAt > newest) newest = indexedAt;
        if (!['reply', 'mention', 'quote'].includes(reason)) continue;
        const answers = record.reply === undefined ? null : refOf(record.reply.root);
        items.push({ id: uri, at: toInstant(indexedAt), text: record.text, author: author.did, answers });
      }
      page = list.cursor;
      if (page === undefined || unread.length < list.notifications.length) break;
    }
    return { items: items.reverse(), cursor: newest };
  }

  async health(account: AccountRef): Promise<AccountHealth> {
    const heard = await this.#session(account).call(() => ({
      method: 'GET',
      path: '/xrpc/com.atproto.server.getSession',
    }));
    if ('outcome' in heard) {
      return { health: 'broken', detail: heard.outcome === 'refused' ? heard.detail : 'cannot be reached' };
    }
    if (heard.heard === 'answer' && heard.answer.status === 200) return { health: 'ok', detail: '' };
    return {
      health: 'broken',
      detail: heard.heard === 'answer' ? `answered ${heard.answer.status}` : heard.detail,
    };
  }

  #session(account: AccountRef): BlueskySession {
    const session = this.sessions.get(account.accountId);
    if (session === undefined) throw new Error(`no Bluesky login for ${account.accountId}`);
    return session;
  }
}

function answered<Schema extends z.ZodType>(heard: Heard, schema: Schema): z.infer<Schema> | undefined {
  if (heard.heard !== 'answer' || heard.answer.status !== 200) return undefined;
  return schema.safeParse(heard.answer.json).data;
}

/** Reposts and quotes together are what people passed on; null where reposts were not told. */
const sharesOf = (reposts: number | undefined, quotes: number | undefined): number | null =>
  reposts === undefined ? null : reposts + (quotes ?? 0);

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
