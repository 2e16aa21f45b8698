import { z } from 'zod';

/** A moment in UTC with exactly three decimals, so that comparing the text compares the time. There is no year 0: no database keeps it. */
export const Instant = z.iso
  .datetime({ precision: 3 })
  .refine((at) => !at.startsWith('0000'), 'there is no year 0')
  .brand<'Instant'>();
export type Instant = z.infer<typeof Instant>;

/** The instant as Larum writes it. Throws a `RangeError` for a date that is not one. */
export function toInstant(at: Date | number | string): Instant {
  return new Date(at).toISOString() as Instant;
}
