import type { Subscriber, Subscribers } from '#audience';
import { sleep, type Clock } from '#runtime';
import type { EarlierDeliveries } from '../following/earlier-deliveries.js';
import { reachesOut } from '../following/follow.js';
import type { RecordedTargets } from '../following/recorded.js';
import type { Gates } from '../gate/gates.js';
import { leavesChannelOut, leftBehind } from '../following/left-out.js';
import type { OpenPlan } from './open-plan.js';
import type { PlanStore } from './plan-store.js';
import type { Member, PlanWriter } from './plan-writer.js';

/** Recipients of a chunk: small, so that replicas can share a warning, and the first smaller still, so that it leaves at once. */
const CHUNK_SIZE = 200;
const FIRST_CHUNK_SIZE = 25;
/** Pages of the area grow, so that the first is there at once and a million people are few queries. */
export const FIRST_PAGE = 200;
const LARGEST_PAGE = 100_000;
/** How long to wait before looking again at recipients whose message is still on its way out. */
const LOOK_AGAIN_MS = 25;

export type ListPlannerParts = {
  gates: Gates;
  store: PlanStore;
  earlier: EarlierDeliveries;
  recorded: RecordedTargets;
  subscribers: Subscribers;
  writer: PlanWriter;
  clock: Clock;
};

/**
 * Works out who gets a version, in chunks that leave while the rest is still being worked out. Each chunk, its rows, the plan's
 * cursor and the chunk's event are one statement: a plan that is interrupted goes on from its cursor, and a chunk number is
 * taken only once, whoever else believes that the plan is theirs.
 */
export class ListPlanner {
  constructor(private readonly parts: ListPlannerParts) {}

  /** Works on one plan until it is complete, or `stop`. */
  async work(plan: OpenPlan, stop: AbortSignal): Promise<void> {
    const { writer } = this.parts;
    if (plan.refused !== null || plan.tampered === true) return writer.finish(plan);
    if (plan.composed === null || !(await this.stillWanted(plan))) return writer.finish(plan);
    if (leavesChannelOut(plan)) {
      const left = await leftBehind(this.parts, plan, stop);
      return left === undefined ? undefined : writer.finish(plan, left?.why);
    }
    if (!(await this.fromRecord(plan, stop))) return;
    if (reachesOut(plan.act, plan.head?.message ?? 'first') && !(await this.fromArea(plan, stop))) return;
    await writer.finish(plan);
  }

  /** Those who may have got an earlier version. False when the work was interrupted. */
  private async fromRecord(plan: OpenPlan, stop: AbortSignal): Promise<boolean> {
    const { store, earlier, writer } = this.parts;
    const mayHaveEarlier = plan.act === 'cancel' || plan.version > 1;
    for (let waiting = mayHaveEarlier && !plan.cursor.recordDone; waiting;) {
      waiting = false;
      let gathered: Member[] = [];
      let chunk = await earlier.chunkAfter(plan, undefined);
      for (; chunk !== undefined; chunk = await earlier.chunkAfter(plan, chunk)) {
        if (stop.aborted) return false;
        const { members, wait } = await this.membersOf(plan, chunk.targets);
        waiting ||= wait;
        // Somebody who got two earlier versions stands in a chunk of each, and is not in the record of this one yet.
        const had = new Set(gathered.map(({ subscriber }) => subscriber.subscriberId));
        gathered.push(...members.filter(({ subscriber }) => !had.has(subscriber.subscriberId)));
        if (gathered.length < CHUNK_SIZE) continue;
        if (!(await writer.addChunk(plan, gathered, {}))) return false;
        gathered = [];
      }
      if (gathered.length > 0 && !(await writer.addChunk(plan, gathered, {}))) return false;
      if (!waiting) break;
      await store.keep(plan); // then once more from the beginning: those who are planned by now are left out
      await sleep(LOOK_AGAIN_MS, stop);
    }
    return true;
  }

  private async membersOf(
    plan: OpenPlan,
    targets: readonly string[],
  ): Promise<{ members: Member[]; wait: boolean }> {
    const { recorded, subscribers } = this.parts;
    const found = await recorded.of(plan, targets);
    const people = await subscribers.byIds(found.map(({ target }) => target));
    const members = found.flatMap(({ target, follow }): Member[] => {
      const subscriber = people.get(target);
      return follow === 'wait' || subscriber === undefined ? [] : [{ subscriber, follow }];
    });
    return { members, wait: found.some(({ follow }) => follow === 'wait') };
  }

  /** Those in the area who have got nothing of this warning. False when the work was interrupted. */
  private async fromArea(plan: OpenPlan, stop: AbortSignal): Promise<boolean> {
    const { subscribers, recorded, writer } = this.parts;
    const variant = plan.version === 1 ? 'first' : 'alone';
    for (let size = FIRST_PAGE; ; size = Math.min(size * 10, LARGEST_PAGE)) {
      const asked = plan.cursor.after === undefined ? plan.firstPage : undefined;
      const page = await (asked ?? subscribers.inArea(plan.area, plan.cursor.after ?? null, size));
      for (const slice of slices(page, plan.chunks === 0 ? FIRST_CHUNK_SIZE : CHUNK_SIZE)) {
        if (stop.aborted) return false;
        const ids = slice.map(({ subscriberId }) => subscriberId);
        const had = plan.version === 1 ? new Set() : await recorded.planned(plan, ids);
        const members = slice
          .filter(({ subscriberId }) => !had.has(subscriberId))
          .map((subscriber) => ({ subscriber, follow: { variant, answers: null } as const }));
        plan.cursor = { recordDone: true, after: ids.at(-1) ?? '' };
        if (members.length > 0 && !(await writer.addChunk(plan, members, plan.cursor))) return false;
      }
      if (page.length < size || !(await this.stillWanted(plan))) return true;
    }
  }

  /** A version that was cancelled, replaced or has expired meanwhile, by the clock that arms it, needs no further recipients. */
  private async stillWanted(plan: OpenPlan): Promise<boolean> {
    if (plan.act === 'cancel') return true;
    if (plan.wanted === true && plan.sendUntil !== null && plan.sendUntil > this.parts.clock.now()) {
      plan.wanted = false; // true a moment ago; the next time it is asked again
      return true;
    }
    const gate = await this.parts.gates.read(plan.warningId);
    if (gate === undefined || gate.isExpired) return false;
    return gate.currentVersion === plan.version && gate.cancelledThrough < plan.version;
  }
}

function* slices(page: readonly Subscriber[], first: number): Generator<readonly Subscriber[]> {
  if (page.length > 0) yield page.slice(0, first);
  for (let from = first; from < page.length; from += CHUNK_SIZE) yield page.slice(from, from + CHUNK_SIZE);
}
