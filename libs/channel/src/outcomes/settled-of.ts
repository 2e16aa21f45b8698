import type { DeliveryId, Instant } from '#contracts';
import type { Sending } from '../adapter/list-sender.js';
import type { Outcome } from '../adapter/outcome.js';
import { afterUnknown } from './after-unknown.js';
import type { Shut } from '../chunks/arming.js';
import type { Settled } from '../chunks/delivery-store.js';

/** A row in hand: what is needed to say what becomes of it. */
export type InHand = { deliveryId: DeliveryId; unknowns: number };

/** Before the identical message goes out once more: long enough for the other side to have stored the first one. */
export const AGAIN_AFTER_MS = 2_000;
/** Sending ends by the clock of the database. Where that of this machine is fast, a delivery that must wait is due no sooner than this. */
const LOOK_AT_END_MS = 1_000;

/** What one attempt makes of a row. A missing answer is `unknown`: silence is never taken for "nothing left". */
export function settledOf(
  row: InHand,
  outcome: Outcome | undefined,
  sending: Sending,
  now: Instant,
): Settled {
  const { deliveryId } = row;
  switch (outcome?.outcome) {
    case 'accepted':
      return { deliveryId, state: 'accepted', at: outcome.at, ref: outcome.ref, tried: true };
    case 'refused':
      return {
        deliveryId,
        state: 'refused',
        at: now,
        reason: outcome.reason,
        detail: outcome.detail,
        tried: true,
      };
    case 'deferred': {
      // Not past the end of sending: then it is looked at once more, and ends as expired.
      const leftMs = Math.max(LOOK_AT_END_MS, Date.parse(sending.sendUntil) - Date.parse(now));
      const waitMs = Math.max(0, Math.min(leftMs, Date.parse(outcome.until) - Date.parse(now)));
      const tried = outcome.scope !== 'app'; // then it was no try of this one, and its next pause is no longer for it
      return { deliveryId, state: 'deferred', at: null, waitMs, detail: outcome.detail ?? '', tried };
    }
    default:
      return inDoubt(row, outcome?.detail ?? 'no answer', sending, now, AGAIN_AFTER_MS);
  }
}

/** A row that may have left: once more under the policy, or final. The mark stays either way. */
export function inDoubt(
  row: InHand,
  detail: string,
  sending: Sending,
  now: Instant,
  afterMs: number,
): Settled {
  const { deliveryId } = row;
  const doubt = { deliveryId, detail, unknown: true, tried: true };
  if (afterUnknown({ sending, unknowns: row.unknowns + 1 }) === 'stays-unknown')
    return { ...doubt, state: 'unknown', at: now };
  return { ...doubt, state: 'deferred', at: null, waitMs: afterMs };
}

/**
 * A row that may not be sent. What was ever in doubt may have arrived and stays `unknown`; the rest was never sent and ends
 * by the reason. A version that is not in effect yet waits for its time.
 */
export function notSent(
  row: InHand,
  shut: Exclude<Shut, 'fence-lost'>,
  inMs: number | null,
  now: Instant,
): Settled {
  const { deliveryId } = row;
  if (shut === 'not-yet')
    return { deliveryId, state: 'deferred', at: null, waitMs: Math.max(0, inMs ?? 0), tried: false };
  if (row.unknowns > 0)
    return { deliveryId, state: 'unknown', at: now, detail: `not sent again: ${shut}`, tried: false };
  if (shut === 'expired') return { deliveryId, state: 'expired', at: now, tried: false };
  return { deliveryId, state: 'cancelled', at: now, reason: shut, tried: false };
}
