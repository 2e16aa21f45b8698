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
import type { Call, Heard, PlatformHttp } from '../http/platform-http.js';
import { Count, counted } from '../posting/counted.js';
import { stageText } from '../posting/stage-text.js';
import { readMentions } from '../replies/mastodon-mentions.js';
import { KEY_WINDOW_MS, readInstance } from './instance.js';
import { MASTODON_ROWS, seenByMastodon } from './mastodon-answers.js';
import { findOwn, PlatformId, refOf, Status } from './own-statuses.js';

/** How one account is reached: its instance, its token, and whether the instance was tried to honour the key. */
export type MastodonLogin = { http: PlatformHttp; token: string; honoursKey?: boolean };

/** Posts that one look at counts asks for. */
const MOST_IDS = 20;

/** What was posted now. One that is only scheduled has an id as well, and nobody sees it. */
const Posted = Status.refine((status) => !('scheduled_at' in status));
const Counted = Status.extend({
  reblogs_count: Count,
  quotes_count: Count,
  favourites_count: Count,
  replies_count: Count,
});
const Me = z.looseObject({ id: PlatformId });
const ME = '/api/v1/accounts/verify_credentials';

/**
 * Mastodon and what speaks its API. A post carries the delivery and the hash of its text as `Idempotency-Key`; where the
 * server may ignore that, the account's own posts are read before anything is written a second time.
 */
export class MastodonAdapter implements SocialAdapter {
  readonly platform = 'mastodon';
  readonly #ownIds = new Map<AccountId, string>();

  constructor(private readonly logins: ReadonlyMap<AccountId, MastodonLogin>) {}

  capabilities(account: AccountRef): Promise<Capabilities> {
    const { http, honoursKey } = this.#login(account);
    return readInstance(http, honoursKey);
  }

  form(part: ApprovedPart, capabilities: Capabilities): PlatformPart {
    const { text, language, replyTo } = part;
    const body = {
      status: text,
      visibility: 'public',
      language: language.split('-')[0]!, // ISO 639, without the country
      ...(replyTo === null ? {} : { in_reply_to_id: replyTo.parent.id }),
    };
    return { part, text, body: { status: body, keyed: capabilities.idempotency !== 'none' } };
  }

  readonly stage = stageText;

