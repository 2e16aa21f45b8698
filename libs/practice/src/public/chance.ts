import { createHash } from 'node:crypto';

/**
 * An endless row of numbers in [0, 1) that depends on the words alone: the same words give the same row on any
 * machine, in any order of asking. Never a clock, an id or a counter among the words, or a run cannot be repeated.
 */
export function chance(...words: readonly (string | number)[]): () => number {
  const key = createHash('sha256').update(words.join('\n')).digest();
  let state = key.readUInt32BE(0);
  let step = key.readUInt32BE(4) | 1; // odd, so that the row has its full length
  // Marsaglia's xorshift32 plus a Weyl sequence: small, and even enough for a public of thousands.
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    step = (step + 0x9e3779b9) | 0;
    return ((state + step) >>> 0) / 2 ** 32;
  };
}

/** One of the choices. The list must not be empty. */
export function pick<Choice>(next: () => number, choices: readonly Choice[]): Choice {
  const chosen = choices[Math.floor(next() * choices.length)];
  if (chosen === undefined) throw new RangeError('nothing to pick from');
  return chosen;
}
