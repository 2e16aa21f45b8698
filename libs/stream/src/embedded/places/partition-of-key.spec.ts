import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { partitionOfKey } from './partition-of-key.js';

describe('the partition of a key', () => {
  it('is FNV-1a modulo the partitions: the published vectors of draft-eastlake-fnv', () => {
    const whole = 2 ** 32;
    expect(partitionOfKey('', whole)).toBe(0x811c9dc5);
    expect(partitionOfKey('a', whole)).toBe(0xe40c292c);
    expect(partitionOfKey('foobar', whole)).toBe(0xbf9cf968);
  });

  it('is one of the partitions, whatever the key', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: 1, max: 100 }), (key, partitions) => {
        const partition = partitionOfKey(key, partitions);
        return Number.isInteger(partition) && partition >= 0 && partition < partitions;
      }),
      { seed: 20261121 },
    );
  });

  it('spreads the warnings of a busy day evenly', () => {
    const counts = [0, 0, 0, 0, 0, 0];
    for (let n = 0; n < 6_000; n += 1)
      counts[partitionOfKey(`wrn_${n.toString(16).padStart(32, '0')}`, 6)]! += 1;
    for (const count of counts) expect(Math.abs(count - 1_000)).toBeLessThan(150);
  });
});
