import type { Subscriber } from '#audience';
import type { TakenChunk } from '../chunks/chunk-store.js';
import type { DueDelivery } from '../chunks/delivery-store.js';

/** A chunk that was taken as it was planned, with everything that would else be read again. */
export type FirstChunk = {
  chunk: TakenChunk;
  rows: readonly DueDelivery[];
  people: ReadonlyMap<string, Subscriber>;
  /** `performance.now()` from before it was taken. */
  askedAt: number;
};
