import fc from 'fast-check';

/** Of every property here, so that a run can be repeated; a failure prints it with the path to the smallest case. */
export const SEED = 20_261_121;

/** Fails when the property does not hold for one of `runs` cases; prints the seed that repeats the run. */
export function holds<T extends [unknown, ...unknown[]]>(
  property: fc.IPropertyWithHooks<T> | fc.IProperty<T>,
  runs = 300,
): void {
  process.stdout.write(`property of ${runs} cases, seed ${SEED}\n`);
  fc.assert(property, { seed: SEED, numRuns: runs });
}
