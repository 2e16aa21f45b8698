import type { PracticeAccount } from '../platform/account.js';
import { FAULT_KINDS, type Fault } from '../platform/faults.js';
import { type Answer } from '../http/answer.js';
import type { Call, Platform, Route } from '../http/http-door.js';
import { RateWindow } from '../http/rate-window.js';
import type { World } from '../platform/world.js';
import { notFound, page, rateHeaders, told, unauthorised } from './answers.js';
import { draftOf } from './draft.js';
import type { Post, Posts, Reply } from './posts.js';
import { accountId, accountJson, instanceJson, replyJson, statusJson } from './status-json.js';

/** How this server behaves. The defaults are Mastodon's own. */
export type MastodonSettings = {
  maxCharacters: number;
  /** False for the clones that take an Idempotency-Key and post twice all the same (snac, GoToSocial). */
  honoursKey: boolean;
  /** False for clones without `/api/v2/instance`. */
  tellsLimits: boolean;
  /** Calls of one account in five minutes, and removals in thirty. */
  callsPerWindow: number;
  removalsPerWindow: number;
};

/** Mastodon's limits as its own pages give them (docs: api/rate-limits). */
export const MASTODON_SETTINGS: MastodonSettings = {
  maxCharacters: 500,
  honoursKey: true,
  tellsLimits: true,
  callsPerWindow: 300,
  removalsPerWindow: 30,
};

const FIVE_MINUTES_MS = 300_000;
const HALF_AN_HOUR_MS = 1_800_000;
/** `?id[]=` takes no more than a page of statuses. */
const MOST_AT_ONCE = 20;

/** The Mastodon API as far as a warning service uses it. Answers, limits and words follow version 4.3. */
export class MastodonServer {
  private readonly calls: RateWindow;
  private readonly removals: RateWindow;

  constructor(
    private readonly world: World,
    private readonly accounts: readonly PracticeAccount[],
    private readonly posts: Posts,
    private readonly settings: MastodonSettings,
  ) {
    this.calls = new RateWindow(settings.callsPerWindow, FIVE_MINUTES_MS);
    this.removals = new RateWindow(settings.removalsPerWindow, HALF_AN_HOUR_MS);
  }

  routes(): Route[] {
    const platform = this.platform();
    const { maxCharacters } = this.settings;
    const open = (method: string, path: string, answer: Route['answer']): Route => ({
      method,
      path,
      answer,
      platform,
    });
    const owned = (
      method: string,
      path: string,
      answer: (call: Call, account: PracticeAccount) => Promise<Answer> | Answer,
    ) => open(method, path, (call) => this.limited(call, answer));
    return [
      ...(this.settings.tellsLimits
        ? [
            open('GET', '/api/v2/instance', ({ origin }) => ({
              status: 200,
              body: instanceJson(origin, maxCharacters),
            })),
          ]
        : []),
      owned('GET', '/api/v1/accounts/verify_credentials', (call, account) => ({
        status: 200,
        body: accountJson(account, call.origin),
      })),
      owned('GET', '/api/v1/accounts/:id/statuses', (call) => this.statusesOf(call)),
      owned('POST', '/api/v1/statuses', (call, account) => this.post(call, account)),
      owned('GET', '/api/v1/statuses', (call) => this.many(call)),
      owned('GET', '/api/v1/statuses/:id', (call) => ({ status: 200, body: this.shown(call) })),
      owned('GET', '/api/v1/statuses/:id/context', (call) => this.context(call)),
      owned('PUT', '/api/v1/statuses/:id', (call, account) => this.edit(call, account)),
      owned('DELETE', '/api/v1/statuses/:id', (call, account) => this.remove(call, account)),
      owned('GET', '/api/v1/notifications', (call, account) => this.notifications(call, account)),
    ];
  }

  private platform(): Platform {
    return {
      fault: (call) => {
        const to = this.accountOf(call)?.handle;
        const on = call.method === 'GET' ? 'read' : 'write';
        return this.world.faults.take('mastodon', FAULT_KINDS.mastodon, {
          on,
          ...(to !== undefined && { to }),
        });
      },
      instead: (fault) => this.instead(fault),
    };
  }

  private instead(fault: Fault): Answer | undefined {
    switch (fault.kind) {
      case '429': {
        const resetAt = this.world.now() + fault.ms;
        const allowance = { limit: this.settings.callsPerWindow, remaining: 0, resetAt, allowed: false };
        return { status: 429, headers: rateHeaders(allowance), body: { error: 'Too many requests' } };
      }
      case '503':
        return {
          status: 503,
          headers: { 'content-type': 'text/html' },
          body: '<h1>503 Service Unavailable</h1>',
        };
      case '401':
        return unauthorised.answer;
      case 'refuse':
        return { status: 422, body: { error: "Validation failed: Text can't be blank" } };
      default:
        return undefined;
    }
  }

