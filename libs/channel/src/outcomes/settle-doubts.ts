import type { DeliveryId } from '#contracts';
import type { Log } from '#runtime';
import type { TakenChunk } from '../chunks/chunk-store.js';
import type { DeliveryStore, Settled } from '../chunks/delivery-store.js';

/** A delivery that a dead worker had armed: it may have left. */
export type Doubtful = { deliveryId: DeliveryId; unknowns: number };

/**
 * Settles what a dead worker had armed, as `become` decides, and closes its windows; the mark stays. `sentence` tells the operator.
 */
export async function settleDoubts(
  chunk: TakenChunk,
  doubts: readonly DeliveryId[],
  { deliveries, log }: { deliveries: DeliveryStore; log: Log },
  { sentence, become }: { sentence: string; become: (one: Doubtful) => Settled },
): Promise<void> {
  const rows = await deliveries.unsettled(chunk, doubts);
  log.warn({ ...chunk.key, inDoubt: rows.length }, sentence);
  await deliveries.settle(chunk, null, rows.map(become));
}
