import type { EngagementEvent } from '#contracts';
import type { Metric } from './warning-report.js';

/** Sums one metric over the posts of `deliveries`; a post without a reading makes it "at least" (CHANNELS §C). */
export function metric(
  samples: readonly EngagementEvent[],
  deliveries: ReadonlySet<string>,
  name: 'shares' | 'likes' | 'replies',
): Metric {
  const posts = [...deliveries].map((deliveryId) => {
    const known = samples
      .filter((sample) => sample.deliveryId === deliveryId)
      .flatMap((sample) => {
        const value = sample[name];
        return value === null ? [] : [{ at: sample.at, value }];
      });
    const lastAt = known
      .map(({ at }) => at)
      .sort()
      .at(-1);
    const last = Math.max(...known.filter(({ at }) => at === lastAt).map(({ value }) => value));
    return known.length === 0 ? null : { last, most: Math.max(...known.map(({ value }) => value)) };
  });
  const known = posts.filter((post) => post !== null);
  if (known.length === 0) return { last: null, most: null, atLeast: posts.length > 0 };
  return {
    last: known.reduce((sum, post) => sum + post.last, 0),
    most: known.reduce((sum, post) => sum + post.most, 0),
    atLeast: known.length < posts.length,
  };
}
