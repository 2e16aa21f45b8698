import type { EditFact, Fact, PostFact } from '../../record/facts.js';
import type { World } from '../../platform/world.js';
import type { Draft } from './draft.js';

/** A post of one of our accounts. */
export type Post = Draft & {
  id: string;
  handle: string;
  at: number;
  editedAt: number | null;
  ordinal: number;
};

/** Mastodon keeps an Idempotency-Key for an hour. */
export const KEY_LIVES_MS = 3_600_000;

/** The posts of a Mastodon server: what it took, and under which key. */
export class Posts {
  private readonly posts = new Map<string, Post>();
  private readonly keys = new Map<string, { id: string; at: number }>();
  private readonly ordinals = new Map<string, number>();
  private lastId = 0n;
  private turn: Promise<unknown> = Promise.resolve();

  constructor(private readonly world: World) {}

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
        ...this.about(handle, this.nextId()),
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
      const { text, language, spoiler, visibility } = draft;
      const fact: EditFact = {
        fact: 'edit',
        ...this.about(post.handle, post.id),
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
      const about = this.about(post.handle, post.id);
      await this.world.record.append({ fact: 'removal', ...about, text: post.text });
      this.posts.delete(post.id);
    });
  }

  get(id: string): Post | undefined {
    return this.posts.get(id);
  }

  /** Every post that stands, oldest first. */
  all(): Iterable<Post> {
    return this.posts.values();
  }

  /** The posts of one account, newest first. */
  of(handle: string): Post[] {
    return [...this.posts.values()].filter((post) => post.handle === handle).reverse();
  }

  under(id: string): Post[] {
    return [...this.posts.values()].filter((post) => post.inReplyTo === id);
  }

  // Posts are taken one at a time: two requests with one key, side by side, must end in one post.
  private oneByOne<Result>(work: () => Promise<Result>): Promise<Result> {
    const result = this.turn.then(work);
    this.turn = result.catch(() => undefined);
    return result;
  }

  private about(to: string, id: string) {
    return { channel: 'mastodon' as const, at: new Date(this.world.now()).toISOString(), to, id };
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
