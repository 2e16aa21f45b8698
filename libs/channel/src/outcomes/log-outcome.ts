import type { DeliveryId } from '#contracts';
import type { Log } from '#runtime';
import type { Outcome } from '../adapter/outcome.js';
import type { ChunkKey } from '../record/channel-record.js';

/** What became of one delivery, for the operator: as loud as it is bad. */
export function logOutcome(
  result: Outcome,
  key: ChunkKey,
  { deliveryId, attempt }: { deliveryId: DeliveryId; attempt: number },
  log: Log,
): void {
  const delivery = log.child({ ...key, deliveryId });
  switch (result.outcome) {
    case 'accepted':
      return delivery.info({ ref: result.ref.id }, 'delivery accepted');
    case 'deferred':
      return delivery.warn({ attempt: attempt + 1, until: result.until }, 'delivery deferred');
    case 'refused':
      return delivery.error({ reason: result.reason, detail: result.detail }, 'delivery refused');
    case 'unknown':
      return delivery.error({ detail: result.detail }, 'delivery unknown');
  }
}
