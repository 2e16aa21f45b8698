import { v7 } from 'uuid';

/** The prefixes of ids that are made up; a delivery's id is computed instead (`deliveryId`). */
export type IdPrefix = 'inc' | 'wrn' | 'off' | 'acc' | 'sub' | 'agy' | 'itm';

/** A new id: prefix and a UUIDv7 (RFC 9562 §5.7) in 32 hex digits, so that ids sort by the time they were made. */
export function newId(prefix: IdPrefix): string {
  return `${prefix}_${v7().replaceAll('-', '')}`;
}
