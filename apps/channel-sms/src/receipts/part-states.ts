/** What a gateway can tell about one part (SMPP 3.4 §5.2.28), in our words. */
export type PartState =
  'unknown' | 'en-route' | 'accepted' | 'rejected' | 'deleted' | 'expired' | 'undeliverable' | 'delivered';

type Row = { state: PartState; code: number; word: string; rank: number };

/**
 * The states by their code, by their word in a receipt's text, and by rank. Receipts repeat and come in any order, so a part
 * only ever rises: delivered beats every other end, an end beats being on the way, and "unknown" lowers nothing. Between two
 * different ends that are not delivered the order means nothing; it is fixed so that any order of arrival comes to the same.
 */
export const STATES: readonly Row[] = [
  { state: 'unknown', code: 7, word: 'UNKNOWN', rank: 0 },
  { state: 'en-route', code: 1, word: 'ENROUTE', rank: 1 },
  { state: 'accepted', code: 6, word: 'ACCEPTD', rank: 2 },
  { state: 'rejected', code: 8, word: 'REJECTD', rank: 3 },
  { state: 'deleted', code: 4, word: 'DELETED', rank: 4 },
  { state: 'expired', code: 3, word: 'EXPIRED', rank: 5 },
  { state: 'undeliverable', code: 5, word: 'UNDELIV', rank: 6 },
  { state: 'delivered', code: 2, word: 'DELIVRD', rank: 7 },
];

const rankOf = new Map(STATES.map(({ state, rank }) => [state, rank]));

export const stateOfCode = (code: number | undefined): PartState | undefined =>
  STATES.find((row) => row.code === code)?.state;

/** Gateways cut the words to seven letters, or not; the first five tell them apart. Some write the code in their place. */
export function stateOfWord(word: string | undefined): PartState | undefined {
  if (word === undefined) return undefined;
  if (/^\d$/.test(word)) return stateOfCode(Number(word));
  return STATES.find((row) => word.toUpperCase().startsWith(row.word.slice(0, 5)))?.state;
}

/** How high a state stands: the higher one holds. */
export const rank = (state: PartState): number => rankOf.get(state)!;

/** Which of two states holds. */
export const higher = (one: PartState, other: PartState): PartState =>
  rank(one) >= rank(other) ? one : other;

/** Whether nothing more is to come, and it did not arrive. */
export const isLost = (state: PartState): boolean => state !== 'delivered' && rank(state) >= rank('rejected');

/** What is known of a whole text: delivered when every part of one attempt is; lost when no attempt can still arrive. */
export function wholeState(
  attempts: readonly { parts: number; states: readonly PartState[] }[],
): 'delivered' | 'undelivered' | 'open' {
  if (attempts.some(({ parts, states }) => states.filter((state) => state === 'delivered').length >= parts)) {
    return 'delivered';
  }
  return attempts.length > 0 && attempts.every(({ states }) => states.some(isLost)) ? 'undelivered' : 'open';
}
