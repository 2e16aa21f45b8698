import type { Answer } from '../http/answer.js';
import type { Call } from '../http/route.js';
import type { PracticeAccount } from '../platform/account.js';
import { notFound, page } from './answers.js';
import type { MastodonCrowd } from './statuses/crowd.js';
import type { Posts } from './statuses/posts.js';
import type { StatusCalls } from './statuses/status-calls.js';
import { accountId, replyJson } from './statuses/status-json.js';

/** What is read page by page: the statuses of an account, and who mentioned it. */
export class Reading {
  constructor(
    private readonly of: { posts: Posts; crowd: MastodonCrowd; accounts: readonly PracticeAccount[] },
    private readonly statuses: StatusCalls,
  ) {}

  /** The statuses of one account, newest first. */
  statusesOf(call: Call): Answer {
    const account = this.of.accounts.find(({ handle }) => accountId(handle) === call.params['id']);
    if (account === undefined) throw notFound;
    const aside = call.query.get('exclude_replies') === 'true';
    const posts = this.of.posts.of(account.handle).filter((post) => !aside || post.inReplyTo === null);
    return { status: 200, body: page(posts, call.query, 20).map((post) => this.statuses.json(post, call)) };
  }

  /** Who answered the account, newest first: mentions are the one kind that there is. */
  notifications(call: Call, account: PracticeAccount): Answer {
    const types = call.query.getAll('types[]');
    const wanted = types.length === 0 || types.includes('mention');
    const mentions = wanted ? this.of.crowd.repliesTo(account.handle) : [];
    const body = page(mentions, call.query, 40).map((reply) => {
      const status = replyJson(reply, call.origin) as { account: object; created_at: string };
      const { account: from, created_at } = status;
      return { id: reply.id, type: 'mention', created_at, account: from, status };
    });
    return { status: 200, body };
  }
}
