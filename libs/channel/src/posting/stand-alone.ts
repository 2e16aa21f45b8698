import { deliveryId, type Log } from '#runtime';
import type { Outcome, SendRefusal } from '../adapter/outcome.js';
import type { TakenChunk } from '../chunks/chunk-store.js';
import type { DeliveryStore, Settled } from '../chunks/delivery-store.js';
import { textsOf, type Sendable } from '../approved/approved-post.js';
import type { PostRow, PostStore } from './post-store.js';

/** Refusals of an answer that say nothing of its words: what it answers is gone, or may not be answered (CHANNELS §B.0, §B.1). */
const NOT_AS_AN_ANSWER: ReadonlySet<SendRefusal> = new Set(['target-gone', 'reply-not-allowed']);

/** What the report says of a post that was to be an answer. */
const STANDS_ALONE = 'it stands alone: the post that it was to answer is gone';

/**
 * Whether the platform refused the answer and not the words: then the public gets the text that was approved to stand alone, as a
 * post of its own (DESIGN §3 P7). Only where a language begins: the later posts of a thread are no text by themselves.
 */
export function mustStandAlone(
  { answersEarlier }: Pick<Sendable, 'answersEarlier'>,
  post: Pick<PostRow, 'standsAlone'>,
  outcome: Outcome,
): boolean {
  return (
    answersEarlier &&
    !post.standsAlone &&
    outcome.outcome === 'refused' &&
    NOT_AS_AN_ANSWER.has(outcome.reason)
  );
}

/** What was settled, and that it stands alone where it was to be an answer. */
export const saying = (post: Pick<PostRow, 'standsAlone'>, settled: Settled): Settled =>
  post.standsAlone && settled.state === 'accepted' ? { ...settled, detail: STANDS_ALONE } : settled;

/**
 * The posts of this language are due at once by themselves; `window` is that of the answer that was refused. False where no text was
 * approved that could stand alone.
 */
export async function standAlone(
  chunk: TakenChunk,
  post: PostRow,
  window: bigint,
  { deliveries, posts, log }: { deliveries: DeliveryStore; posts: PostStore; log: Log },
): Promise<boolean> {
  const { key, accountId } = chunk;
  const { deliveryId: id, language } = post;
  const texts = textsOf(chunk, { ...post, standsAlone: true });
  if (texts.length === 0) return false;
  log.warn({ ...key, deliveryId: id }, 'the post to be answered is gone: this one stands alone');
  const again = { deliveryId: id, state: 'deferred', at: null, waitMs: 0, tried: true } as const;
  await deliveries.settle(chunk, window, [{ ...again, detail: 'the post that it was to answer is gone' }]);
  const rows = await posts.all(key);
  const planned = rows.filter((row) => row.language === language).length;
  const last = Math.max(...rows.map(({ part }) => part));
  const more = texts.slice(planned).map((_, n) => {
    const part = last + n + 1;
    return { part, deliveryId: deliveryId({ ...key, channel: 'social', target: accountId, part }) };
  });
  await posts.standAlone(chunk, language, more);
  return true;
}
