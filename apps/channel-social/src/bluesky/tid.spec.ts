import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createdAt, recordKey, tid, type PostIdentity } from './tid.js';

const post = (changed: Partial<PostIdentity> = {}): PostIdentity => ({
  issuedAt: '2026-11-21T10:00:00.000Z',
  warningId: 'wrn_1',
  deliveryId: 'dlv_1',
  part: 1,
  ...changed,
});

describe('the key of a post', () => {
  it('has the form of atproto’s record-key specification', () => {
    fc.assert(
      fc.property(fc.nat(Number.MAX_SAFE_INTEGER), fc.nat(1_023), (micros, clock) => {
        expect(tid(micros, clock)).toMatch(/^[234567abcdefghij][234567abcdefghijklmnopqrstuvwxyz]{12}$/);
      }),
      { seed: 20261121 },
    );
  });

  it('sorts as its times do', () => {
    fc.assert(
      fc.property(fc.nat(Number.MAX_SAFE_INTEGER - 1), fc.nat(1_023), fc.nat(1_023), (micros, a, b) => {
        expect(tid(micros, a) < tid(micros + 1, b)).toBe(true);
      }),
      { seed: 20261121 },
    );
  });

  it('of the first moment is all twos, the first character of its alphabet', () => {
    expect(tid(0, 0)).toBe('2222222222222');
    expect(tid(0, 1)).toBe('2222222222223');
  });

  it('is the same at every attempt, or a repeat would be a second post', () => {
    expect(recordKey(post())).toBe(recordKey(post()));
    expect(createdAt(post())).toBe('2026-11-21T10:00:00.001Z');
  });

  it('differs for a cancel, for another part and for another warning of the same millisecond', () => {
    const keys = [post(), post({ deliveryId: 'dlv_2' }), post({ part: 2 }), post({ warningId: 'wrn_2' })].map(
      recordKey,
    );
    expect(new Set(keys).size).toBe(4);
  });

  it('keeps a thread in its order', () => {
    const keys = Array.from({ length: 20 }, (_, n) =>
      recordKey(post({ part: n + 1, deliveryId: `dlv_${n}` })),
    );
    expect(keys.toSorted()).toEqual(keys);
  });

  it('is refused outside its bits', () => {
    expect(() => tid(-1, 0)).toThrow(RangeError);
    expect(() => tid(0, 1_024)).toThrow(RangeError);
  });
});