  async publish(staged: StagedPart, ctx: Ctx): Promise<Outcome> {
    const { part, body } = staged;
    const age = Date.parse(ctx.clock.now()) - Date.parse(part.issuedAt);
    const keyHolds = body['keyed'] === true && age < KEY_WINDOW_MS;
    if (ctx.mayStandAlready && !keyHolds) {
      const before = await this.reconcile(staged, ctx);
      if (before.kind === 'found') return { outcome: 'accepted', ref: before.ref, at: ctx.clock.now() };
    }
    const heard = await this.#call(part.account, {
      method: 'POST',
      path: '/api/v1/statuses',
      headers: { 'idempotency-key': `${part.deliveryId}-${part.sha256}` },
      body: body['status'],
      signal: ctx.signal,
    });
    const posted = answered(heard, Posted);
    if (posted !== undefined) return { outcome: 'accepted', ref: refOf(posted), at: ctx.clock.now() };
    const about = { now: ctx.clock.now(), replying: part.replyTo !== null };
    const outcome = judge(heard, MASTODON_ROWS, seenByMastodon, about);
    if (outcome.outcome !== 'refused' || outcome.reason !== 'duplicate') return outcome;
    const stands = await this.reconcile(staged, ctx);
    return stands.kind === 'found' ? { outcome: 'accepted', ref: stands.ref, at: ctx.clock.now() } : outcome;
  }

  async reconcile({ part, text }: StagedPart, ctx: Ctx): Promise<FoundPost> {
    const own = await this.#ownId(part.account, ctx.signal);
    if (own === undefined) return { kind: 'cannot-tell' };
    const who = { accountId: own, headers: this.#bearer(part.account) };
    const wanted = { text, since: part.issuedAt, answers: part.replyTo?.parent.id ?? null };
    return findOwn(this.#login(part.account).http, who, wanted, ctx.signal);
  }

  async remove(account: AccountRef, ref: PostRef, { clock, signal }: Ctx): Promise<Outcome> {
    const path = `/api/v1/statuses/${encodeURIComponent(ref.id)}`;
    const heard = await this.#call(account, { method: 'DELETE', path, signal });
    const status = heard.heard === 'answer' ? heard.answer.status : 0;
    if (status === 200) return { outcome: 'accepted', ref, at: clock.now() };
    if (status !== 404 && status !== 410) {
      return judge(heard, MASTODON_ROWS, seenByMastodon, { now: clock.now(), replying: false });
    }
    // Gone is what was wanted; but snac says so of a post that it goes on showing.
    const still = answered(await this.#call(account, { method: 'GET', path, signal }), Status);
    if (still === undefined) return { outcome: 'accepted', ref, at: clock.now() };
    return { outcome: 'refused', reason: 'other', detail: 'the server does not take posts down' };
  }

  async metrics(account: AccountRef, refs: readonly PostRef[], ctx: Ctx): Promise<MetricSample[]> {
    const samples: MetricSample[] = [];
    for (let at = 0; at < refs.length; at += MOST_IDS) {
      const some = refs.slice(at, at + MOST_IDS);
      samples.push(
        ...((await this.#countsTogether(account, some, ctx)) ??
          (await this.#countsOneByOne(account, some, ctx))),
      );
    }
    return samples;
  }

  inbound(
    account: AccountRef,
    cursor: string | null,
    ctx: Ctx,
  ): Promise<{ items: InboundItem[]; cursor: string | null }> {
    const { signal } = ctx;
    return readMentions(
      (path, query = []) => this.#call(account, { method: 'GET', path, query, signal }),
      () => this.#ownId(account, signal),
      cursor,
      ctx,
    );
  }

  async health(account: AccountRef): Promise<AccountHealth> {
    return loginHealth(await this.#call(account, { method: 'GET', path: ME }));
  }

  /** Many posts in one call, Mastodon 4.3 and later; undefined where the server does not know it. */
  async #countsTogether(
    account: AccountRef,
    refs: readonly PostRef[],
    { signal }: Ctx,
  ): Promise<MetricSample[] | undefined> {
    const query = refs.map(({ id }) => ['id[]', id] as const);
    const heard = await this.#call(account, { method: 'GET', path: '/api/v1/statuses', query, signal });
    const statuses = answered(heard, z.array(Counted));
    if (statuses !== undefined) return statuses.map((status) => sample(status, 'GET /api/v1/statuses?id[]'));
    const { status } = heard.heard === 'answer' ? heard.answer : { status: 0 };
    // Asking one by one helps only where the call is not known; a server in trouble would get twenty calls for one.
    return status === 0 || status === 429 || status >= 500 ? [] : undefined;
  }

  async #countsOneByOne(
    account: AccountRef,
    refs: readonly PostRef[],
    { signal }: Ctx,
  ): Promise<MetricSample[]> {
    const samples: MetricSample[] = [];
    for (const { id } of refs) {
      const path = `/api/v1/statuses/${encodeURIComponent(id)}`;
      const status = answered(await this.#call(account, { method: 'GET', path, signal }), Counted);
      if (status !== undefined) samples.push(sample(status, 'GET /api/v1/statuses/:id'));
    }
    return samples;
  }

  async #ownId(account: AccountRef, signal: AbortSignal): Promise<string | undefined> {
    const known = this.#ownIds.get(account.accountId);
    if (known !== undefined) return known;
    const own = answered(await this.#call(account, { method: 'GET', path: ME, signal }), Me);
    if (own !== undefined) this.#ownIds.set(account.accountId, own.id);
    return own?.id;
  }

  #call(account: AccountRef, call: Call): Promise<Heard> {
    const headers = { ...call.headers, ...this.#bearer(account) };
    return this.#login(account).http.call({ ...call, headers });
  }

  #login(account: AccountRef): MastodonLogin {
    const login = this.logins.get(account.accountId);
    if (login === undefined) throw new Error(`no Mastodon login for ${account.accountId}`);
    return login;
  }

  #bearer(account: AccountRef): { authorization: string } {
    return { authorization: `Bearer ${this.#login(account).token}` };
  }
}

const sample = (status: z.infer<typeof Counted>, source: string): MetricSample => {
  const {
    reblogs_count: reposts,
    quotes_count: quotes,
    favourites_count: likes,
    replies_count: replies,
  } = status;
  return counted(refOf(status), { reposts, quotes, likes, replies }, source);
};