  private async limited(
    call: Call,
    answer: (call: Call, account: PracticeAccount) => Promise<Answer> | Answer,
  ): Promise<Answer> {
    const account = this.accountOf(call);
    if (account === undefined) throw unauthorised;
    const allowance = this.calls.take(account.handle, this.world.now());
    const headers = rateHeaders(allowance);
    if (!allowance.allowed) return { status: 429, headers, body: { error: 'Too many requests' } };
    const given = await answer(call, account);
    return { ...given, headers: { ...headers, ...given.headers } };
  }

  private accountOf(call: Call): PracticeAccount | undefined {
    const token = /^Bearer (.+)$/i.exec(call.headers.authorization ?? '')?.[1];
    return this.accounts.find((account) => account.secret === token);
  }

  private async post(call: Call, account: PracticeAccount): Promise<Answer> {
    const draft = await draftOf(call, this.settings.maxCharacters);
    if (
      draft.inReplyTo !== null &&
      this.posts.get(draft.inReplyTo) === undefined &&
      this.posts.reply(draft.inReplyTo) === undefined
    ) {
      throw told(404, 'The post you are trying to reply to does not appear to exist.');
    }
    const given = call.headers['idempotency-key'];
    const key = this.settings.honoursKey && typeof given === 'string' ? given : undefined;
    const post = await this.posts.add(account.handle, draft, key);
    return { status: 200, body: this.json(post, call) };
  }

  private async edit(call: Call, account: PracticeAccount): Promise<Answer> {
    const post = this.own(call, account);
    const edited = await this.posts.edit(post, await draftOf(call, this.settings.maxCharacters));
    return { status: 200, body: this.json(edited, call) };
  }

  private async remove(call: Call, account: PracticeAccount): Promise<Answer> {
    const allowance = this.removals.take(account.handle, this.world.now());
    const headers = rateHeaders(allowance);
    if (!allowance.allowed) return { status: 429, headers, body: { error: 'Too many requests' } };
    const post = this.own(call, account);
    const body = { ...this.json(post, call), text: post.text };
    await this.posts.remove(post);
    return { status: 200, headers, body };
  }

  private many(call: Call): Answer {
    const ids = [...new Set(call.query.getAll('id[]'))];
    if (ids.length > MOST_AT_ONCE) throw told(422, 'Validation failed');
    const found = ids.map((id) => this.posts.get(id)).filter((post) => post !== undefined);
    return { status: 200, body: found.map((post) => this.json(post, call)) };
  }

  private shown(call: Call): object {
    const id = call.params['id'] ?? '';
    const post = this.posts.get(id);
    if (post !== undefined) return this.json(post, call);
    const reply = this.posts.reply(id);
    if (reply === undefined) throw notFound;
    return replyJson(reply, call.origin);
  }

  private context(call: Call): Answer {
    const post = this.posts.get(call.params['id'] ?? '');
    if (post === undefined) throw notFound;
    const ancestors: object[] = [];
    for (
      let above = this.posts.get(post.inReplyTo ?? '');
      above;
      above = this.posts.get(above.inReplyTo ?? '')
    ) {
      ancestors.unshift(this.json(above, call));
    }
    const replies = this.posts.reactions(post).replies.map((reply) => replyJson(reply, call.origin));
    const ours = this.posts.under(post.id).map((below) => this.json(below, call));
    return { status: 200, body: { ancestors, descendants: [...replies, ...ours] } };
  }

  private statusesOf(call: Call): Answer {
    const account = this.accounts.find(({ handle }) => accountId(handle) === call.params['id']);
    if (account === undefined) throw notFound;
    const aside = call.query.get('exclude_replies') === 'true';
    const posts = this.posts.of(account.handle).filter((post) => !aside || post.inReplyTo === null);
    return { status: 200, body: page(posts, call.query, 20).map((post) => this.json(post, call)) };
  }

  private notifications(call: Call, account: PracticeAccount): Answer {
    const types = call.query.getAll('types[]');
    const mentions = types.length === 0 || types.includes('mention') ? this.repliesTo(account) : [];
    const body = page(mentions, call.query, 40).map((reply) => {
      const status = replyJson(reply, call.origin) as { account: object; created_at: string };
      return {
        id: reply.id,
        type: 'mention',
        created_at: status.created_at,
        account: status.account,
        status,
      };
    });
    return { status: 200, body };
  }

  private repliesTo(account: PracticeAccount): Reply[] {
    const replies = this.posts.of(account.handle).flatMap((post) => this.posts.reactions(post).replies);
    return replies.sort((a, b) => (BigInt(a.id) < BigInt(b.id) ? 1 : -1));
  }

  private own(call: Call, account: PracticeAccount): Post {
    const post = this.posts.get(call.params['id'] ?? '');
    if (post === undefined || post.handle !== account.handle) throw notFound;
    return post;
  }

  private json(post: Post, call: Call): object {
    const account = this.accounts.find(({ handle }) => handle === post.handle);
    return statusJson(
      post,
      account ?? { platform: 'mastodon', handle: post.handle, name: post.handle, secret: '' },
      this.posts,
      call.origin,
    );
  }
}
