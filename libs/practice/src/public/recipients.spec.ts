import { describe, expect, it } from '@jest/globals';
import { practiceRecipients } from './recipients.js';

const wainfleet = { lat: 53.1, lon: 0.236 };

describe('practice recipients', () => {
  const people = practiceRecipients('s', 2_500, wainfleet, 8);

  it('are as many as asked for, each with an address and a telephone of their own', () => {
    expect(people).toHaveLength(2_500);
    expect(new Set(people.map((person) => person.address)).size).toBe(2_500);
    expect(new Set(people.map((person) => person.phone)).size).toBe(2_500);
  });

  it('have the thousand drama telephones first and possible-looking ones after', () => {
    expect(people[0]?.phone).toBe('+447700900000');
    expect(people[999]?.phone).toBe('+447700900999');
    expect(people[1_000]?.phone).toBe('+447700901000');
    expect(people.every((person) => /^\+4477009\d{5}$/.test(person.phone))).toBe(true);
  });

  it('have addresses that no real person can own', () => {
    expect(
      people.every((person) => /^[a-z]+\.[a-z]+\.\d+@example\.(org|net|com)$/.test(person.address)),
    ).toBe(true);
  });

  it('live within the distance, and not all in the middle', () => {
    const km = people.map(({ lat, lon }) =>
      Math.hypot(
        (lat - wainfleet.lat) * 111.13,
        (lon - wainfleet.lon) * 111.13 * Math.cos((53.1 * Math.PI) / 180),
      ),
    );
    expect(Math.max(...km)).toBeLessThanOrEqual(8.01);
    const inner = km.filter((distance) => distance < 4).length; // a quarter of the disc
    expect(inner).toBeGreaterThan(500);
    expect(inner).toBeLessThan(750);
  });

  it('read Welsh, some of them', () => {
    const welsh = people.filter((person) => person.language === 'cy-GB').length;
    expect(welsh).toBeGreaterThan(400);
    expect(welsh).toBeLessThan(600);
  });

  it('are the same people in every run, and when more of them are asked for', () => {
    expect(practiceRecipients('s', 10, wainfleet, 8)).toEqual(people.slice(0, 10));
    expect(practiceRecipients('t', 10, wainfleet, 8)).not.toEqual(people.slice(0, 10));
  });

  it('run out at a hundred thousand, and say so', () => {
    expect(() => practiceRecipients('s', 100_001, wainfleet, 8)).toThrow(/no more practice telephones/);
  });
});
