import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Instant, toInstant } from './index.js';

describe('an instant', () => {
  it.each([
    '2026-11-21T10:00:00.000Z',
    '2028-02-29T23:59:59.999Z',
    '0001-01-01T00:00:00.000Z',
    '9999-12-31T23:59:59.999Z',
  ])('is UTC with three decimals: %s', (at) => expect(Instant.safeParse(at).success).toBe(true));

  it.each([
    ['without decimals', '2026-11-21T10:00:00Z'],
    ['with one decimal', '2026-11-21T10:00:00.0Z'],
    ['with microseconds', '2026-11-21T10:00:00.000000Z'],
    ['in the time of a place', '2026-11-21T10:00:00.000+01:00'],
    ['as CAP writes UTC', '2026-11-21T10:00:00.000-00:00'],
    ['of no place at all', '2026-11-21T10:00:00.000'],
    ['with a space for the T', '2026-11-21 10:00:00.000Z'],
    ['of a day only', '2026-11-21'],
    ['of a 30th of February', '2026-02-30T10:00:00.000Z'],
    ['of a leap day in a year that has none', '2027-02-29T10:00:00.000Z'],
    ['of a 25th hour', '2026-11-21T25:00:00.000Z'],
    ['of a 13th month', '2026-13-01T10:00:00.000Z'],
    ['of the year before the first, which no database has', '0000-12-31T23:59:59.999Z'],
    ['in milliseconds', 1_795_255_200_000],
  ])('is none %s', (_, at) => expect(Instant.safeParse(at).success).toBe(false));

  it('is earlier as a text exactly when it is earlier: texts are compared everywhere', () => {
    const moment = fc.date({
      min: new Date('0001-01-01T00:00:00Z'),
      max: new Date('9999-12-31T23:59:59Z'),
      noInvalidDate: true,
    });
    fc.assert(
      fc.property(moment, moment, (one, other) => {
        expect(toInstant(one) < toInstant(other)).toBe(one.getTime() < other.getTime());
        expect(Instant.safeParse(toInstant(one)).success).toBe(true);
      }),
      { seed: 20261121 },
    );
  });

  it.each([
    ['a text in another zone', '2026-11-21T11:00:00+01:00'],
    ['milliseconds', 1_795_255_200_000],
    ['a date', new Date(1_795_255_200_000)],
  ])('is made of %s', (_, at) => expect(toInstant(at)).toBe('2026-11-21T10:00:00.000Z'));

  it.each(['yesterday', '', Number.NaN, Infinity])('is not made of %p, which is no time', (at) =>
    expect(() => toInstant(at)).toThrow(RangeError),
  );
});
