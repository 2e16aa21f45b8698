import { z } from 'zod';
import { Language, writtenText } from './text.js';

/** `[longitude, latitude]` in degrees, WGS 84, as GeoJSON orders them (RFC 7946 §3.1.1). */
export const Position = z.tuple([z.number().min(-180).max(180), z.number().min(-90).max(90)]);
export type Position = z.infer<typeof Position>;

/** A closed ring: at least four positions, the last equal to the first (RFC 7946 §3.1.6). */
export const Ring = z
  .array(Position)
  .min(4, 'a ring needs at least four positions')
  .max(10_000, 'a ring may have at most 10,000 positions')
  .refine((ring) => {
    const [first, last] = [ring[0], ring.at(-1)];
    return first !== undefined && last !== undefined && first[0] === last[0] && first[1] === last[1];
  }, 'a ring must end where it began');

/** GeoJSON MultiPolygon: the union of its polygons; first ring outer, the rest holes. Never empty. */
export const MultiPolygon = z.strictObject({
  type: z.literal('MultiPolygon'),
  coordinates: z.array(z.array(Ring).min(1)).min(1, 'an area must not be empty').max(1_000),
});
export type MultiPolygon = z.infer<typeof MultiPolygon>;

/** Where a warning applies: geometry, its name in each language, and optional codes beside it, never instead of it. */
export const Area = z.strictObject({
  geometry: MultiPolygon,
  description: z.record(Language, writtenText(500)),
  geocodes: z
    .array(z.strictObject({ name: writtenText(100), value: writtenText(100) }))
    .max(500)
    .optional(),
});
export type Area = z.infer<typeof Area>;
