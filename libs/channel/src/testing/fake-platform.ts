import type { AccountId, Instant } from '#contracts';
import type { Capabilities } from '../adapter/capabilities.js';
import type { Outcome, PostRef } from '../adapter/outcome.js';
import type {
  AccountRef,
  ApprovedPart,
  Ctx,
  FoundPost,
  MetricSample,
  PlatformPart,
  SocialAdapter,
  StagedPart,
} from '../adapter/social-adapter.js';

/** A post that stands on the fake platform. */
export type Standing = {
  id: string;
  account: AccountId;
  text: string;
  key: string;
  language: string;
  parent: string | null;
  root: string | null;
};

/** A platform in memory that keeps what it was given, and misbehaves on request. */
export class FakePlatform implements SocialAdapter {
  readonly platform = 'fake';
  readonly posts: Standing[] = [];
  /** How often `publish` was called: more than posts stand, when repeats met a key. */
  calls = 0;
  private made = 0;
  counts: { shares: number | null; likes: number | null; replies: number | null } = {
    shares: 0,
    likes: 0,
    replies: 0,
  };
  idempotency: Capabilities['idempotency'] = 'none';
  max = 500;
  /** Undefined: accepted. `lost-reply`: the post stands, and nobody hears of it. `lost-request`: neither. */
  behave: (
    part: ApprovedPart,
    ctx: Ctx,
  ) => Promise<Outcome | Fault | undefined> | Outcome | Fault | undefined = () => undefined;
  /** What a look at the platform finds; by default the truth. */
  see: (key: string) => FoundPost = (key) => {
    const found = this.posts.find((post) => post.key === key);
    return found === undefined ? { kind: 'absent' } : { kind: 'found', ref: { id: found.id } };
  };

  async capabilities(): Promise<Capabilities> {
    return {
      limits: { max: this.max },
      idempotency: this.idempotency,
      atomicThread: false,
      reply: 'yes',
      edit: 'no',
      remove: 'yes',
      metrics: ['shares', 'likes', 'replies'],
      inbound: 'none',
    };
  }

  form(part: ApprovedPart): PlatformPart {
    return { part, text: part.text, body: { language: part.language } };
  }

  async stage(part: PlatformPart): Promise<{ staged: StagedPart }> {
    return { staged: { ...part, staged: {} } };
  }

  async publish({ part }: StagedPart, ctx: Ctx): Promise<Outcome> {
    this.calls += 1;
    const what = await this.behave(part, ctx);
    if (what === 'lost-request') return { outcome: 'unknown', detail: 'connection reset' };
    if (what !== undefined && what !== 'lost-reply') return what;
    if (part.replyTo !== null && !this.posts.some(({ id }) => id === part.replyTo?.parent.id))
      return { outcome: 'refused', reason: 'target-gone', detail: '404 the post to answer is not there' };
    const ref = this.stand(part);
    if (what === 'lost-reply') return { outcome: 'unknown', detail: 'connection reset' };
    return { outcome: 'accepted', ref, at: ctx.clock.now() };
  }

  async reconcile({ part }: StagedPart): Promise<FoundPost> {
    return this.see(part.deliveryId);
  }

  async metrics(_account: AccountRef, refs: readonly PostRef[]): Promise<MetricSample[]> {
    return refs.map((ref) => ({ ref, ...this.counts, source: 'GET /fake' }));
  }

  /** Takes a post down, as somebody with the account's own log-in may at any time. */
  takeDown(text: string): void {
    const at = this.posts.findIndex((post) => post.text === text);
    if (at < 0) throw new Error(`no post says "${text}"`);
    this.posts.splice(at, 1);
  }

  /** The texts that stand for an account, in order. */
  texts(account: AccountId): string[] {
    return this.posts.filter((post) => post.account === account).map(({ text }) => text);
  }

  private stand(part: ApprovedPart): PostRef {
    const keyed =
      this.idempotency === 'none' ? undefined : this.posts.find(({ key }) => key === part.deliveryId);
    if (keyed !== undefined) return { id: keyed.id };
    const id = `post-${(this.made += 1)}`;
    const { account, text, language, deliveryId: key, replyTo } = part;
    const [parent, root] = [replyTo?.parent.id ?? null, replyTo?.root.id ?? null];
    this.posts.push({ id, account: account.accountId, text, key, language, parent, root });
    return { id, url: `https://fake.example/${id}` };
  }
}

/** What may happen on the wire. */
export type Fault = 'lost-reply' | 'lost-request';

/** An answer of a platform that is too busy until then. */
export const busyUntil = (until: Instant): Outcome => ({ outcome: 'deferred', until, scope: 'account' });
