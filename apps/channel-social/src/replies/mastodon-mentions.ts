import type { Ctx, InboundItem } from '#channel';
import { toInstant, type Instant } from '#contracts';
import { z } from 'zod';
import { answered } from '../http/answered.js';
import type { Heard } from '../http/platform-http.js';
import { plainText, PlatformId } from '../mastodon/own-statuses.js';
import { replyText } from './reply-text.js';

/** A GET as the account. */
export type Ask = (path: string, query?: readonly (readonly [string, string])[]) => Promise<Heard>;

/** Most notifications per page (Mastodon API, notifications). */
const PAGE = 40;
/** Pages that one look reads; the next look goes on from there. */
const MOST_PAGES = 10;
/** Threads that one look reads, to find which post of ours they are about. */
const MOST_THREADS = 20;
/** Where an account begins that nobody has answered yet. */
const BEGINNING = '0';

const Named = z.looseObject({ id: PlatformId });
const Theirs = Named.extend({ account: Named });
const Mention = z.looseObject({
  id: PlatformId,
  type: z.literal('mention').default('mention'),
  created_at: z.string().default(''),
  account: Named,
  status: Named.extend({
    content: z.string().default(''),
    in_reply_to_id: PlatformId.nullish(),
    in_reply_to_account_id: PlatformId.nullish(),
  }),
});
type Mention = z.infer<typeof Mention>;
const Thread = z.looseObject({ ancestors: z.array(Theirs) });

/**
 * Mentions after `cursor`, oldest first; from the newest page on when it is null. Reads forward, so that whatever number came,
 * none is stepped over: a page that fails ends the look, and what was read before it stands.
 */
export async function readMentions(
  ask: Ask,
  ownId: () => Promise<string | undefined>,
  cursor: string | null,
  ctx: Ctx,
): Promise<{ items: InboundItem[]; cursor: string | null }> {
  const found = new Map<string, Mention>();
  let at = cursor;
  for (let n = 0; n < MOST_PAGES; n += 1) {
    const after = at === null ? [] : [['min_id', at] as const];
    const heard = await ask('/api/v1/notifications', [
      ['types[]', 'mention'],
      ['limit', String(PAGE)],
      ...after,
    ]);
    const page = answered(heard, z.array(z.unknown()));
    if (page === undefined) {
      ctx.log.warn({ heard: heard.heard }, 'mentions could not be read and are tried again');
      break;
    }
    for (const one of page.toReversed()) {
      const mention = Mention.safeParse(one).data;
      if (mention !== undefined) found.set(mention.id, mention);
    }
    const newest = page.map((one) => Named.safeParse(one).data?.id).find((id) => id !== undefined);
    const wasFirst = at === null;
    const stood = newest === undefined || newest === at;
    at = newest ?? at ?? BEGINNING;
    if (wasFirst || stood || page.length < PAGE) break;
  }
  return { items: await itemsOf([...found.values()], ask, ownId, ctx.clock.now()), cursor: at };
}

async function itemsOf(
  mentions: readonly Mention[],
  ask: Ask,
  ownId: () => Promise<string | undefined>,
  now: Instant,
): Promise<InboundItem[]> {
  const items: InboundItem[] = [];
  let threads = 0;
  for (const { id, created_at: at, account, status } of mentions) {
    let about = status.in_reply_to_id ?? null;
    const to = status.in_reply_to_account_id ?? null;
    if (about !== null && to !== null && threads < MOST_THREADS && to !== (await ownId())) {
      threads += 1;
      about = (await ourPostAbove(status.id, ask, ownId)) ?? about;
    }
    const written = Date.parse(at);
    items.push({
      id,
      at: Number.isNaN(written) ? now : toInstant(written),
      text: replyText(plainText(status.content)),
      author: account.id,
      answers: about === null ? null : { id: about },
    });
  }
  return items;
}

/** Where people talk among themselves below our post: the nearest of ours above them. */
async function ourPostAbove(
  statusId: string,
  ask: Ask,
  ownId: () => Promise<string | undefined>,
): Promise<string | undefined> {
  const thread = answered(await ask(`/api/v1/statuses/${encodeURIComponent(statusId)}/context`), Thread);
  const own = await ownId();
  return thread?.ancestors.findLast(({ account }) => account.id === own)?.id;
}
