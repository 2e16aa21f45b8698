import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { chance } from './chance.js';
import { SeededPublic, shown, type MailHabit, type TextHabit } from './seeded-public.js';

const addresses = Array.from({ length: 20_000 }, (_, n) => `person.${n}@example.org`);

describe('the seeded public', () => {
  it('gives the third post of an account the same shares, likes and replies in every run', () => {
    expect(new SeededPublic('wainfleet').toPost('floods', 3)).toEqual(
      new SeededPublic('wainfleet').toPost('floods', 3),
    );
  });

  it('does not depend on what was asked before', () => {
    const asked = new SeededPublic('wainfleet');
    asked.toPost('police', 1);
    asked.toMail('somebody@example.org');
    expect(asked.toPost('floods', 3)).toEqual(new SeededPublic('wainfleet').toPost('floods', 3));
  });

  it('reacts differently to another post, another account and another seed', () => {
    const posts = [
      new SeededPublic('a').toPost('floods', 1),
      new SeededPublic('a').toPost('floods', 2),
      new SeededPublic('a').toPost('police', 1),
      new SeededPublic('b').toPost('floods', 1),
    ];
    expect(new Set(posts.map((post) => JSON.stringify(post))).size).toBe(4);
  });

  it('always shares, answers at least once, and never shares more than it may', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.integer({ min: 1, max: 500 }), (seed, handle, ordinal) => {
        const reactions = new SeededPublic(seed, { mail: {}, texts: {}, mostShares: 50 }).toPost(
          handle,
          ordinal,
        );
        expect(reactions.shares).toBeGreaterThanOrEqual(1);
        expect(reactions.shares).toBeLessThanOrEqual(50);
        expect(reactions.replies.length).toBeGreaterThanOrEqual(1);
        expect(reactions.replies.map((reply) => reply.at)).toEqual(
          reactions.replies.map((reply) => reply.at).sort((a, b) => a - b),
        );
      }),
      { seed: 20261121 },
    );
  });

  it('marks about as many addresses as the population says', () => {
    const people = new SeededPublic('s', {
      mail: { 'unknown-user': 0.05, away: 0.1 },
      texts: {},
      mostShares: 1,
    });
    const count = (habit: MailHabit) =>
      addresses.filter((address) => people.toMail(address) === habit).length;
    expect(count('unknown-user')).toBeGreaterThan(850);
    expect(count('unknown-user')).toBeLessThan(1_150);
    expect(count('away')).toBeGreaterThan(1_800);
    expect(count('away')).toBeLessThan(2_200);
    expect(count('takes')).toBeGreaterThan(16_600);
  });

  it('knows an address however it is spelt', () => {
    const people = new SeededPublic('s', { mail: { away: 0.5 }, texts: {}, mostShares: 1 });
    for (const address of addresses.slice(0, 50)) {
      expect(people.toMail(address.toUpperCase())).toBe(people.toMail(address));
    }
  });

  it('has nobody in it who makes an exercise wait, unless they are asked for', () => {
    const people = new SeededPublic('s');
    const waits: MailHabit[] = ['greylists', 'too-many', 'shuts'];
    expect(addresses.filter((address) => waits.includes(people.toMail(address)))).toEqual([]);
    const slow: TextHabit[] = ['throttled', 'queue-full'];
    expect(addresses.filter((phone) => slow.includes(people.toText(phone)))).toEqual([]);
  });

  it('can be made wholly of one kind', () => {
    const all = new SeededPublic('s', { mail: {}, texts: { stops: 1 }, mostShares: 1 });
    expect(addresses.slice(0, 200).every((phone) => all.toText(phone) === 'stops')).toBe(true);
  });
});

describe('reactions over time', () => {
  it('start at nothing, never fall, and are whole at the end', () => {
    const steps = [0, 1_000, 2_000, 5_000, 9_000, 10_000, 60_000].map((ms) => shown(ms, 10_000));
    expect(steps[0]).toBe(0);
    expect(steps).toEqual([...steps].sort((a, b) => a - b));
    expect(steps.slice(-2)).toEqual([1, 1]);
  });

  it('show nothing of a post from the future, which a stepped clock can make', () => {
    expect(shown(-5_000, 10_000)).toBe(0);
  });
});

describe('chance', () => {
  it('is even enough for a public: each tenth gets about a tenth', () => {
    const next = chance('evenness');
    const tenths = Array.from({ length: 10 }, () => 0);
    for (let n = 0; n < 50_000; n += 1) tenths[Math.floor(next() * 10)]! += 1;
    for (const tenth of tenths) expect(Math.abs(tenth - 5_000)).toBeLessThan(350);
  });
});
