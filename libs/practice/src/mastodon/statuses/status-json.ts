import type { PracticeAccount } from '../../platform/account.js';
import { escapeHtml } from '../../desk/html.js';
import { CHARACTERS_PER_URL } from './draft.js';
import type { MastodonCrowd, Reply } from './crowd.js';
import type { Post, Posts } from './posts.js';

/** A Status entity of the Mastodon API, as far as clients of a warning service read it (docs: entities/Status). */
export function statusJson(
  post: Post,
  account: PracticeAccount,
  { posts, crowd }: { posts: Posts; crowd: MastodonCrowd },
  origin: string,
): object {
  const { shares, likes, quotes, replies } = crowd.reactions(post);
  return {
    ...shell(post.id, post.text, origin, account.handle),
    created_at: new Date(post.at).toISOString(),
    edited_at: post.editedAt === null ? null : new Date(post.editedAt).toISOString(),
    in_reply_to_id: post.inReplyTo,
    in_reply_to_account_id: post.inReplyTo === null ? null : accountId(account.handle),
    sensitive: post.spoiler !== '',
    spoiler_text: post.spoiler,
    visibility: post.visibility,
    language: post.language,
    replies_count: replies.length + posts.under(post.id).length,
    reblogs_count: shares,
    favourites_count: likes,
    quotes_count: quotes,
    account: accountJson(account, origin),
  };
}

/** A reply from the public, in the same form. */
export function replyJson(reply: Reply, origin: string): object {
  const account = { platform: 'mastodon' as const, handle: reply.handle, name: reply.name, secret: '' };
  return {
    ...shell(reply.id, `@${reply.under.handle} ${reply.text}`, origin, reply.handle),
    created_at: new Date(reply.shownAt).toISOString(),
    edited_at: null,
    in_reply_to_id: reply.under.id,
    in_reply_to_account_id: accountId(reply.under.handle),
    sensitive: false,
    spoiler_text: '',
    visibility: 'public',
    language: 'en',
    replies_count: 0,
    reblogs_count: 0,
    favourites_count: 0,
    quotes_count: 0,
    account: accountJson(account, origin),
  };
}

/** An Account entity. */
export function accountJson({ handle, name }: PracticeAccount, origin: string): object {
  return {
    id: accountId(handle),
    username: handle,
    acct: handle,
    display_name: name,
    locked: false,
    bot: false,
    created_at: '2026-01-01T00:00:00.000Z',
    note: '',
    url: `${origin}/@${handle}`,
    uri: `${origin}/users/${handle}`,
    followers_count: 0,
    following_count: 0,
    statuses_count: 0,
    emojis: [],
    fields: [],
  };
}

/** An Instance entity (version 2): what a client must know before it posts. */
export function instanceJson(origin: string, maxCharacters: number): object {
  return {
    domain: new URL(origin).host,
    title: 'Practice world',
    version: '4.3.0',
    source_url: '',
    description: 'Nothing here leaves this machine.',
    languages: ['en', 'cy'],
    configuration: {
      urls: {},
      accounts: {},
      polls: {},
      translation: { enabled: false },
      statuses: {
        max_characters: maxCharacters,
        max_media_attachments: 4,
        characters_reserved_per_url: CHARACTERS_PER_URL,
      },
      media_attachments: {
        supported_mime_types: ['image/jpeg', 'image/png'],
        description_limit: 1500,
        image_size_limit: 16_777_216,
      },
    },
    registrations: { enabled: false, approval_required: false, message: null },
    api_versions: { mastodon: 2 },
    rules: [],
  };
}

/** Stable for a handle: a restart must not give an account another id. */
export function accountId(handle: string): string {
  let hash = 5381n;
  for (const byte of Buffer.from(handle)) hash = (hash * 33n + BigInt(byte)) & 0xffffffffffffn;
  return String(hash);
}

function shell(id: string, text: string, origin: string, handle: string): object {
  return {
    id,
    uri: `${origin}/users/${handle}/statuses/${id}`,
    url: `${origin}/@${handle}/${id}`,
    content: asHtml(text),
    reblog: null,
    application: { name: 'Practice world', website: null },
    media_attachments: [],
    mentions: [],
    tags: [],
    emojis: [],
    card: null,
    poll: null,
    favourited: false,
    reblogged: false,
    muted: false,
    bookmarked: false,
  };
}

function asHtml(text: string): string {
  const paragraphs = escapeHtml(text).split(/\n{2,}/);
  return paragraphs.map((paragraph) => `<p>${paragraph.replaceAll('\n', '<br />')}</p>`).join('');
}
