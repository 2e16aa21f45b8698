import { describe, expect, it } from '@jest/globals';
import { canTell, clockWords } from './clock-words.js';

const tell = (instant: string, language = 'en-GB', short = false) =>
  clockWords(instant, language, 'Europe/London', short);

describe('clock time and date for the public', () => {
  it.each([
    ['winter', '2026-11-22T18:00:00.000Z', '18:00 on Sunday 22 November 2026'],
    ['summer time', '2026-07-01T18:00:00.000Z', '19:00 on Wednesday 1 July 2026'],
    ['the hour before summer time', '2026-03-29T00:59:00.000Z', '00:59 on Sunday 29 March 2026'],
    ['the hour after it', '2026-03-29T01:00:00.000Z', '02:00 on Sunday 29 March 2026'],
    ['the last hour of summer time', '2026-10-25T00:30:00.000Z', '01:30 on Sunday 25 October 2026'],
    ['midnight', '2026-11-22T00:00:00.000Z', '00:00 on Sunday 22 November 2026'],
    ['a day that begins earlier here', '2026-06-30T23:15:00.000Z', '00:15 on Wednesday 1 July 2026'],
    ['a leap day', '2028-02-29T12:05:00.000Z', '12:05 on Tuesday 29 February 2028'],
  ])('in %s', (_, instant, words) => expect(tell(instant)).toBe(words));

  it('in Welsh, with the day softened', () => {
    expect(tell('2026-11-22T18:00:00.000Z', 'cy-GB')).toBe('18:00 ddydd Sul 22 Tachwedd 2026');
    expect(tell('2026-02-05T09:00:00.000Z', 'cy-GB')).toBe('09:00 ddydd Iau 5 Chwefror 2026');
  });

  it('short for short posts', () => {
    expect(tell('2026-11-22T18:00:00.000Z', 'en-GB', true)).toBe('18:00 Sun 22 Nov');
    expect(tell('2026-11-22T18:00:00.000Z', 'cy-GB', true)).toBe('18:00 Sul 22 Tach');
  });

  it('names every weekday and month', () => {
    const days = Array.from(
      { length: 7 },
      (_, day) => tell(`2026-11-${22 + day}T12:00:00.000Z`).split(' ')[2],
    );
    expect(days).toEqual(['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday']);
    const months = Array.from({ length: 12 }, (_, month) =>
      tell(`2026-${String(month + 1).padStart(2, '0')}-15T12:00:00.000Z`, 'cy-GB')
        .split(' ')
        .at(-2),
    );
    expect(months.join(' ')).toBe(
      'Ionawr Chwefror Mawrth Ebrill Mai Mehefin Gorffennaf Awst Medi Hydref Tachwedd Rhagfyr',
    );
  });

  it('is refused for what is no time or no place', () => {
    expect(canTell('tomorrow', 'Europe/London')).toBe(false);
    expect(canTell('2026-11-22T18:00:00.000Z', 'Europe/Larum')).toBe(false);
    expect(canTell('2026-11-22T18:00:00.000Z', 'Europe/London')).toBe(true);
  });
});
