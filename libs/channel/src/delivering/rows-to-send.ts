import type { Clock, Log } from '#runtime';
import type { TakenChunk } from '../chunks/chunk-store.js';
import type { DeliveryStore, DueDelivery } from '../chunks/delivery-store.js';
import { settleDoubts } from '../outcomes/settle-doubts.js';
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
  const now = on.clock.now();
  await settleDoubts(chunk, doubts, on, {
    sentence: 'a worker died with a window armed: its recipients are unknown',
    become: (row) => inDoubt(row, 'the worker died before it knew', chunk.sending, now, 0), // the policy decides
  });
  return deliveries.due(chunk);
}
