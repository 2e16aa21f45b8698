import type { AccountId, Variant } from '#contracts';
import { deliveryId, sleep, type Log } from '#runtime';
import type { Gates } from '../gate/gates.js';
import { accountParts } from '../posting/account-parts.js';
import { postReported } from '../record/post-reported.js';
import { chunkStream, warningStream, type ChannelRecord } from '../record/channel-record.js';
import type { EarlierDeliveries } from '../following/earlier-deliveries.js';
import { reachesOut } from '../following/follow.js';
import { leavesChannelOut, leftBehind } from '../following/left-out.js';
import { KEPT_OTHERWISE, type OpenPlan, type PlannedRow } from './open-plan.js';
import type { PlanStore } from './plan-store.js';
import type { RecordedTargets } from '../following/recorded.js';

/** How long to wait before looking again at an account whose post is still on its way out. */
const LOOK_AGAIN_MS = 25;

export type SocialPlannerParts = {
  gates: Gates;
  store: PlanStore;
  earlier: EarlierDeliveries;
  recorded: RecordedTargets;
  record: ChannelRecord;
  platformOf: (accountId: AccountId) => string;
  /** There is something to post. */
  wake: () => void;
  log: Log;
};

/**
 * Works out what each account posts: a chunk is one account, its rows are its posts in order. An account whose earlier post is
 * still on its way out waits; the others go ahead.
 */
export class SocialPlanner {
  constructor(private readonly parts: SocialPlannerParts) {}

  async work(plan: OpenPlan, stop: AbortSignal): Promise<void> {
    const { store, record, log } = this.parts;
    const { warningId, version, act } = plan;
    const refused = plan.tampered === true ? KEPT_OTHERWISE : plan.refused;
    if (refused !== null) return this.refuse(plan, refused, plan.composed?.[0]?.accountId);
    if (leavesChannelOut(plan) && (await this.stillWanted(plan))) {
      const left = await leftBehind(this.parts, plan, stop);
      if (left === undefined) return;
      if (left !== null) return this.refuse(plan, left.why, left.accountId);
    }
    const composed = [...(plan.composed ?? []), ...(await this.parts.earlier.withdrawnElsewhere(plan))];
    const texts = composed.filter((text) => text.act === act);
    const accounts = [...new Set(texts.map(({ accountId }) => accountId))];
    let waiting = accounts.map((accountId, chunk) => ({ accountId, chunk }));
    while (waiting.length > 0 && (await this.stillWanted(plan))) {
      const later: typeof waiting = [];
      for (const account of waiting) {
        if (stop.aborted) return;
        if (!(await this.account({ ...plan, composed }, account))) later.push(account);
      }
      waiting = later;
      if (waiting.length === 0) break;
      await store.keep(plan);
      await sleep(LOOK_AGAIN_MS, stop);
    }
    await record.record.append({ facts: [], also: [store.doneWrite(plan)] });
    log.info({ warningId, version, act, accounts: accounts.length }, 'plan complete');
  }

  /** False: look again later, its earlier post is on its way out. */
  private async account(
    plan: OpenPlan,
    { accountId, chunk }: { accountId: AccountId; chunk: number },
  ): Promise<boolean> {
    const [found] = await this.parts.recorded.of(plan, [accountId]);
    if (found?.follow === 'wait') return false;
    if (found !== undefined) {
      await this.addChunk(plan, accountId, chunk, found.follow.variant, found.follow.answers);
    } else if (reachesOut(plan.act, plan.head?.message ?? 'first')) {
      await this.addChunk(plan, accountId, chunk, plan.version === 1 ? 'first' : 'alone', null);
    }
    return true;
  }

  private async addChunk(
    plan: OpenPlan,
    accountId: AccountId,
    chunk: number,
    variant: Variant,
    answers: string | null,
  ): Promise<void> {
    const { store, record, platformOf, wake } = this.parts;
    const { warningId, version, act, incidentId } = plan;
    const posts = accountParts(plan.composed ?? [], { accountId, act, variant });
    if (posts.length === 0) return;
    const key = { warningId, version, act, chunk };
    const rows = posts.map(({ part, language }): PlannedRow => ({
      deliveryId: deliveryId({ warningId, version, act, channel: 'social', target: accountId, part }),
      target: accountId,
      part,
      language,
      variant,
      answers,
      suppressed: null,
    }));
    const at = record.clock.now();
    const fresh = { state: 'planned', attempt: 0, unknowns: 0, ref: null, reason: null, detail: null };
    const about = { key, incidentId, accountId, platform: platformOf(accountId) };
    const events = rows.map((row, n) =>
      record.newEvent(chunkStream(key, 'social'), n + 1, postReported(about, { ...row, ...fresh }, at)),
    );
    const writes = store.chunkWrites(
      plan,
      { chunk, accountId, revision: rows.length, cursor: {} },
      rows,
      'due',
    );
    // False: another planner has planned this account already, which is as good.
    if (await record.appendAt(events, writes)) wake();
  }

  private async stillWanted(plan: OpenPlan): Promise<boolean> {
    if (plan.act === 'cancel') return true;
    const gate = await this.parts.gates.read(plan.warningId);
    return gate !== undefined && gate.currentVersion === plan.version && gate.cancelledThrough < plan.version;
  }

  /** Without an account there is nobody to report for: the log alone says it. */
  private async refuse(plan: OpenPlan, refused: string, accountId: AccountId | undefined): Promise<void> {
    const { store, record, log } = this.parts;
    const { warningId, version, act, incidentId } = plan;
    log.error({ warningId, version, act, why: refused }, 'plan refused');
    const report = {
      type: 'PlanReported',
      incidentId,
      warningId,
      version,
      act,
      channel: 'social',
      at: record.clock.now(),
      ...(accountId === undefined ? {} : { accountId }),
      recipients: 0,
      chunks: 0,
      withoutPoint: 0,
      complete: true,
      refused,
    };
    const done = [store.doneWrite(plan)];
    if (accountId === undefined) await record.record.append({ facts: [], also: done });
    else await record.appendNext(warningStream(warningId, 'social'), [report], done);
  }
}
