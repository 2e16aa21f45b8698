import { describe, expect, it } from '@jest/globals';
import { toInstant, type DeliveryId, type Severity } from '#contracts';
import type { Sending } from '../adapter/list-sender.js';
import { flood, warning } from '../testing/index.js';
import { afterUnknown } from './after-unknown.js';
import { notSent, settledOf } from './settled-of.js';

const NOW = toInstant('2026-11-21T10:00:00.000Z');
const at = (seconds: number) => toInstant(Date.parse(NOW) + seconds * 1_000);
const row = (unknowns = 0) => ({ deliveryId: `dlv_${'1'.repeat(32)}` as DeliveryId, unknowns });

function sending(wish: Partial<Sending> = {}): Sending {
  return {
    mode: 'exercise',
    incidentId: flood,
    warningId: warning(1),
    version: 1,
    act: 'issue',
    issuedAt: NOW,
    sendUntil: at(600),
    message: 'first',
    severity: 'Minor',
    urgency: 'Expected',
    ...wish,
  };
}

describe('what becomes of a delivery', () => {
  it('is accepted at the moment that the other side said so', () => {
    const outcome = { outcome: 'accepted' as const, ref: { id: 'q1' }, at: at(-2) };
    expect(settledOf(row(), outcome, sending(), NOW)).toMatchObject({
      state: 'accepted',
      at: at(-2),
      ref: { id: 'q1' },
    });
  });

  it('waits until the other side said, but never past the end of sending', () => {
    const wait = (seconds: number) =>
      settledOf(row(), { outcome: 'deferred', until: at(seconds), scope: 'app' }, sending(), NOW).waitMs;
    expect(wait(60)).toBe(60_000);
    expect(wait(6_000)).toBe(600_000);
    expect(wait(-60)).toBe(0);
  });

  it('is not asked for again and again where a clock is fast: the end of sending comes by the clock of the database', () => {
    const wait = (seconds: number) =>
      settledOf(
        row(),
        { outcome: 'deferred', until: at(seconds), scope: 'account' },
        sending({ sendUntil: at(-30) }),
        NOW,
      ).waitMs;
    expect([wait(60), wait(0)]).toEqual([1_000, 0]);
  });

  it('has been tried when it was turned away for now, and not when nobody got as far as asking for it', () => {
    const tried = (scope: 'account' | 'app' | 'recipient') =>
      settledOf(row(), { outcome: 'deferred', until: at(5), scope }, sending(), NOW).tried;
    expect([tried('recipient'), tried('account'), tried('app')]).toEqual([true, true, false]);
  });

  it('is unknown when nobody answered for it', () => {
    expect(settledOf(row(), undefined, sending(), NOW)).toMatchObject({ state: 'unknown', unknown: true });
  });

  it('is tried once more after a lost reply when the warning is grave, and only once', () => {
    const lost = { outcome: 'unknown' as const, detail: 'connection reset' };
    const grave = sending({ severity: 'Extreme' });
    expect(settledOf(row(0), lost, grave, NOW)).toMatchObject({ state: 'deferred', unknown: true });
    expect(settledOf(row(1), lost, grave, NOW)).toMatchObject({ state: 'unknown', unknown: true });
  });
});

describe('what is not sent', () => {
  it.each([
    ['cancelled', 'cancelled', 'cancelled'],
    ['superseded', 'cancelled', 'superseded'],
    ['expired', 'expired', undefined],
  ] as const)('because it was %s ends %s', (shut, state, reason) => {
    const settled = notSent(row(), shut, null, NOW);
    expect([settled.state, settled.reason]).toEqual([state, reason]);
  });

  it('stays unknown when it may have left before', () => {
    for (const shut of ['cancelled', 'superseded', 'expired'] as const)
      expect(notSent(row(1), shut, null, NOW).state).toBe('unknown');
  });

  it('waits for the moment that it takes effect', () => {
    expect(notSent(row(), 'not-yet', 30_000, NOW)).toMatchObject({ state: 'deferred', waitMs: 30_000 });
  });
});

describe('after a lost reply', () => {
  it.each<[string, Partial<Sending>, string]>([
    ['a severe warning goes again', { severity: 'Severe' }, 'again'],
    ['an extreme warning goes again', { severity: 'Extreme' }, 'again'],
    ['a moderate warning stays unknown', { severity: 'Moderate' }, 'stays-unknown'],
    ['a minor warning stays unknown', { severity: 'Minor' }, 'stays-unknown'],
    ['a cancel goes again at any severity', { act: 'cancel' }, 'again'],
    ['a correction goes again at any severity', { message: 'correction' }, 'again'],
    ['an all-clear goes again at any severity', { message: 'all-clear' }, 'again'],
    ['an update stays unknown when it is mild', { message: 'update' }, 'stays-unknown'],
  ])('%s', (_, wish, what) => expect(afterUnknown({ sending: sending(wish), unknowns: 1 })).toBe(what));

  it('nothing at all goes a third time', () => {
    for (const severity of ['Extreme', 'Severe', 'Moderate', 'Minor', 'Unknown'] satisfies Severity[])
      for (const act of ['issue', 'cancel'] as const)
        expect(afterUnknown({ sending: sending({ severity, act }), unknowns: 2 })).toBe('stays-unknown');
  });
});
