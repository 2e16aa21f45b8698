import type { Account, DeliveryId, ListChannel } from '#contracts';
import type { Subscriber, Subscribers } from '#audience';
import { deliveryId, type Log } from '#runtime';
import type { FirstChunk } from '../delivering/first-chunk.js';
import { pickText, type Follow } from '../following/follow.js';
import { chunkStream, warningStream, type ChannelRecord } from '../record/channel-record.js';
import { planReported } from '../reports/plan-reported.js';
import { KEPT_OTHERWISE, type OpenPlan, type PlanCursor, type PlannedRow } from './open-plan.js';
import type { PlanStore } from './plan-store.js';

/** Somebody who gets a version, and how it reads for them: as a first message, by itself, or as an answer. */
export type Member = { subscriber: Subscriber; follow: Exclude<Follow, 'nothing'> };

export type PlanWriterParts = {
  channel: ListChannel;
  account: Account;
  store: PlanStore;
  subscribers: Subscribers;
  record: ChannelRecord;
  /** Begins to send a plan's first chunk here and now: its way over the stream would only cost the public time. */
  begin: (first: FirstChunk, urgent: boolean) => Promise<void>;
  log: Log;
};

/** Puts a plan on record, chunk by chunk, and its end: each is one statement with its event. */
export class PlanWriter {
  constructor(private readonly parts: PlanWriterParts) {}

  /** One more chunk. False when another planner was faster: it goes on, not we. */
  async addChunk(plan: OpenPlan, members: readonly Member[], cursor: PlanCursor): Promise<boolean> {
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

  /** The plan is complete: reported, with why nobody gets it when that is so. */
  async finish(plan: OpenPlan, leftOut: string | null = null): Promise<void> {
    const { store, record, channel, account, subscribers, log } = this.parts;
    const { warningId, version, act, recipients, chunks } = plan;
    const refused = plan.tampered === true ? KEPT_OTHERWISE : (plan.refused ?? leftOut);
    if (refused !== null) log.error({ warningId, version, act, why: refused }, 'plan refused');
    const withoutPoint = await subscribers.withoutPoint();
    const report = planReported(
      plan,
      { channel, accountId: account.accountId, recipients, chunks, withoutPoint, refused },
      record.clock.now(),
    );
    await record.appendNext(warningStream(warningId, channel), [report], [store.doneWrite(plan)]);
    log.info({ warningId, version, act, recipients, chunks, refused }, 'plan complete');
  }
}
