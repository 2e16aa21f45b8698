import { describe, expect, it } from '@jest/globals';
import type { StreamMessage } from '../../event-stream.js';
import { Recent } from './recent.js';

const place = { topic: 'exercise.warnings.v1', partition: 0 };

function run(from: number, count: number, bytes = 10): StreamMessage[] {
  return Array.from({ length: count }, (_, n) => ({
    ...place,
    offset: BigInt(from + n),
    key: 'wrn_1',
    value: new Uint8Array(bytes),
    headers: {},
    eventId: `/larum/test wrn_1@${from + n}`,
  }));
}

const offsets = (messages: readonly StreamMessage[]): number[] =>
  messages.map(({ offset }) => Number(offset));

describe('what was published just now', () => {
  it('is there from any offset that is kept, up to the limit', () => {
    const recent = new Recent();
    recent.keep(run(5, 4));
    expect(offsets(recent.from({ ...place, offset: 5n, limit: 10 }))).toEqual([5, 6, 7, 8]);
    expect(offsets(recent.from({ ...place, offset: 7n, limit: 1 }))).toEqual([7]);
  });

  it('is left to the database before, behind and elsewhere', () => {
    const recent = new Recent();
    recent.keep(run(5, 4));
    for (const offset of [0n, 4n, 9n, 100n]) expect(recent.from({ ...place, offset, limit: 10 })).toEqual([]);
    expect(recent.from({ ...place, partition: 1, offset: 5n, limit: 10 })).toEqual([]);
    expect(recent.from({ ...place, topic: 'exercise.incidents.v1', offset: 5n, limit: 10 })).toEqual([]);
  });

  it('never has a hole: what another process published between starts it anew', () => {
    const recent = new Recent();
    recent.keep(run(0, 3));
    recent.keep(run(5, 2)); // 3 and 4 are somebody else's
    expect(recent.from({ ...place, offset: 2n, limit: 10 })).toEqual([]);
    expect(offsets(recent.from({ ...place, offset: 5n, limit: 10 }))).toEqual([5, 6]);
  });

  it('is bounded by count and by size', () => {
    const recent = new Recent();
    recent.keep(run(0, 1_000));
    expect(recent.from({ ...place, offset: 743n, limit: 1_000 })).toEqual([]);
    expect(offsets(recent.from({ ...place, offset: 744n, limit: 1_000 }))).toHaveLength(256);
    recent.keep(run(1_000, 4, 300_000));
    expect(offsets(recent.from({ ...place, offset: 1_003n, limit: 10 }))).toEqual([1_003]);
    expect(recent.from({ ...place, offset: 1_002n, limit: 10 })).toEqual([]);
  });

  it('may be too large to keep at all', () => {
    const recent = new Recent();
    recent.keep(run(0, 1, 600_000));
    expect(recent.from({ ...place, offset: 0n, limit: 10 })).toEqual([]);
    recent.keep(run(1, 1));
    expect(offsets(recent.from({ ...place, offset: 1n, limit: 10 }))).toEqual([1]);
  });
});
