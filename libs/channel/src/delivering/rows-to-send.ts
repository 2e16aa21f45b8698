import type { DeliveryId } from '#contracts';
import type { Clock, Log } from '#runtime';
import type { TakenChunk } from '../chunks/chunk-store.js';
import type { DeliveryStore, DueDelivery } from '../chunks/delivery-store.js';
import { inDoubt } from '../outcomes/settled-of.js';

type RowsOn = { deliveries: DeliveryStore; clock: Clock; log: Log };

/**
 * What is due, once nothing is in doubt any more. Looked up after the chunk was taken, never in the same statement: its snapshot
 * could be older than what the holder before us wrote last.
 */
export async function rowsToSend(chunk: TakenChunk, on: RowsOn): Promise<DueDelivery[]> {
  const { deliveries } = on;
  const [doubts, rows] = await Promise.all([deliveries.inDoubt(chunk), deliveries.due(chunk)]);
  if (doubts.length === 0) return rows;
  await settleDoubts(chunk, doubts, on);
  return deliveries.due(chunk);
}

/** What a dead worker had armed may have left: the policy decides, and the mark stays. */
async function settleDoubts(
  chunk: TakenChunk,
  doubts: readonly DeliveryId[],
  { deliveries, clock, log }: RowsOn,
): Promise<void> {
  const now = clock.now();
  const rows = await deliveries.unsettled(chunk, doubts);
  log.warn(
    { ...chunk.key, inDoubt: rows.length },
    'a worker died with a window armed: its recipients are unknown',
  );
  const settled = rows.map((row) => inDoubt(row, 'the worker died before it knew', chunk.sending, now, 0));
  await deliveries.settle(chunk, null, settled);
  await deliveries.closeDoubts(chunk);
}
