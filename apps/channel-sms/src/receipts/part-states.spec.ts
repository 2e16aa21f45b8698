import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { higher, isLost, STATES, stateOfCode, stateOfWord, wholeState } from './part-states.js';

const state = fc.constantFrom(...STATES.map((row) => row.state));

describe('what is known of a part', () => {
  it('is the same in whatever order its receipts come, and however often', () => {
    fc.assert(
      fc.property(fc.array(state, { minLength: 1, maxLength: 8 }), fc.array(fc.nat()), (receipts, order) => {
        const shuffled = [...receipts, ...receipts].toSorted(
          (a, b) =>
            (order[STATES.findIndex((row) => row.state === a)] ?? 0) -
            (order[STATES.findIndex((row) => row.state === b)] ?? 0),
        );
        expect(shuffled.reduce(higher)).toBe(receipts.reduce(higher));
      }),
      { seed: 20261121 },
    );
  });

  it('once delivered stays delivered', () => {
    fc.assert(
      fc.property(state, (other) => void expect(higher('delivered', other)).toBe('delivered')),
      { seed: 20261121 },
    );
  });

  it('is not lowered by "unknown", and an end beats being on the way', () => {
    expect(higher('en-route', 'unknown')).toBe('en-route');
    for (const end of ['rejected', 'deleted', 'expired', 'undeliverable'] as const) {
      expect(higher('accepted', end)).toBe(end);
      expect(isLost(end)).toBe(true);
    }
    expect(isLost('delivered')).toBe(false);
    expect(isLost('accepted')).toBe(false);
  });

  it('reads the numbers and words of SMPP 3.4 §5.2.28', () => {
    expect([1, 2, 3, 4, 5, 6, 7, 8].map(stateOfCode)).toEqual([
      'en-route',
      'delivered',
      'expired',
      'deleted',
      'undeliverable',
      'accepted',
      'unknown',
      'rejected',
    ]);
    expect(stateOfCode(99)).toBeUndefined();
    expect(stateOfWord('delivrd')).toBe('delivered');
  });
});

describe('a text of several parts', () => {
  it('is delivered when every part is', () => {
    expect(wholeState([{ parts: 2, states: ['delivered'] }])).toBe('open');
    expect(wholeState([{ parts: 2, states: ['delivered', 'delivered'] }])).toBe('delivered');
  });

  it('is lost as soon as one part is', () => {
    expect(wholeState([{ parts: 3, states: ['delivered', 'expired'] }])).toBe('undelivered');
  });

  it('that was sent twice is delivered when either try was, and lost only when both are', () => {
    const lost = { parts: 1, states: ['undeliverable'] } as const;
    expect(wholeState([lost, { parts: 1, states: ['delivered'] }])).toBe('delivered');
    expect(wholeState([lost, { parts: 1, states: [] }])).toBe('open');
    expect(wholeState([lost, lost])).toBe('undelivered');
  });
});
