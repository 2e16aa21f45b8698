import type { AccountId } from '#contracts';
import { sleep } from '#runtime';
import type { EarlierDeliveries } from './earlier-deliveries.js';
import type { OpenPlan } from '../planning/open-plan.js';
import type { PlanStore } from '../planning/plan-store.js';

/** How long to wait before looking again at messages of an earlier version that are on their way out. */
const LOOK_AGAIN_MS = 25;

/** Whether the version has no text for this channel: an officer took the channel out of it. */
export const leavesChannelOut = ({ act, composed }: OpenPlan): boolean =>
  act === 'issue' && composed?.length === 0;

/**
 * Whom such a version leaves with an earlier one, as the sentence of its report, with an account of theirs; null when nobody got one.
 * Nothing was approved that could be sent to them, so a person must see it. Waits while something of the warning is on its way out;
 * undefined when it was interrupted.
 */
export async function leftBehind(
  { store, earlier }: { store: PlanStore; earlier: EarlierDeliveries },
  plan: OpenPlan,
  stop: AbortSignal,
): Promise<{ why: string; accountId: AccountId } | null | undefined> {
  for (; !stop.aborted; await sleep(LOOK_AGAIN_MS, stop)) {
    await store.keep(plan);
    const left = await earlier.leftWith(plan);
    if (left === undefined) continue;
    const { targets, accountId } = left;
    if (accountId === null) return null;
    const why = `version ${plan.version} leaves this channel out, and ${targets} here still have an earlier one`;
    return { why, accountId };
  }
  return undefined;
}
