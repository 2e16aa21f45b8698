import type { Account, DeliveryId, ListChannel } from '#contracts';
import type { Subscriber, Subscribers } from '#audience';
import { deliveryId, sleep, type Log } from '#runtime';
import type { Gates } from '../gate/gates.js';
import type { FirstChunk } from '../delivering/chunk-work.js';
import { chunkStream, warningStream, type ChannelRecord } from '../record/channel-record.js';
import { pickText, reachesOut, type Follow } from '../following/follow.js';
import { leavesChannelOut, leftBehind } from './left-out.js';
import {
  KEPT_OTHERWISE,
  type OpenPlan,
  type PlanCursor,
  type PlannedRow,
  type PlanStore,
} from './plan-store.js';
import type { RecordedTargets } from '../following/recorded.js';

/** Recipients of a chunk: small, so that replicas can share a warning, and the first smaller still, so that it leaves at once. */
const CHUNK_SIZE = 200;
const FIRST_CHUNK_SIZE = 25;
/** Pages of the area grow, so that the first is there at once and a million people are few queries. */
export const FIRST_PAGE = 200;
const LARGEST_PAGE = 100_000;
/** How long to wait before looking again at recipients whose message is still on its way out. */
const LOOK_AGAIN_MS = 25;

export type ListPlannerParts = {
  channel: ListChannel;
  account: Account;
  gates: Gates;
  store: PlanStore;
  recorded: RecordedTargets;
  subscribers: Subscribers;
  record: ChannelRecord;
  /** Begins to send a plan's first chunk here and now: its way over the stream would only cost the public time. */
  begin: (first: FirstChunk, urgent: boolean) => Promise<void>;
  log: Log;
};

type Member = { subscriber: Subscriber; follow: Exclude<Follow, 'nothing'> };

/**
 * Works out who gets a version, in chunks that leave while the rest is still being worked out. Each chunk, its rows, the plan's
 * cursor and the chunk's event are one statement: a plan that is interrupted goes on from its cursor, and a chunk number is
 * taken only once, whoever else believes that the plan is theirs.
 */
export class ListPlanner {
  constructor(private readonly parts: ListPlannerParts) {}

  /** Works on one plan until it is complete, or `stop`. */
  async work(plan: OpenPlan, stop: AbortSignal): Promise<void> {
    if (plan.refused !== null || plan.tampered === true) return this.finish(plan);
    if (plan.composed === null || !(await this.stillWanted(plan))) return this.finish(plan);
    if (leavesChannelOut(plan)) {
      const left = await leftBehind(this.parts.store, plan, stop);
      return left === undefined ? undefined : this.finish(plan, left?.why);
    }
    if (!(await this.fromRecord(plan, stop))) return;
    if (reachesOut(plan.act, plan.head?.message ?? 'first') && !(await this.fromArea(plan, stop))) return;
    await this.finish(plan);
  }

