import { shown, type PublicReply, type Reactions, type SeededPublic } from './seeded-public.js';

/** What of a post decides what the public does with it. `ordinal` counts the account's posts from 1; `at` is ms of the epoch. */
type SeenPost = { handle: string; ordinal?: number; at: number };

/** A reply in the form of its platform, from the moment (ms of the epoch) at which it shows. */
export type ShownReply = { shownAt: number };

/** The public in front of our accounts' posts, on any platform: it shares, likes and answers while `spanMs` go by. */
export class Crowd {
  constructor(
    private readonly people: SeededPublic,
    private readonly reacts: { spanMs: number; now: () => number },
  ) {}

  /**
   * What the public has done with a post until now. `asReply` gives its nth reply, which shows at `shownAt`, the platform's form; from
   * `closedAt` on nobody answers any more.
   */
  reactions<Reply extends ShownReply>(
    post: SeenPost,
    asReply: (reply: PublicReply, shownAt: number, n: number) => Reply,
    closedAt = Infinity,
  ): Omit<Reactions, 'replies'> & { replies: Reply[] } {
    const { spanMs, now } = this.reacts;
    const whole = this.people.toPost(post.handle, post.ordinal ?? 1);
    const share = shown(now() - post.at, spanMs);
    const part = (count: number) => Math.floor(count * share);
    const until = Math.min(now(), closedAt);
    const replies = whole.replies
      .map((reply, n) => asReply(reply, post.at + Math.ceil(reply.at * spanMs), n))
      .filter((reply) => reply.shownAt <= until);
    return { shares: part(whole.shares), likes: part(whole.likes), quotes: part(whole.quotes), replies };
  }
}
