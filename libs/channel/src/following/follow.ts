import type { Act, ComposedText, Variant, WarningContent } from '#contracts';

/** What one recipient or account got of one earlier version. */
export type Earlier = { deliveryId: string; version: number; state: string; unknowns: number };

/** What a target of an earlier version gets of this one: nothing, or a variant, and which delivery it answers. */
export type Follow = { variant: Variant; answers: string | null } | 'nothing';

/**
 * What somebody gets who stands in the record of an earlier version (WARNINGS §3, "After partial failure").
 * Accepted: the update answers the first message. Only `unknown`: worded to stand alone, because it may not have arrived.
 * Nothing arrived: a cancel or an all-clear says nothing to them, since taking back what they never saw spreads alarm; an
 * update reaches them as a first message if they live in its area, which is the area's business and not this one's.
 */
export function follow(act: Act, earlier: readonly Earlier[]): Follow {
  const accepted = earlier
    .filter(({ state }) => state === 'accepted')
    .toSorted((a, b) => a.version - b.version);
  const first = accepted[0];
  if (first !== undefined)
    return { variant: act === 'cancel' ? 'alone' : 'thread', answers: first.deliveryId };
  const mayHave = earlier.some(({ state, unknowns }) => state === 'unknown' || unknowns > 0);
  return mayHave ? { variant: 'alone', answers: null } : 'nothing';
}

/** Whether a version goes to those in its area who got nothing before. An all-clear does not: it would be their first word of it. */
export function reachesOut(act: Act, message: WarningContent['message']): boolean {
  return act === 'issue' && message !== 'all-clear';
}

/** Where the wished variant was not composed, the next best one; never one that answers where nothing was shown. */
const INSTEAD: Readonly<Record<Variant, readonly Variant[]>> = {
  first: ['first', 'alone'],
  alone: ['alone', 'first'],
  thread: ['thread', 'alone', 'first'],
};

/** The approved text for an act, variant and language; a language that the version lacks gets its first one (DESIGN §6). */
export function pickText(
  texts: readonly ComposedText[],
  wished: { act: Act; variant: Variant; language: string; accountId?: string },
): ComposedText | undefined {
  const mine = texts.filter(
    (text) =>
      text.act === wished.act && (wished.accountId === undefined || text.accountId === wished.accountId),
  );
  for (const variant of wished.act === 'cancel' ? CANCEL : INSTEAD[wished.variant]) {
    const fitting = mine.filter((text) => text.variant === variant);
    const found = fitting.find(({ language }) => language === wished.language) ?? fitting[0];
    if (found !== undefined) return found;
  }
  return undefined;
}

/** A cancel text always stands alone, under whatever variant it was composed. */
const CANCEL: readonly Variant[] = ['alone', 'first', 'thread'];
