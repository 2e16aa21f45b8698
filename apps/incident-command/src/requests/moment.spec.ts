import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { toInstant } from '#contracts';
import { Moment } from './moment.js';

describe('a moment that a caller writes', () => {
  it.each([
    ['as Larum does', '2026-11-22T03:00:00.000Z'],
    ['without decimals', '2026-11-22T03:00:00Z'],
    ['without seconds', '2026-11-22T03:00Z'],
    ['with one decimal', '2026-11-22T03:00:00.0Z'],
    ['with microseconds, which are cut off', '2026-11-22T03:00:00.000999Z'],
    ['as an offset of nothing', '2026-11-22T03:00:00+00:00'],
    ['as CAP writes UTC', '2026-11-22T03:00:00-00:00'],
    ['in the time of Paris', '2026-11-22T04:00:00+01:00'],
    ['in the time of Delhi, without seconds', '2026-11-22T08:30+05:30'],
    ['in the time of New York, the day before', '2026-11-21T22:00:00.000-05:00'],
    ['in small letters', '2026-11-22t03:00:00z'],
  ])('%s is one instant', (_, written) => expect(Moment.parse(written)).toBe('2026-11-22T03:00:00.000Z'));

  it.each([
    ['a time of no place', '2026-11-22T03:00:00'],
    ['a time of no place without seconds', '2026-11-22T03:00'],
    ['a day', '2026-11-22'],
    ['tea time', '16:00'],
    ['tomorrow', 'tomorrow'],
    ['nothing', ''],
    ['a space for the T', '2026-11-22 03:00:00Z'],
    ['the 30th of February', '2026-02-30T03:00:00Z'],
    ['a leap day in a year that has none', '2027-02-29T03:00Z'],
    ['a 24th hour', '2026-11-22T24:00Z'],
    ['a 60th minute', '2026-11-22T03:60Z'],
    ['an offset of a whole day', '2026-11-22T03:00:00+24:00'],
    ['an offset without its colon', '2026-11-22T03:00:00+0100'],
    ['the year before the first, which no database has', '0000-06-01T00:00:00Z'],
    ['an offset that leads before the first year', '0000-01-01T00:00:00+01:00'],
    ['an offset that leads beyond the last year', '9999-12-31T23:00:00-02:00'],
    ['a moment with more behind it', '2026-11-22T03:00:00Z\n'],
    ['milliseconds', 1_795_316_400_000],
    ['null', null],
  ])('is not %s, and the answer shows one that is', (_, written) => {
    const [issue, ...more] = Moment.safeParse(written).error?.issues ?? [];
    expect(issue?.message).toContain('such as 2026-11-22T03:00:00Z');
    expect(more).toEqual([]);
  });

  it('is the same instant in whatever zone it is written', () => {
    const at = fc.date({ min: new Date('2000-01-01'), max: new Date('2100-01-01'), noInvalidDate: true });
    const zone = fc.integer({ min: -23 * 60 - 59, max: 23 * 60 + 59 });
    fc.assert(
      fc.property(at, zone, (moment, minutes) => {
        const local = new Date(moment.getTime() + minutes * 60_000).toISOString().slice(0, -1);
        const [hours, rest] = [Math.abs(minutes) / 60, Math.abs(minutes) % 60];
        const offset = `${minutes < 0 ? '-' : '+'}${two(Math.floor(hours))}:${two(rest)}`;
        expect(Moment.parse(`${local}${offset}`)).toBe(toInstant(moment));
      }),
      { seed: 20261121 },
    );
  });
});

const two = (number: number) => String(number).padStart(2, '0');
