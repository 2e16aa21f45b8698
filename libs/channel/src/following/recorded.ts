import type { Channel, WarningId } from '#contracts';
import { deliveryId } from '#runtime';
import { follow, type Earlier, type Follow } from './follow.js';
import type { OpenPlan } from '../planning/open-plan.js';
import type { EarlierDeliveries } from './earlier-deliveries.js';

/** A target of earlier versions and what it gets now; `wait` while one of its messages is still on its way out. */
export type Recorded =
  { target: string; follow: Exclude<Follow, 'nothing'> } | { target: string; follow: 'wait' };

/** Parts that one account may have had of a version, over all languages; a recipient of a list has one. */
const MOST_PARTS = 40;

/**
 * What the recipients recorded for a warning get of its next act, chunk by chunk of what went before. They are those of the
 * record, not those who are in the area now: whoever moved away after they were warned is told all the same.
 */
export class RecordedTargets {
  constructor(
    private readonly earlier: EarlierDeliveries,
    private readonly channel: Channel,
  ) {}

  /** What each of `targets` gets. Those who got nothing, or whom this plan has reached already, are left out. */
  async of(plan: OpenPlan, targets: readonly string[]): Promise<Recorded[]> {
    const parts = this.channel === 'social' ? MOST_PARTS : 1;
    const newest = plan.act === 'cancel' ? plan.version : plan.version - 1;
    const id = (target: string, version: number, act: 'issue' | 'cancel', part: number): string =>
      deliveryId({ warningId: plan.warningId, version, act, channel: this.channel, target, part });
    const earlierIds = targets.map((target) =>
      range(plan.fromVersion + 1, newest).flatMap((version) =>
        range(1, parts).map((part) => id(target, version, 'issue', part)),
      ),
    );
    const ours = targets.map((target) => id(target, plan.version, plan.act, 1));
    // In flight is read first: what settles between the two reads is then seen as settled, never as not there.
    const inFlight = await this.earlier.inFlight(plan.warningId);
    const standing = await this.earlier.standing([...earlierIds.flat(), ...ours]);
    return targets.flatMap((target, n): Recorded[] => {
      if (standing.has(ours[n] ?? '')) return [];
      const ids = earlierIds[n] ?? [];
      const flying = ids.some((one) => inFlight.has(one) && !isFinal(standing.get(one)?.state));
      if (flying) return [{ target, follow: 'wait' }];
      const got = follow(
        plan.act,
        ids.flatMap((one): Earlier[] => {
          const found = standing.get(one);
          return found === undefined ? [] : [{ deliveryId: one, ...found }];
        }),
      );
      return got === 'nothing' ? [] : [{ target, follow: got }];
    });
  }

  /** Those of `targets` that this very plan has a delivery for already. */
  async planned(
    plan: { warningId: WarningId; version: number },
    targets: readonly string[],
  ): Promise<Set<string>> {
    const ids = new Map(
      targets.map((target) => [
        deliveryId({ ...plan, act: 'issue', channel: this.channel, target, part: 1 }) as string,
        target,
      ]),
    );
    const standing = await this.earlier.standing([...ids.keys()]);
    return new Set([...standing.keys()].map((one) => ids.get(one) ?? ''));
  }
}

const isFinal = (state: string | undefined): boolean =>
  state !== undefined && state !== 'planned' && state !== 'deferred';

function range(from: number, to: number): number[] {
  return Array.from({ length: Math.max(0, to - from + 1) }, (_, n) => from + n);
}
