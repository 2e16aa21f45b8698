import type { ListRecipient, Outcome, SendCtx } from '#channel';
import { toInstant, type DeliveryId, type Instant } from '#contracts';
import type { Submitted } from '../gateway/submit-outcome.js';

/** When another try may help, in ms: soon where only the pace was too high, later where the gateway itself is in trouble. */
const AGAIN_MS = { 'not-now': 0, throttled: 2_000, 'not-bound': 5_000, trouble: 10_000 } as const;
/** "System error" and its kin may heal by themselves: tried twice more, then final (CHANNELS §G.2). */
export const MOST_TROUBLE = 3;

/** `inTrouble` notes that the gateway was in trouble over this text, and says how often it has been by now. */
type About = { now: Instant; attempt: number; inTrouble: () => number };

/** The gateway's message ids of one text, as the delivery's reference keeps them. */
const refOf = (messageIds: readonly string[]): string => messageIds.join(' ');

/**
 * What became of a whole text from what became of its parts. A phone shows a joined text only when all parts are there, so
 * one refused part refuses it. Where some parts left and others did not, nothing can be said: `unknown`, and a repeat joins
 * by the same reference.
 */
export function wholeOutcome(parts: readonly Submitted[], about: About): Outcome {
  const ids = parts.flatMap((part) => (part.result === 'accepted' ? [part.messageId] : []));
  if (ids.length === parts.length) return { outcome: 'accepted', ref: { id: refOf(ids) }, at: about.now };
  const left = ids.length === 0 ? '' : `${ids.length} of ${parts.length} parts were taken; `;
  const refused = parts.find((part) => part.result === 'refused');
  if (refused !== undefined) {
    return { outcome: 'refused', reason: refused.reason, detail: left + refused.detail };
  }
  const unknown = parts.find((part) => part.result === 'unknown');
  if (unknown !== undefined) return { outcome: 'unknown', detail: left + unknown.detail };
  const deferred = parts.find((part) => part.result === 'deferred')!;
  if (left !== '') return { outcome: 'unknown', detail: left + deferred.detail };
  if (deferred.why === 'trouble' && about.inTrouble() >= MOST_TROUBLE) {
    return { outcome: 'refused', reason: 'other', detail: `${deferred.detail}, ${MOST_TROUBLE} times` };
  }
  const until = toInstant(Date.parse(about.now) + AGAIN_MS[deferred.why] * Math.min(about.attempt, 6));
  return { outcome: 'deferred', until, scope: 'account', detail: deferred.detail };
}

/** The outcome of everybody in a window that was given up before its first text: silence would be taken for doubt. */
export function nothingLeft(
  recipients: readonly Pick<ListRecipient, 'deliveryId'>[],
  { clock }: Pick<SendCtx, 'clock'>,
): Map<DeliveryId, Outcome> {
  const until = toInstant(Date.parse(clock.now()) + AGAIN_MS.trouble);
  const outcome: Outcome = { outcome: 'deferred', until, scope: 'app', detail: 'it could not be prepared' };
  return new Map(recipients.map(({ deliveryId }) => [deliveryId, outcome]));
}
