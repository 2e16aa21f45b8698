import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { validityPeriod } from './validity-period.js';

const hour = 3_600_000;

describe('the time that a gateway may go on trying', () => {
  it.each([
    ['one hour', hour, '000000010000000R'],
    ['a day, an hour, a minute and a second', 25 * hour + 61_000, '000001010101000R'],
    ['31 days', 31 * 24 * hour, '000101000000000R'],
    ['a year is cut to what gateways accept', 365 * 24 * hour, '000203000000000R'],
    ['nothing left is one second, for zero would mean the gateway’s own default', 0, '000000000001000R'],
    ['less than nothing likewise', -5_000, '000000000001000R'],
  ])('%s', (_, leftMs, written) => expect(validityPeriod(leftMs)).toBe(written));

  it('never reaches beyond the expiry', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1_000, max: 40 * 24 * hour }), (leftMs) => {
        const [, , mo, d, h, m, s] = validityPeriod(leftMs)
          .match(/^(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)000R$/)!
          .map(Number) as [number, ...number[]] as number[];
        const seconds = (((mo! * 30 + d!) * 24 + h!) * 60 + m!) * 60 + s!;
        expect(seconds * 1_000).toBeLessThanOrEqual(leftMs);
        expect(seconds * 1_000).toBeGreaterThan(leftMs - 1_000);
      }),
      { seed: 20261121 },
    );
  });
});
