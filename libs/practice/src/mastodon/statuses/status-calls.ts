import type { Answer } from '../../http/answer.js';
import { RateWindow } from '../../http/rate-window.js';
import type { Call } from '../../http/route.js';
import type { PracticeAccount } from '../../platform/account.js';
import { notFound, rateHeaders, told } from '../answers.js';
import type { MastodonCrowd } from './crowd.js';
import { draftOf, type Asked } from './draft.js';
import type { Post, Posts } from './posts.js';
import { replyJson, statusJson } from './status-json.js';

/** What statuses are limited by: `honoursKey` false is a clone that posts twice, `removalsPerWindow` counts for half an hour. */
export type StatusLimits = { maxCharacters: number; honoursKey: boolean; removalsPerWindow: number };

const HALF_AN_HOUR_MS = 1_800_000;
/** `?id[]=` takes no more than a page of statuses. */
const MOST_AT_ONCE = 20;
/** Nothing can be scheduled for sooner (docs: methods/statuses). */
const SOONEST_MS = 300_000;

/** What accounts do with their statuses, and what readers see of them. */
export class StatusCalls {
  private readonly removals: RateWindow;

  constructor(
    private readonly of: { posts: Posts; crowd: MastodonCrowd; accounts: readonly PracticeAccount[] },
    private readonly limits: StatusLimits,
    private readonly now: () => number,
  ) {
    this.removals = new RateWindow({ limit: limits.removalsPerWindow, windowMs: HALF_AN_HOUR_MS });
  }

  /** Posts now. A time in the future gets another entity, and the post comes later: a client that did not mean to must find out. */
  async post(call: Call, account: PracticeAccount): Promise<Answer> {
    const { posts, crowd } = this.of;
    const { scheduledAt, ...draft } = await draftOf(call, this.limits.maxCharacters);
    const above = draft.inReplyTo;
    if (above !== null && posts.get(above) === undefined && crowd.reply(above) === undefined) {
      throw told(404, 'The post you are trying to reply to does not appear to exist.');
    }
    if (scheduledAt !== null) return this.scheduled({ ...draft, scheduledAt });
    const given = call.headers['idempotency-key'];
    const key = this.limits.honoursKey && typeof given === 'string' ? given : undefined;
    const post = await posts.add(account.handle, draft, key);
    return { status: 200, body: this.json(post, call) };
  }

  private scheduled({ scheduledAt, ...params }: Asked): Answer {
    if (Date.parse(scheduledAt ?? '') < this.now() + SOONEST_MS)
      throw told(422, 'Validation failed: Scheduled at The scheduled date must be in the future');
    const body = { id: '1', scheduled_at: scheduledAt, params, media_attachments: [] };
    return { status: 200, body };
  }

  /** Replaces the words, under the same id. */
  async edit(call: Call, account: PracticeAccount): Promise<Answer> {
    const post = this.own(call, account);
    const edited = await this.of.posts.edit(post, await draftOf(call, this.limits.maxCharacters));
    return { status: 200, body: this.json(edited, call) };
  }

  /** Takes the status away, and answers with what it said. */
  async remove(call: Call, account: PracticeAccount): Promise<Answer> {
    const allowance = this.removals.take(account.handle, this.now());
    const headers = rateHeaders(allowance);
    if (!allowance.allowed) return { status: 429, headers, body: { error: 'Too many requests' } };
    const post = this.own(call, account);
    const body = { ...this.json(post, call), text: post.text };
    await this.of.posts.remove(post);
    return { status: 200, headers, body };
  }

  /** Several at once; those that are gone are left out. */
  many(call: Call): Answer {
    const ids = [...new Set(call.query.getAll('id[]'))];
    if (ids.length > MOST_AT_ONCE) throw told(422, 'Validation failed');
    const found = ids.map((id) => this.of.posts.get(id)).filter((post) => post !== undefined);
    return { status: 200, body: found.map((post) => this.json(post, call)) };
  }

  /** One status or reply of the public. */
  shown(call: Call): object {
    const id = call.params['id'] ?? '';
    const post = this.of.posts.get(id);
    if (post !== undefined) return this.json(post, call);
    const reply = this.of.crowd.reply(id);
    if (reply === undefined) throw notFound;
    return replyJson(reply, call.origin);
  }

  /** What stands above and below in its thread. */
  context(call: Call): Answer {
    const post = this.of.posts.get(call.params['id'] ?? '');
    if (post === undefined) throw notFound;
    const ancestors: object[] = [];
    for (
      let above = this.of.posts.get(post.inReplyTo ?? '');
      above;
      above = this.of.posts.get(above.inReplyTo ?? '')
    ) {
      ancestors.unshift(this.json(above, call));
    }
    const replies = this.of.crowd.reactions(post).replies.map((reply) => replyJson(reply, call.origin));
    const ours = this.of.posts.under(post.id).map((below) => this.json(below, call));
    return { status: 200, body: { ancestors, descendants: [...replies, ...ours] } };
  }

  private own(call: Call, account: PracticeAccount): Post {
    const post = this.of.posts.get(call.params['id'] ?? '');
    if (post === undefined || post.handle !== account.handle) throw notFound;
    return post;
  }

  /** The status as every answer shows it. */
  json(post: Post, call: Call): object {
    const account = this.of.accounts.find(({ handle }) => handle === post.handle);
    return statusJson(
      post,
      account ?? { platform: 'mastodon', handle: post.handle, name: post.handle, secret: '' },
      this.of,
      call.origin,
    );
  }
}
