import { cidOf } from '../../atproto/cid.js';
import { tid, type Post } from '../../atproto/lexicon.js';
import { shown, type PublicReply, type Reactions, type SeededPublic } from '../../public/seeded-public.js';
import { POST, uriOf, type Kept, type Repos } from './repos.js';

/** A reply that somebody of the public wrote. */
export type Reply = PublicReply & { uri: string; cid: string; under: Kept; shownAt: number; record: object };

/** The public in front of our accounts' posts: it shares, likes and answers while `spanMs` go by. */
export class Crowd {
  constructor(
    private readonly repos: Repos,
    private readonly people: SeededPublic,
    private readonly reacts: { spanMs: number; now: () => number },
  ) {}

  /** What the public has done with a post until now. Under a thread that its account has closed nobody answers any more. */
  reactions(post: Kept): Omit<Reactions, 'replies'> & { replies: Reply[] } {
    const { spanMs, now } = this.reacts;
    const whole = this.people.toPost(post.handle, post.ordinal ?? 1);
    const share = shown(now() - post.at, spanMs);
    const part = (count: number) => Math.floor(count * share);
    const until = Math.min(now(), this.closedAt(post));
    const replies = whole.replies
      .map((reply, n) => this.asReply(post, reply, n))
      .filter((reply) => reply.shownAt <= until);
    return { shares: part(whole.shares), likes: part(whole.likes), quotes: part(whole.quotes), replies };
  }

  // A gate has the key of the post at the root of its thread, and an empty list lets nobody in (lexicon app.bsky.feed.threadgate).
  private closedAt(post: Kept): number {
    const root = (post.record as Partial<Post>).reply?.root.uri ?? post.uri;
    const gate = this.repos.get(root.replace(`/${POST}/`, '/app.bsky.feed.threadgate/'));
    const allowed = (gate?.record as { allow?: unknown } | undefined)?.allow;
    return gate !== undefined && Array.isArray(allowed) && allowed.length === 0 ? gate.at : Infinity;
  }

  private asReply(post: Kept, reply: PublicReply, n: number): Reply {
    const shownAt = post.at + Math.ceil(reply.at * this.reacts.spanMs);
    const handle = `${reply.handle}.example`;
    const uri = uriOf(handle, POST, tid(BigInt(shownAt) * 1000n, n));
    const ref = { uri: post.uri, cid: post.cid };
    const root = (post.record as Partial<Post>).reply?.root ?? ref;
    const createdAt = new Date(shownAt).toISOString();
    const record = { $type: POST, text: reply.text, createdAt, langs: ['en'], reply: { root, parent: ref } };
    return { ...reply, handle, uri, cid: cidOf(record), under: post, shownAt, record };
  }
}
