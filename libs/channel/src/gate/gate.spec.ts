import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { toInstant, type WarningIssued } from '#contracts';
import { issued, listTexts, warning } from '../testing/index.js';
import { notWhatWasApproved } from '../approved/check-approved.js';
import { isUrgent, sendUntil } from './send-until.js';
import { Shutters } from './shutters.js';

const AT = toInstant('2026-11-21T10:00:00.000Z');
const hours = (count: number) => toInstant(Date.parse(AT) + count * 3_600_000);
const version = (wish: Partial<Parameters<typeof issued>[0]> = {}) =>
  issued({ at: AT, expiresAt: hours(6), composed: listTexts('email', 1), ...wish });
const check = (event: WarningIssued, mode: 'exercise' | 'live' = 'exercise') =>
  notWhatWasApproved(JSON.parse(JSON.stringify(event)) as Record<string, unknown>, event, {
    mode,
    channel: 'email',
  });

describe('the end of sending', () => {
  it.each(['first', 'update', 'holding', 'rumour-rebuttal'] as const)(
    'of a %s is its own expiry',
    (message) => {
      expect(sendUntil(version({ message }))).toBe(hours(6));
    },
  );

  it.each(['correction', 'all-clear'] as const)(
    'of a %s is 24 h after it was issued, or its expiry if that is later',
    (message) => {
      expect(sendUntil(version({ message }))).toBe(hours(24));
      expect(sendUntil(version({ message, expiresAt: hours(30) }))).toBe(hours(30));
    },
  );
});

it('grave warnings have a lane of their own', () => {
  expect(
    (['Extreme', 'Severe', 'Moderate', 'Minor', 'Unknown'] as const).map((severity) =>
      isUrgent(version({ severity })),
    ),
  ).toEqual([true, true, false, false, false]);
});

describe('what was approved', () => {
  it('passes, also with fields that this build does not know, as long as they were approved', () => {
    expect(check(version())).toBeUndefined();
  });

  it('passes whatever the order in which its fields arrive', () => {
    const event = version();
    const turned = Object.fromEntries(Object.entries(event).reverse()) as WarningIssued;
    expect(
      check({
        ...turned,
        content: Object.fromEntries(Object.entries(event.content).reverse()) as typeof event.content,
      }),
    ).toBeUndefined();
  });

  it('does not pass into the other world', () => {
    expect(check(version(), 'live')).toMatch(/belongs to the world exercise/);
  });

  it('does not pass after any change to any text', () => {
    const event = version();
    fc.assert(
      fc.property(fc.nat(event.composed.length - 1), fc.string({ minLength: 1 }), (at, added) => {
        const composed = event.composed.map((text, n) =>
          n === at
            ? { ...text, parts: text.parts.map((part) => ({ ...part, text: part.text + added })) }
            : text,
        );
        expect(check({ ...event, composed })).toBeDefined();
      }),
      { seed: 20261121 },
    );
  });
});

describe('shutters', () => {
  const id = warning(1);

  it('stop the version before, and everything that was cancelled, but never a cancel itself', () => {
    const shutters = new Shutters();
    expect(shutters.open(id, 1, 'issue')).toBe(true);
    shutters.issued(id, 2);
    expect([shutters.open(id, 1, 'issue'), shutters.open(id, 2, 'issue')]).toEqual([false, true]);
    shutters.cancelled(id, 2);
    expect([
      shutters.open(id, 2, 'issue'),
      shutters.open(id, 2, 'cancel'),
      shutters.open(id, 3, 'issue'),
    ]).toEqual([false, true, true]);
  });

  it('never open again, in whatever order they are told', () => {
    const told = fc.array(fc.tuple(fc.boolean(), fc.integer({ min: 1, max: 5 })), { maxLength: 10 });
    fc.assert(
      fc.property(told, fc.integer({ min: 1, max: 5 }), (story, version) => {
        const shutters = new Shutters();
        let wasShut = false;
        for (const [isCancel, number] of story) {
          if (isCancel) shutters.cancelled(id, number);
          else shutters.issued(id, number);
          const isOpen = shutters.open(id, version, 'issue');
          expect(wasShut && isOpen).toBe(false);
          wasShut = !isOpen;
        }
      }),
      { seed: 20261121 },
    );
  });
});