  /** Those who may have got an earlier version. False when the work was interrupted. */
  private async fromRecord(plan: OpenPlan, stop: AbortSignal): Promise<boolean> {
    const { store } = this.parts;
    const mayHaveEarlier = plan.act === 'cancel' || plan.version > 1;
    for (let waiting = mayHaveEarlier && !plan.cursor.recordDone; waiting;) {
      waiting = false;
      let gathered: Member[] = [];
      let earlier = await store.earlierChunk(plan, undefined);
      for (; earlier !== undefined; earlier = await store.earlierChunk(plan, earlier)) {
        if (stop.aborted) return false;
        const { members, wait } = await this.membersOf(plan, earlier.targets);
        waiting ||= wait;
        // Somebody who got two earlier versions stands in a chunk of each, and is not in the record of this one yet.
        const had = new Set(gathered.map(({ subscriber }) => subscriber.subscriberId));
        gathered.push(...members.filter(({ subscriber }) => !had.has(subscriber.subscriberId)));
        if (gathered.length < CHUNK_SIZE) continue;
        if (!(await this.addChunk(plan, gathered, {}))) return false;
        gathered = [];
      }
      if (gathered.length > 0 && !(await this.addChunk(plan, gathered, {}))) return false;
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
    const { subscribers, recorded } = this.parts;
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
        if (members.length > 0 && !(await this.addChunk(plan, members, plan.cursor))) return false;
      }
      if (page.length < size || !(await this.stillWanted(plan))) return true;
    }
  }

  /** One more chunk. False when another planner was faster: it goes on, not we. */
  private async addChunk(plan: OpenPlan, members: readonly Member[], cursor: PlanCursor): Promise<boolean> {
    const { store, record, channel, account, log } = this.parts;
    const { warningId, version, act, urgent, incidentId } = plan;
    const chunk = plan.chunks;
    const rows = members.map((member) => this.row(plan, member));
    const key = { warningId, version, act, chunk };
    const event = record.newEvent(chunkStream(key, channel), 1, {
      type: 'ChunkPlanned',
      incidentId,
      ...key,
      channel,
      at: record.clock.now(),
      accountId: account.accountId,
      recipients: rows.length,
      urgent,
    });
    const { accountId } = account;
    const taken = chunk === 0 ? this.firstChunk(plan, rows, members) : undefined;
    const planned = { chunk, accountId, revision: 1, cursor, taken: taken !== undefined };
    const writes = store.chunkWrites(plan, planned, rows);
    if (!(await record.appendAt([event], writes))) {
      log.warn(key, 'another planner works on this plan');
      return false;
    }
    plan.chunks += 1;
    plan.recipients += rows.length;
    if (taken !== undefined) await this.parts.begin(taken, urgent); // its first window goes before the rest of the plan
    return true;
  }

  /** The first chunk as the worker that takes it would read it. Undefined when what was approved is not at hand. */
  private firstChunk(
    plan: OpenPlan,
    rows: readonly PlannedRow[],
    members: readonly Member[],
  ): FirstChunk | undefined {
    const { warningId, version, act, urgent, incidentId, head, composed, issuedAt, sendUntil } = plan;
    if (head === null || composed === null || issuedAt === null || sendUntil === null) return undefined;
    const about = { incidentId, warningId, version, act, issuedAt, sendUntil };
    return {
      askedAt: performance.now(),
      chunk: {
        key: { warningId, version, act, chunk: 0 },
        fence: 1,
        accountId: this.parts.account.accountId,
        incidentId,
        recipients: rows.length,
        urgent,
        revision: 1,
        sending: { media: [], ...head, ...about },
        texts: composed,
      },
      rows: rows.flatMap(({ suppressed, answers, ...row }, n) =>
        suppressed === null
          ? [{ ...row, answers: answers as DeliveryId | null, ordinal: n + 1, attempt: 0, unknowns: 0 }]
          : [],
      ),
      people: new Map(members.map(({ subscriber }) => [subscriber.subscriberId, subscriber])),
    };
  }

  private row({ warningId, version, act, composed }: OpenPlan, { subscriber, follow }: Member): PlannedRow {
    const { channel } = this.parts;
    const { subscriberId: target, language: wished, suppressed } = subscriber;
    const text = pickText(composed ?? [], { act, variant: follow.variant, language: wished });
    return {
      deliveryId: deliveryId({ warningId, version, act, channel, target, part: 1 }),
      target,
      part: 1,
      language: text?.language ?? wished,
      variant: follow.variant,
      answers: follow.answers,
      suppressed,
    };
  }

  /** A version that was cancelled, replaced or has expired meanwhile needs no further recipients. */
  private async stillWanted(plan: OpenPlan): Promise<boolean> {
    if (plan.act === 'cancel') return true;
    if (plan.wanted === true && plan.sendUntil !== null && plan.sendUntil > this.parts.record.clock.now()) {
      plan.wanted = false; // true a moment ago; the next time it is asked again
      return true;
    }
    const gate = await this.parts.gates.read(plan.warningId);
    if (gate === undefined) return false;
    const expired = gate.expiresAt !== null && gate.expiresAt <= this.parts.record.clock.now();
    return gate.currentVersion === plan.version && gate.cancelledThrough < plan.version && !expired;
  }

  private async finish(plan: OpenPlan, leftOut: string | null = null): Promise<void> {
    const { store, record, channel, account, subscribers, log } = this.parts;
    const { warningId, version, act, recipients, chunks, incidentId } = plan;
    const refused = plan.tampered === true ? KEPT_OTHERWISE : (plan.refused ?? leftOut);
    if (refused !== null) log.error({ warningId, version, act, why: refused }, 'plan refused');
    const report = {
      type: 'PlanReported',
      incidentId,
      warningId,
      version,
      act,
      channel,
      at: record.clock.now(),
      accountId: account.accountId,
      recipients,
      chunks,
      withoutPoint: await subscribers.withoutPoint(),
      complete: true,
      ...(refused === null ? {} : { refused }),
    };
    await record.appendNext(warningStream(warningId, channel), [report], [store.doneWrite(plan)]);
    log.info({ warningId, version, act, recipients, chunks, refused }, 'plan complete');
  }
}

function* slices(page: readonly Subscriber[], first: number): Generator<readonly Subscriber[]> {
  if (page.length > 0) yield page.slice(0, first);
  for (let from = first; from < page.length; from += CHUNK_SIZE) yield page.slice(from, from + CHUNK_SIZE);
}
