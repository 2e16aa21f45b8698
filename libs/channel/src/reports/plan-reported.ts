import type { AccountId, Channel, IncidentId, Instant } from '#contracts';
import type { PlanKey } from '../planning/open-plan.js';

/** What became of a plan. `refused`: why nobody gets it, when that is so; `withoutPoint`: people of the list who have no point on the map. */
export type Planned = {
  channel: Channel;
  accountId: AccountId;
  recipients: number;
  chunks: number;
  withoutPoint: number;
  refused: string | null;
};

/** A plan as the house hears of it once it is complete: nobody will be added to it. */
export function planReported(
  { incidentId, warningId, version, act }: PlanKey & { incidentId: IncidentId },
  { refused, ...planned }: Planned,
  at: Instant,
) {
  return {
    type: 'PlanReported',
    incidentId,
    warningId,
    version,
    act,
    at,
    ...planned,
    complete: true,
    ...(refused === null ? {} : { refused }),
  };
}
