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
import type { Answer, PlatformHttp } from '../http/platform-http.js';
import { KEY_WINDOW_MS, readInstance } from './instance.js';
import { MASTODON_ROWS, seenByMastodon } from './mastodon-answers.js';
import { findOwn, plainText, refOf, Status } from './own-statuses.js';

/** How one account is reached: its instance, its token, and whether the instance was tried to honour the key. */
export type MastodonLogin = { http: PlatformHttp; token: string; honoursKey?: boolean };

/** Posts that one look at counts asks for. */
const MOST_IDS = 20;

const count = z.number().int().nonnegative().optional();
const Counted = Status.extend({
  reblogs_count: count,
  quotes_count: count,
  favourites_count: count,
  replies_count: count,
});
const Mentions = z.array(
  z.looseObject({
    id: z.string(),
    created_at: z.string(),
    account: z.looseObject({ id: z.string() }),
    status: Status.extend({ in_reply_to_id: z.string().nullish() }).nullish(),
  }),
);

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

  stage(part: PlatformPart, _ctx: Ctx): Promise<{ staged: StagedPart } | { failed: Outcome }> {
    if (part.part.media.length === 0) return Promise.resolve({ staged: { ...part, staged: {} } });
    const detail = 'pictures are not sent to Mastodon yet';
    return Promise.resolve({ failed: { outcome: 'refused', reason: 'media', detail } });
  }

  async publish(staged: StagedPart, ctx: Ctx): Promise<Outcome> {
    const { part, body } = staged;
    const age = Date.parse(ctx.clock.now()) - Date.parse(part.issuedAt);
    const keyHolds = body['keyed'] === true && age < KEY_WINDOW_MS;
    if (ctx.mayStandAlready && !keyHolds) {
      const before = await this.reconcile(staged, ctx);
      if (before.kind === 'found') return { outcome: 'accepted', ref: before.ref, at: ctx.clock.now() };
    }
    const { http } = this.#login(part.account);
    const heard = await http.call({
      method: 'POST',
      path: '/api/v1/statuses',
      headers: { ...this.#bearer(part.account), 'idempotency-key': `${part.deliveryId}-${part.sha256}` },
      body: body['status'],
      signal: ctx.signal,
    });
    const status = heard.heard === 'answer' ? read(heard.answer, Status) : undefined;
    if (status !== undefined) return { outcome: 'accepted', ref: refOf(status), at: ctx.clock.now() };
    return judge(heard, MASTODON_ROWS, seenByMastodon, {
      now: ctx.clock.now(),
      replying: part.replyTo !== null,
    });
  }

  async reconcile({ part, text }: StagedPart, ctx: Ctx): Promise<FoundPost> {
    const own = await this.#ownId(part.account, ctx.signal);
    if (own === undefined) return { kind: 'cannot-tell' };
    const { http } = this.#login(part.account);
    const who = { accountId: own, headers: this.#bearer(part.account) };
    return findOwn(http, who, { text, since: part.issuedAt }, ctx.signal);
  }

  async remove(account: AccountRef, ref: PostRef, ctx: Ctx): Promise<Outcome> {
    const { http } = this.#login(account);
    const heard = await http.call({
      method: 'DELETE',
      path: `/api/v1/statuses/${encodeURIComponent(ref.id)}`,
      headers: this.#bearer(account),
      signal: ctx.signal,
    });
    if (heard.heard === 'answer' && [200, 404, 410].includes(heard.answer.status)) {
      return { outcome: 'accepted', ref, at: ctx.clock.now() }; // already gone is what was wanted
    }
    return judge(heard, MASTODON_ROWS, seenByMastodon, { now: ctx.clock.now(), replying: false });
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

  async inbound(
    account: AccountRef,
    cursor: string | null,
    ctx: Ctx,
  ): Promise<{ items: InboundItem[]; cursor: string | null }> {
    const { http } = this.#login(account);
    const heard = await http.call({
      method: 'GET',
      path: '/api/v1/notifications',
      query: [
        ['types[]', 'mention'],
        ['limit', '40'],
        ...(cursor === null ? [] : ([['min_id', cursor]] as const)),
      ],
      headers: this.#bearer(account),
      signal: ctx.signal,
    });
    const mentions = heard.heard === 'answer' ? read(heard.answer, Mentions) : undefined;
    if (mentions === undefined) return { items: [], cursor };
    const items = mentions.toReversed().map(({ id, created_at: at, account: author, status }) => ({
      id,
      at: toInstant(at),
      text: plainText(status?.content ?? ''),
      author: author.id,
      answers: typeof status?.in_reply_to_id === 'string' ? { id: status.in_reply_to_id } : null,
    }));
    return { items, cursor: mentions[0]?.id ?? cursor }; // newest first
  }

  async health(account: AccountRef): Promise<AccountHealth> {
    const { http } = this.#login(account);
    const heard = await http.call({
      method: 'GET',
      path: '/api/v1/accounts/verify_credentials',
      headers: this.#bearer(account),
    });
    if (heard.heard !== 'answer') return { health: 'broken', detail: heard.detail };
    if (heard.answer.status === 200) return { health: 'ok', detail: '' };
    return { health: 'broken', detail: `the token was answered with ${heard.answer.status}` };
  }

  /** Many posts in one call, Mastodon 4.3 and later; undefined where the server does not know it. */
  async #countsTogether(
    account: AccountRef,
    refs: readonly PostRef[],
    ctx: Ctx,
  ): Promise<MetricSample[] | undefined> {
    const { http } = this.#login(account);
    const heard = await http.call({
      method: 'GET',
      path: '/api/v1/statuses',
      query: refs.map(({ id }) => ['id[]', id] as const),
      headers: this.#bearer(account),
      signal: ctx.signal,
    });
    if (heard.heard !== 'answer') return [];
    const counted = read(heard.answer, z.array(Counted));
    return counted?.map((status) => sample(status, 'GET /api/v1/statuses?id[]'));
  }

  async #countsOneByOne(account: AccountRef, refs: readonly PostRef[], ctx: Ctx): Promise<MetricSample[]> {
    const { http } = this.#login(account);
    const samples: MetricSample[] = [];
    for (const { id } of refs) {
      const path = `/api/v1/statuses/${encodeURIComponent(id)}`;
      const heard = await http.call({
        method: 'GET',
        path,
        headers: this.#bearer(account),
        signal: ctx.signal,
      });
      const status = heard.heard === 'answer' ? read(heard.answer, Counted) : undefined;
      if (status !== undefined) samples.push(sample(status, 'GET /api/v1/statuses/:id'));
    }
    return samples;
  }

  async #ownId(account: AccountRef, signal: AbortSignal): Promise<string | undefined> {
    const known = this.#ownIds.get(account.accountId);
    if (known !== undefined) return known;
    const { http } = this.#login(account);
    const path = '/api/v1/accounts/verify_credentials';
    const heard = await http.call({ method: 'GET', path, headers: this.#bearer(account), signal });
    const own = heard.heard === 'answer' ? read(heard.answer, z.looseObject({ id: z.string() })) : undefined;
    if (own !== undefined) this.#ownIds.set(account.accountId, own.id);
    return own?.id;
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

function read<Schema extends z.ZodType>(
  { status, json }: Answer,
  schema: Schema,
): z.infer<Schema> | undefined {
  return status === 200 ? schema.safeParse(json).data : undefined;
}

/** Boosts and quotes together are what people passed on; null where boosts were not told. */
const sample = (status: z.infer<typeof Counted>, source: string): MetricSample => ({
  ref: refOf(status),
  shares: status.reblogs_count === undefined ? null : status.reblogs_count + (status.quotes_count ?? 0),
  likes: status.favourites_count ?? null,
  replies: status.replies_count ?? null,
  source,
});
