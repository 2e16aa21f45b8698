import type { SubscriptionHealth } from '../event-stream.js';
import type { PartitionWork } from './partition-work.js';

/** The health of a subscription that holds `partitions`, from that of the work on them: the worst of them, and all that waits. */
export function summary(
  works: readonly PartitionWork[],
  partitions: SubscriptionHealth['partitions'],
): SubscriptionHealth {
  const healths = works.map((work) => work.health());
  const worst =
    healths.find(({ state }) => state === 'stalled') ?? healths.find(({ state }) => state === 'retrying');
  return {
    state: worst?.state ?? 'working',
    ...(worst?.why === undefined ? {} : { why: worst.why }),
    partitions,
    waiting: healths.reduce((sum, { waiting }) => sum + waiting, 0),
  };
}
