import { createHash } from 'node:crypto';
import type { Crowd, ShownReply } from '../../public/crowd.js';
import type { PublicReply, Reactions } from '../../public/seeded-public.js';
import type { Post, Posts } from './posts.js';

/** A reply that somebody of the public wrote, from the moment at which it shows. */
export type Reply = PublicReply & ShownReply & { id: string; under: Post };

/** The public in front of our accounts' posts on Mastodon. */
export class MastodonCrowd {
  constructor(
    private readonly posts: Posts,
    private readonly crowd: Crowd,
  ) {}

  /** What the public has done with a post until now. */
  reactions(post: Post): Omit<Reactions, 'replies'> & { replies: Reply[] } {
    return this.crowd.reactions(post, (reply, shownAt, n) => asReply(post, reply, shownAt, n));
  }

  /** A reply of the public by its id, if it shows already. */
  reply(id: string): Reply | undefined {
    for (const post of this.posts.all()) {
      const found = this.reactions(post).replies.find((reply) => reply.id === id);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /** What the public wrote under the posts of one account, newest first. */
  repliesTo(handle: string): Reply[] {
    const replies = this.posts.of(handle).flatMap((post) => this.reactions(post).replies);
    return replies.sort((a, b) => (BigInt(a.id) < BigInt(b.id) ? 1 : -1));
  }
}

// The id grows with the moment at which the reply shows, so that a reader who asks for what is newer misses none.
function asReply(post: Post, reply: PublicReply, shownAt: number, n: number): Reply {
  const tail = createHash('sha256').update(`${post.id}\n${n}`).digest().readUInt16BE(0);
  return { ...reply, under: post, shownAt, id: String((BigInt(shownAt) << 16n) | BigInt(tail)) };
}
