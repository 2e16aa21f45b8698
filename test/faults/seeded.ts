import { createHash } from 'node:crypto';

/** A source of numbers from 0 to below 1 that a seed repeats: the n-th call with the same seed and names gives the same number. */
export function seeded(seed: string, ...names: readonly (string | number)[]): () => number {
  let calls = 0;
  return () => {
    calls += 1;
    const digest = createHash('sha256')
      .update([seed, ...names, calls].join('\n'))
      .digest();
    return digest.readUInt32BE(0) / 2 ** 32;
  };
}
