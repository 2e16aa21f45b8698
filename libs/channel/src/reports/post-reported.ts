import type { Instant } from '#contracts';
import type { TakenChunk } from '../chunks/chunk-store.js';
import type { PostRow } from '../posting/post-store.js';

/** What a report needs to know of a chunk. */
export type Reportable = Pick<TakenChunk, 'key' | 'incidentId' | 'accountId'> & { platform: string };

/** What it says of one post. */
export type Reported = Pick<
  PostRow,
  'deliveryId' | 'part' | 'language' | 'state' | 'attempt' | 'unknowns' | 'ref' | 'reason' | 'detail'
>;

/** A post as the house hears of it: whatever is planned or waits for another attempt is pending. */
export function postReported(
  { key, incidentId, accountId, platform }: Reportable,
  { deliveryId, part, language, state, attempt, unknowns, ref, reason, detail }: Reported,
  at: Instant,
) {
  const { warningId, version, act } = key;
  return {
    type: 'PostReported',
    at,
    incidentId,
    warningId,
    version,
    act,
    channel: 'social',
    accountId,
    platform,
    deliveryId,
    part,
    language,
    state: state === 'planned' || state === 'deferred' ? 'pending' : state,
    wasUnknown: unknowns > 0,
    attempt,
    ref: ref?.id ?? null,
    url: ref?.url ?? null,
    reason,
    detail,
  };
}
