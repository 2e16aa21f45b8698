import type { Outcome, SendRefusal } from '../adapter/outcome.js';
import type { Settled } from '../chunks/delivery-store.js';
import type { Sendable } from './approved-post.js';
import type { PostRow } from './post-store.js';

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
