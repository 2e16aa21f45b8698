import { cidOf } from '../../atproto/cid.js';
import { tid, type Post } from '../../atproto/lexicon.js';
import type { Crowd, ShownReply } from '../../public/crowd.js';
import type { PublicReply, Reactions } from '../../public/seeded-public.js';
import { POST, uriOf, type Kept, type Repos } from './repos.js';

/** A reply that somebody of the public wrote, at `writtenAt` by their own clock (ms of the epoch): it can be long before it shows. */
export type Reply = PublicReply &
  ShownReply & { uri: string; cid: string; under: Kept; record: object; writtenAt: number };

/** One reply in four was held up on its way: it is dated so much before it shows, but not before the post that it answers. */
const HELD_UP_MS = 180_000;

/** The public in front of our accounts' posts on Bluesky. */
export class BlueskyCrowd {
  constructor(
    private readonly repos: Repos,
    private readonly crowd: Crowd,
  ) {}

  /** What the public has done with a post until now. Under a thread that its account has closed nobody answers any more. */
  reactions(post: Kept): Omit<Reactions, 'replies'> & { replies: Reply[] } {
    return this.crowd.reactions(
      post,
      (reply, shownAt, n) => asReply(post, reply, shownAt, n),
      this.closedAt(post),
    );
  }

  // A gate has the key of the post at the root of its thread, and an empty list lets nobody in (lexicon app.bsky.feed.threadgate).
  private closedAt(post: Kept): number {
    const root = (post.record as Partial<Post>).reply?.root.uri ?? post.uri;
    const gate = this.repos.get(root.replace(`/${POST}/`, '/app.bsky.feed.threadgate/'));
    const allowed = (gate?.record as { allow?: unknown } | undefined)?.allow;
    return gate !== undefined && Array.isArray(allowed) && allowed.length === 0 ? gate.at : Infinity;
  }
}

function asReply(post: Kept, reply: PublicReply, shownAt: number, n: number): Reply {
  const handle = `${reply.handle}.example`;
  const writtenAt = n % 4 === 1 ? Math.max(post.at, shownAt - HELD_UP_MS) : shownAt;
  const uri = uriOf(handle, POST, tid(BigInt(writtenAt) * 1000n, n));
  const ref = { uri: post.uri, cid: post.cid };
  const root = (post.record as Partial<Post>).reply?.root ?? ref;
  const createdAt = new Date(writtenAt).toISOString();
  const record = { $type: POST, text: reply.text, createdAt, langs: ['en'], reply: { root, parent: ref } };
  return { ...reply, handle, uri, cid: cidOf(record), under: post, shownAt, writtenAt, record };
}
