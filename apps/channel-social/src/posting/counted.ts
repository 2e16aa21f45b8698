import type { MetricSample, PostRef } from '#channel';
import { z } from 'zod';

/** A count as a platform tells it; what is missing or no count is not told, which is not the same as 0. */
export const Count = z.number().int().nonnegative().optional().catch(undefined);
type Count = z.infer<typeof Count>;

/** One sample of a post. Reposts and quotes together are what people passed on; null where reposts were not told. */
export const counted = (
  ref: PostRef,
  told: { reposts: Count; quotes: Count; likes: Count; replies: Count },
  source: string,
): MetricSample => ({
  ref,
  shares: told.reposts === undefined ? null : told.reposts + (told.quotes ?? 0),
  likes: told.likes ?? null,
  replies: told.replies ?? null,
  source,
});
