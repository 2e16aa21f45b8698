import { z } from 'zod';
import { Instant, toInstant } from '#contracts';

/** RFC 3339 §5.6 with its time zone, in either case of the letters; seconds may be left out, as people write a time. */
const FORM = /^\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}(:\d{2}(\.\d+)?)?([Zz]|[+-]\d{2}:\d{2})$/;

const NO_MOMENT =
  'must be a moment with its time zone, such as 2026-11-22T03:00:00Z or 2026-11-22T03:00:00+00:00';

const Rfc3339 = z.iso.datetime({ offset: true });

/**
 * A moment as a caller may write it, read as the house's instant before anything is hashed or decided: UTC and three decimals,
 * further ones are cut off. Whatever is no moment, such as a local time or the 30th of February, is told the form with an example.
 */
export const Moment = z
  .string({ error: ({ input }) => (input === undefined ? undefined : NO_MOMENT) })
  .regex(FORM, { error: NO_MOMENT, abort: true })
  .meta({
    description: 'A moment (RFC 3339) with Z or an offset; seconds and their fractions may be left out.',
  })
  .transform((text, context) => {
    const whole = text.toUpperCase().replace(/(T\d\d:\d\d)(?=[Z+-])/, '$1:00');
    if (Rfc3339.safeParse(whole).success) {
      const read = Instant.safeParse(toInstant(whole)); // an offset may lead out of the years 0000 to 9999
      if (read.success) return read.data;
    }
    context.addIssue({ code: 'custom', message: NO_MOMENT });
    return z.NEVER;
  });
