import { describe, expect, it } from '@jest/globals';
import type { Instant } from '#contracts';
import type { Submitted } from '../gateway/submit-outcome.js';
import { wholeOutcome } from './whole-outcome.js';

const now = '2026-11-21T10:00:00.000Z' as Instant;
const taken = (messageId: string): Submitted => ({ result: 'accepted', messageId });
const gone: Submitted = { result: 'refused', reason: 'gone', detail: 'no such number (0x0b)' };
const lost: Submitted = { result: 'unknown', detail: 'reset' };
const later = (why: 'throttled' | 'not-bound' | 'trouble' | 'not-now'): Submitted => ({
  result: 'deferred',
  why,
  detail: why,
});
const whole = (parts: Submitted[], attempt = 1, troubles = 1) =>
  wholeOutcome(parts, { now, attempt, inTrouble: () => troubles });

describe('a text of several parts', () => {
  it('is accepted when the gateway has all of them', () => {
    expect(whole([taken('a'), taken('b')])).toEqual({ outcome: 'accepted', ref: { id: 'a b' }, at: now });
  });

  it('is refused when one of them is: a phone shows none of it without', () => {
    expect(whole([taken('a'), gone, lost])).toMatchObject({
      outcome: 'refused',
      reason: 'gone',
      detail: '1 of 3 parts were taken; no such number (0x0b)',
    });
  });

  it('is unknown when one answer was lost', () => {
    expect(whole([taken('a'), lost])).toMatchObject({ outcome: 'unknown' });
    expect(whole([later('throttled'), lost])).toMatchObject({ outcome: 'unknown' });
  });

  it('is unknown when only some parts left: to say that nothing left would be wrong', () => {
    expect(whole([taken('a'), later('throttled')])).toMatchObject({ outcome: 'unknown' });
  });

  it.each([
    ['not-now', 1, '2026-11-21T10:00:00.000Z'],
    ['throttled', 1, '2026-11-21T10:00:02.000Z'],
    ['not-bound', 2, '2026-11-21T10:00:10.000Z'],
    ['not-bound', 60, '2026-11-21T10:00:30.000Z'],
    ['trouble', 2, '2026-11-21T10:00:20.000Z'],
  ] as const)('waits when nothing left: %s at attempt %i until %s', (why, attempt, until) => {
    expect(whole([later(why), later(why)], attempt)).toMatchObject({
      outcome: 'deferred',
      until,
      scope: 'account',
    });
  });

  it('is refused when the gateway was in trouble three times, and not for other waits', () => {
    expect(whole([later('trouble')], 3, 3)).toMatchObject({
      outcome: 'refused',
      reason: 'other',
      detail: 'trouble, 3 times',
    });
    expect(whole([later('trouble')], 30, 2)).toMatchObject({ outcome: 'deferred' });
    expect(whole([later('not-bound')], 30, 3)).toMatchObject({ outcome: 'deferred' });
  });
});
