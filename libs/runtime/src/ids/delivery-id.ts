import type { Act, DeliveryId } from '#contracts';
import { sha256Hex } from './hash.js';

/** What one delivery stands for. `target` is a recipient or an account; `part` counts from 1 over all languages. */
export type DeliveryOf = {
  warningId: string;
  version: number;
  act: Act;
  channel: string;
  target: string;
  part: number;
};

/**
 * The id of a delivery, the same wherever and however often it is computed (DESIGN §6): `dlv_` and the first 32 hex
 * digits of the SHA-256 of the six, joined by U+000A.
 */
export function deliveryId({ warningId, version, act, channel, target, part }: DeliveryOf): DeliveryId {
  const six = [warningId, version, act, channel, target, part].join('\n');
  return `dlv_${sha256Hex(six).slice(0, 32)}` as DeliveryId;
}
