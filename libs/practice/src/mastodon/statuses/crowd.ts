import { createHash } from 'node:crypto';
import { shown, type PublicReply, type Reactions, type SeededPublic } from '../../public/seeded-public.js';
import type { Post, Posts } from './posts.js';

/** A reply that somebody of the public wrote, from the moment at which it shows. */
export type Reply = PublicReply & { id: string; shownAt: number; under: Post };

/** The public in front of our accounts' posts: it shares, likes and answers while `spanMs` go by. */
export class Crowd {
  constructor(
    private readonly posts: Posts,
    private readonly people: SeededPublic,
    private readonly reacts: { spanMs: number; now: () => number },
  ) {}

  /** What the public has done with a post until now. */
  reactions(post: Post): Omit<Reactions, 'replies'> & { replies: Reply[] } {
    const { spanMs, now } = this.reacts;
    const whole = this.people.toPost(post.handle, post.ordinal);
    const share = shown(now() - post.at, spanMs);
    const part = (count: number) => Math.floor(count * share);
    const replies = whole.replies
      .map((reply, n) => this.asReply(post, reply, n))
      .filter((reply) => reply.shownAt <= now());
    return { shares: part(whole.shares), likes: part(whole.likes), quotes: part(whole.quotes), replies };
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

  // The id grows with the moment at which the reply shows, so that a reader who asks for what is newer misses none.
  private asReply(post: Post, reply: PublicReply, n: number): Reply {
    const shownAt = post.at + Math.ceil(reply.at * this.reacts.spanMs);
    const tail = createHash('sha256').update(`${post.id}\n${n}`).digest().readUInt16BE(0);
    return { ...reply, under: post, shownAt, id: String((BigInt(shownAt) << 16n) | BigInt(tail)) };
  }
}
