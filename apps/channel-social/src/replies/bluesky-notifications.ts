import type { Ctx, InboundItem } from '#channel';
import { Instant, toInstant } from '#contracts';
import { z } from 'zod';
import { answered } from '../http/answered.js';
import type { Heard } from '../http/platform-http.js';
import { replyText } from './reply-text.js';

/** Makes one call as the account; undefined when there is no login to make it with. */
export type List = (query: readonly (readonly [string, string])[]) => Promise<Heard | undefined>;

/** What is an answer; likes and reposts come as notifications as well, by the thousand. */
const REASONS = ['reply', 'mention', 'quote'];
/** Pages of a hundred that one look reads. */
const MOST_PAGES = 30;
/**
 * How far below the newest one that was read the next look goes. Bluesky dates and sorts a notification by the earlier of its author's
 * clock and its arrival (atproto, data plane of the app view: `sortAt`): a reply that was held up on its way, or whose author's clock
 * is slow, comes in below others. An hour is more than people's clocks and telephones without a signal mostly need, and seldom a second page.
 */
const OVERLAP_MS = 60 * 60 * 1_000;
/** Where an account begins that nobody has answered yet: every page of what comes from now on is read. */
const BEGINNING = toInstant(0);

const Page = z.looseObject({ cursor: z.string().optional(), notifications: z.array(z.unknown()) });
const Dated = z.looseObject({ indexedAt: z.coerce.date() });
const Post = z.looseObject({ uri: z.string() });
const Note = z.looseObject({
  uri: z.string(),
  reason: z.enum(REASONS),
  reasonSubject: z.string().optional(),
  author: z.looseObject({ did: z.string() }),
  record: z.looseObject({
    text: z.string().default(''),
    reply: z.looseObject({ root: Post }).optional().catch(undefined),
  }),
});

/**
 * Replies, mentions and quotes since an hour before the moment `cursor`, oldest first: the reader knows what it has. From null the newest
 * page alone: an account that is new to us may have years behind it. A page may be empty and have others behind it (the server filters).
 * Pages come newest first, so one that fails leaves the cursor where it was, and what was read before it stands.
 */
export async function readNotifications(
  list: List,
  cursor: string | null,
  ctx: Ctx,
): Promise<{ items: InboundItem[]; cursor: string | null }> {
  const items = new Map<string, InboundItem>();
  const floor = cursor === null ? '' : toInstant(Date.parse(cursor) - OVERLAP_MS);
  let newest = cursor;
  let metKnown = false;
  let below: string | undefined;
  for (let n = 0; ; n += 1) {
    if (n === MOST_PAGES) {
      const left = 'more replies came than one look can read: older ones are left out';
      if (!metKnown) ctx.log.error({ since: cursor, read: items.size }, left);
      break;
    }
    const heard = await list([
      ['limit', '100'],
      ...REASONS.map((reason) => ['reasons', reason] as const),
      ...(below === undefined ? [] : [['cursor', below] as const]),
    ]);
    const page = heard === undefined ? undefined : answered(heard, Page);
    if (page === undefined) {
      ctx.log.warn(
        { heard: heard?.heard ?? 'no login', read: items.size },
        'replies could not be read to the end and are tried again',
      );
      return { items: oldestFirst(items), cursor };
    }
    const dated = page.notifications.map((one) => ({ one, at: Dated.safeParse(one).data?.indexedAt }));
    let reached = false;
    for (const { one, at: indexed } of dated) {
      if (indexed === undefined) continue;
      const at = Instant.parse(indexed.toISOString());
      metKnown ||= cursor !== null && at <= cursor;
      reached ||= at < floor;
      if (at < floor) continue;
      if (newest === null || at > newest) newest = at;
      const note = Note.safeParse(one).data;
      if (note !== undefined) items.set(note.uri, itemOf(note, at));
    }
    below = page.cursor;
    if (below === undefined) newest ??= BEGINNING;
    if (below === undefined || reached || (cursor === null && newest !== null)) break;
  }
  return { items: oldestFirst(items), cursor: newest };
}

const oldestFirst = (items: ReadonlyMap<string, InboundItem>): InboundItem[] =>
  [...items.values()].toReversed().sort((a, b) => Date.parse(a.at) - Date.parse(b.at));

function itemOf({ uri, reasonSubject, author, record }: z.infer<typeof Note>, at: Instant): InboundItem {
  const about = record.reply?.root.uri ?? reasonSubject;
  return {
    id: uri,
    at,
    text: replyText(record.text),
    author: author.did,
    answers: about === undefined ? null : { id: about },
  };
}
