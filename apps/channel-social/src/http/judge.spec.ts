import { describe, expect, it } from '@jest/globals';
import type { Instant } from '#contracts';
import fc from 'fast-check';
import { judge, type Row } from './judge.js';

const now = '2026-11-21T10:00:00.000Z' as Instant;
const ROWS: readonly Row[] = [
  { status: 404, whenReplying: true, means: 'target-gone' },
  { error: 'TooLong', means: 'too-long' },
  { error: /blank/, means: 'invalid' },
  { status: 429, means: 'throttled' },
];
const at = (status: number, error = '', message = '', more: { resetAt?: Instant; replying?: boolean } = {}) =>
  judge(
    { heard: 'answer', answer: { status, headers: {}, json: {} } },
    ROWS,
    () => ({ error, message, resetAt: more.resetAt }),
    {
      now,
      replying: more.replying ?? false,
    },
  );

describe('what an answer means', () => {
  it('is told by the first row that fits', () => {
    expect(at(400, 'TooLong')).toMatchObject({
      outcome: 'refused',
      reason: 'too-long',
      detail: '400 TooLong',
    });
    expect(at(400, 'Other', 'text is blank')).toMatchObject({ reason: 'invalid' });
    expect(at(404, '', '', { replying: true })).toMatchObject({ reason: 'target-gone' });
  });

  it('is refused where the platform says no in words that no row knows', () => {
    expect(at(404)).toMatchObject({ outcome: 'refused', reason: 'other' });
  });

  it('is unknown where the platform broke, redirected, or said yes without naming a post', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.integer({ min: 500, max: 599 }), fc.integer({ min: 200, max: 399 })),
        (status) => {
          expect(at(status).outcome).toBe('unknown');
        },
      ),
      { seed: 20261121 },
    );
  });

  // A server, or a proxy before it, that gave up waiting has not said no (RFC 9110 §15.5.9; CHANNELS §B.0: a time-out).
  it('is unknown where time ran out on the other side', () => {
    expect(at(408)).toEqual({ outcome: 'unknown', detail: '408' });
  });

  it('is never "nothing left" once the body went out', () => {
    expect(
      judge(
        { heard: 'lost', detail: 'reset' },
        ROWS,
        () => ({ error: '', message: '', resetAt: undefined }),
        { now, replying: false },
      ),
    ).toEqual({
      outcome: 'unknown',
      detail: 'reset',
    });
  });

  it('waits for the platform, at least a second and at most an hour', () => {
    const until = (resetAt?: Instant) => at(429, '', '', resetAt === undefined ? {} : { resetAt });
    expect(until('2026-11-21T10:05:00.000Z' as Instant)).toMatchObject({ until: '2026-11-21T10:05:00.000Z' });
    expect(until('2026-11-21T09:00:00.000Z' as Instant)).toMatchObject({ until: '2026-11-21T10:00:01.000Z' });
    expect(until('2027-01-01T00:00:00.000Z' as Instant)).toMatchObject({ until: '2026-11-21T11:00:00.000Z' });
    expect(until()).toMatchObject({ until: '2026-11-21T10:00:05.000Z', scope: 'account' });
  });
});
