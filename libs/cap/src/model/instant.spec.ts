import { describe, expect, it } from '@jest/globals';
import { seeded } from '../testing/damage/mutate.js';
import { capDateTime, instantOf, plainInstant } from './instant.js';

const NOON = Date.UTC(2026, 10, 21, 12);

describe('the moment that a date-time names', () => {
  it.each([
    ['2026-11-21T12:00:00-00:00', 'as CAP 1.2 writes UTC'],
    ['2026-11-21T12:00:00+00:00', 'as the Environment Agency writes it'],
    ['2026-11-21T13:00:00+01:00', 'an hour ahead'],
    ['2026-11-21T06:00:00-06:00', 'six hours behind'],
    ['2026-11-21T17:45:00+05:45', 'in Nepal'],
    ['2026-11-22T02:00:00+14:00', 'on the next day already'],
    ['2026-11-21T12:00:00Z', 'with Z'],
    ['2026-11-21T12:00:00.000Z', 'with a fraction of nothing'],
    ['2026-11-21 12:00:00', 'as a database prints it: no zone means UTC'],
    ['2026-11-21T12:00Z', 'without seconds'],
    ['2026-11-21T13:00:00+0100', 'with a zone without a colon'],
    [' 2026-11-21T12:00:00-00:00\n', 'with white space round it'],
  ])('is noon in %j: %s', (text) => expect(instantOf(text)).toBe(NOON));

  it('knows fractions to the millisecond', () => {
    expect(instantOf('2026-11-21T12:00:00.130585Z')).toBe(NOON + 130);
    expect(instantOf('2026-11-21T12:00:00.9999Z')).toBe(NOON + 999);
  });

  it('takes the end of a day for the beginning of the next', () =>
    expect(instantOf('2026-11-21T24:00:00-00:00')).toBe(Date.UTC(2026, 10, 22)));

  it.each([
    '',
    'soon',
    '2026-11-21',
    '12:00:00',
    '2026-13-21T12:00:00-00:00',
    '2026-00-21T12:00:00-00:00',
    '2026-11-31T12:00:00-00:00',
    '2026-11-00T12:00:00-00:00',
    '2026-02-29T12:00:00-00:00',
    '2026-11-21T25:00:00-00:00',
    '2026-11-21T12:60:00-00:00',
    '2026-11-21T12:00:61-00:00',
    '2026-11-21t12:00:00-00:00',
    '2026-11-21T12:00:00 GMT',
    '2026-11-21T12:00:00,00:00',
    '21/11/2026 12:00',
    '1795262400',
    '٢٠٢٦-11-21T12:00:00-00:00',
  ])('is none in %j', (text) => expect(instantOf(text)).toBeUndefined());
});

describe('the quick way to it', () => {
  it('is for the one form of CAP 1.2 alone', () => {
    expect(plainInstant('2026-11-21T12:00:00-00:00')).toBe(NOON);
    for (const text of [
      '2026-11-21T12:00:00Z',
      ' 2026-11-21T12:00:00-00:00',
      '2026-11-21T12:00:00-00:0',
      '2026-11-21T12:00:00-00:60',
      '2026-11-21T12:00:00+14:01',
      '2026-11-21T24:00:00-00:00',
      '2026-11-21T23:59:60-00:00',
      '0999-11-21T12:00:00-00:00',
      '2026-11-21T12:00:00,00:00',
    ])
      expect(plainInstant(text)).toBeUndefined();
  });

  it('names the same moments as the slow one, and every day of the calendar, in 20,000 random texts (seed 17)', () => {
    const random = seeded(17);
    const two = (most: number): string => String(random(most)).padStart(2, '0');
    const seen = { plain: 0, other: 0 };
    for (let run = 0; run < 20_000; run += 1) {
      const year = ['1900', '2000', '2024', '2026', '9999'][random(5)] ?? '';
      const text = `${year}-${two(14)}-${two(33)}T${two(25)}:${two(61)}:${two(61)}${'+-,'[random(3)] ?? ''}${two(15)}:${two(61)}`;
      const plain = plainInstant(text);
      // A space in front sends the same text the other way.
      if (plain !== undefined) expect({ text, at: instantOf(` ${text}`) }).toEqual({ text, at: plain });
      seen[plain === undefined ? 'other' : 'plain'] += 1;
    }
    expect(Math.min(seen.plain, seen.other)).toBeGreaterThan(2_000);
  });

  it('reads back whatever we write', () => {
    const random = seeded(19);
    for (let run = 0; run < 2_000; run += 1) {
      const ms = (random(2 ** 31) + random(2) * 2 ** 31) * 1_000;
      expect(plainInstant(capDateTime(ms))).toBe(ms);
    }
  });

  it('writes UTC in whole seconds, never Z', () =>
    expect(capDateTime(NOON + 999)).toBe('2026-11-21T12:00:00-00:00'));
});
