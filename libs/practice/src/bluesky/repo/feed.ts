import type { PracticeAccount } from '../../platform/account.js';
import type { Answer } from '../../http/answer.js';
import type { Call } from '../../http/route.js';
import { didOf } from '../sessions.js';
import { keyOf, ok, pageOf, xrpcError } from '../xrpc.js';
import type { BlueskyCrowd, Reply } from './crowd.js';
import { POST, type Kept, type Repos } from './repos.js';

/** `getPosts` takes no more at once. */
const MOST_URIS = 25;

/** What readers see of the posts: counts, threads, and the replies that come in. */
export class Feed {
  constructor(
    private readonly repos: Repos,
    private readonly crowd: BlueskyCrowd,
  ) {}

  /** `app.bsky.feed.getPosts`: those that are there, of at most 25. */
  posts(call: Call): Answer {
    const uris = call.query.getAll('uris');
    if (uris.length === 0 || uris.length > MOST_URIS) {
      throw xrpcError(400, 'InvalidRequest', `uris must have between 1 and ${MOST_URIS} elements`);
    }
    const found = uris.map((uri) => this.repos.get(uri)).filter((post) => post !== undefined);
    return ok({ posts: found.map((post) => this.view(post)) });
  }

  /** `app.bsky.feed.getPostThread`: the post and what answers it directly. */
  thread(call: Call): Answer {
    const post = this.repos.get(call.query.get('uri') ?? '');
    if (post === undefined) throw xrpcError(400, 'NotFound', `Post not found: ${call.query.get('uri')}`);
    const replies = [
      ...this.crowd.reactions(post).replies.map(replyView),
      ...this.repos.under(post.uri).map((own) => this.view(own)),
    ];
    const $type = 'app.bsky.feed.defs#threadViewPost';
    return ok({
      thread: {
        $type,
        post: this.view(post),
        replies: replies.map((reply) => ({ $type, post: reply, replies: [] })),
      },
    });
  }

  /**
   * `app.bsky.notification.listNotifications`: the replies of the public that show. They are dated and sorted by the earlier of the author's
   * clock and the arrival (atproto, data plane of the app view: `sortAt`), so one that was held up comes in below others.
   */
  notifications(call: Call, { handle }: PracticeAccount): Answer {
    const all = this.repos
      .list(didOf(handle), POST)
      .flatMap((post) => this.crowd.reactions(post).replies)
      .sort((a, b) => (keyOf(a.uri) < keyOf(b.uri) ? 1 : -1)); // a key is the time of writing
    const { page, next } = pageOf(all, call.query);
    const notifications = page.map((reply) => {
      const { uri, cid, author, record } = replyView(reply);
      return {
        uri,
        cid,
        author,
        reason: 'reply',
        reasonSubject: reply.under.uri,
        record,
        isRead: false,
        indexedAt: new Date(Math.min(reply.writtenAt, reply.shownAt)).toISOString(),
      };
    });
    return ok({ notifications, ...next });
  }

  private view(post: Kept): object {
    const { shares, likes, quotes, replies } = this.crowd.reactions(post);
    return {
      $type: 'app.bsky.feed.defs#postView',
      uri: post.uri,
      cid: post.cid,
      author: { did: didOf(post.handle), handle: post.handle },
      record: post.record,
      replyCount: replies.length + this.repos.under(post.uri).length,
      repostCount: shares,
      likeCount: likes,
      quoteCount: quotes,
      bookmarkCount: 0,
      indexedAt: new Date(post.at).toISOString(),
      labels: [],
    };
  }
}

function replyView({ uri, cid, handle, name, record, shownAt }: Reply) {
  return {
    $type: 'app.bsky.feed.defs#postView',
    uri,
    cid,
    author: { did: didOf(handle), handle, displayName: name },
    record,
    replyCount: 0,
    repostCount: 0,
    likeCount: 0,
    quoteCount: 0,
    bookmarkCount: 0,
    indexedAt: new Date(shownAt).toISOString(),
    labels: [],
  };
}
