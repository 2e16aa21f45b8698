import { createHash } from 'node:crypto';
import type { EditFact, Fact, PostFact } from '../record/facts.js';
import type { World } from '../platform/world.js';
import { shown, type PublicReply, type SeededPublic } from '../public/seeded-public.js';

/** What an account asks to post. */
export type Draft = {
  text: string;
  spoiler: string;
  visibility: string;
  language: string | null;
  inReplyTo: string | null;
};

/** A post of one of our accounts. */
export type Post = Draft & {
  id: string;
  handle: string;
  at: number;
  editedAt: number | null;
  ordinal: number;
};

/** A reply that somebody of the public wrote, from the moment at which it shows. */
export type Reply = PublicReply & { id: string; shownAt: number; under: Post };

/** Mastodon keeps an Idempotency-Key for an hour. */
export const KEY_LIVES_MS = 3_600_000;

/** The posts of a Mastodon server: what it took, under which key, and what the public did with it since. */
export class Posts {
  private readonly posts = new Map<string, Post>();
  private readonly keys = new Map<string, { id: string; at: number }>();
  private readonly ordinals = new Map<string, number>();
  private lastId = 0n;
  private turn: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly world: World,
    private readonly people: SeededPublic,
    private readonly spanMs: number,
  ) {}

  /** Takes in one fact of an earlier run. */
  replay(fact: Fact): void {
    if (!('channel' in fact) || fact.channel !== 'mastodon') return;
    if (fact.fact === 'post') this.keep(fact);
    if (fact.fact === 'edit') this.change(fact);
    if (fact.fact === 'removal') this.posts.delete(fact.id);
  }

  /** Posts once per key: a repeat within the hour gets the first post back, whatever its text says. */
  add(handle: string, draft: Draft, key: string | undefined): Promise<Post> {
    return this.oneByOne(async () => {
      const earlier = key === undefined ? undefined : this.keys.get(`${handle} ${key}`);
      const known =
        earlier && earlier.at + KEY_LIVES_MS > this.world.now() ? this.posts.get(earlier.id) : undefined;
      if (known !== undefined) return known;
      const { text, language, inReplyTo, ...more } = draft;
      const fact: PostFact = {
        fact: 'post',
        channel: 'mastodon',
        at: new Date(this.world.now()).toISOString(),
        to: handle,
        id: this.nextId(),
        ordinal: (this.ordinals.get(handle) ?? 0) + 1,
        text,
        more,
        ...(key !== undefined && { key }),
        ...(language !== null && { language }),
        ...(inReplyTo !== null && { inReplyTo }),
      };
      await this.world.record.append(fact);
      return this.keep(fact);
    });
  }

  /** Replaces the words of a post; its id, its shares and its replies stay. */
  edit(post: Post, draft: Draft): Promise<Post> {
    return this.oneByOne(async () => {
      const at = new Date(this.world.now()).toISOString();
      const { text, language, spoiler, visibility } = draft;
      const fact: EditFact = {
        fact: 'edit',
        channel: 'mastodon',
        at,
        to: post.handle,
        id: post.id,
        text,
        more: { spoiler, visibility },
        ...(language !== null && { language }),
      };
      await this.world.record.append(fact);
      return this.change(fact) ?? post;
    });
  }

  remove(post: Post): Promise<void> {
    return this.oneByOne(async () => {
      const at = new Date(this.world.now()).toISOString();
      await this.world.record.append({
        fact: 'removal',
        channel: 'mastodon',
        at,
        to: post.handle,
        id: post.id,
        text: post.text,
      });
      this.posts.delete(post.id);
    });
  }

  get(id: string): Post | undefined {
    return this.posts.get(id);
  }

  /** The posts of one account, newest first. */
  of(handle: string): Post[] {
    return [...this.posts.values()].filter((post) => post.handle === handle).reverse();
  }

  under(id: string): Post[] {
    return [...this.posts.values()].filter((post) => post.inReplyTo === id);
  }

  /** What the public has done with a post until now. */
  reactions(post: Post): { shares: number; likes: number; quotes: number; replies: Reply[] } {
    const whole = this.people.toPost(post.handle, post.ordinal);
    const share = shown(this.world.now() - post.at, this.spanMs);
    const replies = whole.replies
      .map((reply, n) => this.asReply(post, reply, n))
      .filter((reply) => reply.shownAt <= this.world.now());
    return {
      shares: Math.floor(whole.shares * share),
      likes: Math.floor(whole.likes * share),
      quotes: Math.floor(whole.quotes * share),
      replies,
    };
  }

  /** A reply of the public by its id, if it shows already. */
  reply(id: string): Reply | undefined {
    for (const post of this.posts.values()) {
      const found = this.reactions(post).replies.find((reply) => reply.id === id);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  // The id grows with the moment at which the reply shows, so that a reader who asks for what is newer misses none.
  private asReply(post: Post, reply: PublicReply, n: number): Reply {
    const shownAt = post.at + Math.ceil(reply.at * this.spanMs);
    const tail = createHash('sha256').update(`${post.id}\n${n}`).digest().readUInt16BE(0);
    return { ...reply, under: post, shownAt, id: String((BigInt(shownAt) << 16n) | BigInt(tail)) };
  }

  // Posts are taken one at a time: two requests with one key, side by side, must end in one post.
  private oneByOne<Result>(work: () => Promise<Result>): Promise<Result> {
    const result = this.turn.then(work);
    this.turn = result.catch(() => undefined);
    return result;
  }

  private nextId(): string {
    const byClock = BigInt(this.world.now()) << 16n;
    this.lastId = byClock > this.lastId ? byClock : this.lastId + 1n;
    return String(this.lastId);
  }

  private keep(fact: PostFact): Post {
    const at = Date.parse(fact.at);
    const post: Post = {
      id: fact.id,
      handle: fact.to,
      at,
      editedAt: null,
      ordinal: fact.ordinal,
      text: fact.text,
      language: fact.language ?? null,
      inReplyTo: fact.inReplyTo ?? null,
      spoiler: String(fact.more['spoiler'] ?? ''),
      visibility: String(fact.more['visibility'] ?? 'public'),
    };
    this.posts.set(post.id, post);
    this.ordinals.set(fact.to, fact.ordinal);
    if (fact.key !== undefined) this.keys.set(`${fact.to} ${fact.key}`, { id: post.id, at });
    if (BigInt(fact.id) > this.lastId) this.lastId = BigInt(fact.id);
    return post;
  }

  private change(fact: EditFact): Post | undefined {
    const post = this.posts.get(fact.id);
    if (post === undefined) return undefined;
    const { spoiler = '' } = fact.more as { spoiler?: string };
    const changed: Post = { ...post, text: fact.text, spoiler, editedAt: Date.parse(fact.at) };
    if (fact.language !== undefined) changed.language = fact.language;
    this.posts.set(post.id, changed);
    return changed;
  }
}
