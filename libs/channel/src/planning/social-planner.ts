import type { AccountId, Variant } from '#contracts';
import { deliveryId, sleep, type Log } from '#runtime';
import type { Gates } from '../gate/gates.js';
import { accountParts } from '../posting/account-parts.js';
import { planReported } from '../reports/plan-reported.js';
import { postReported } from '../reports/post-reported.js';
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
    const { store, log } = this.parts;
    const { warningId, version, act } = plan;
    const refused = plan.tampered === true ? KEPT_OTHERWISE : plan.refused;
    if (refused !== null) return this.finish(plan, plan.composed?.[0]?.accountId, { refused });
    if (leavesChannelOut(plan) && (await this.stillWanted(plan))) {
      const left = await leftBehind(this.parts, plan, stop);
      if (left === undefined) return;
      if (left !== null) return this.finish(plan, left.accountId, { refused: left.why });
    }
    const composed = [...(plan.composed ?? []), ...(await this.parts.earlier.withdrawnElsewhere(plan))];
    const texts = composed.filter((text) => text.act === act);
    const accounts = [...new Set(texts.map(({ accountId }) => accountId))];
    let planned = 0;
    let waiting = accounts.map((accountId, chunk) => ({ accountId, chunk }));
    while (waiting.length > 0 && (await this.stillWanted(plan))) {
      const later: typeof waiting = [];
      for (const account of waiting) {
        if (stop.aborted) return;
        const became = await this.account({ ...plan, composed }, account);
        if (became === 'wait') later.push(account);
        if (became === 'planned') planned += 1;
      }
      waiting = later;
      if (waiting.length === 0) break;
      await store.keep(plan);
      await sleep(LOOK_AGAIN_MS, stop);
    }
    // Posts tell that their account is planned. Of one that posts nothing only this tells that nothing is to come.
    await this.finish(plan, planned === accounts.length ? undefined : accounts[0], { planned });
    log.info({ warningId, version, act, accounts: planned }, 'plan complete');
  }

  /** `wait`: look again later, its earlier post is on its way out. */
  private async account(
    plan: OpenPlan,
    { accountId, chunk }: { accountId: AccountId; chunk: number },
  ): Promise<'planned' | 'nothing' | 'wait'> {
    const [found] = await this.parts.recorded.of(plan, [accountId]);
    if (found?.follow === 'wait') return 'wait';
    if (found !== undefined)
      return this.addChunk(plan, accountId, chunk, found.follow.variant, found.follow.answers);
    if (!reachesOut(plan.act, plan.head?.message ?? 'first')) return 'nothing';
    return this.addChunk(plan, accountId, chunk, plan.version === 1 ? 'first' : 'alone', null);
  }

  private async addChunk(
    plan: OpenPlan,
    accountId: AccountId,
    chunk: number,
    variant: Variant,
    answers: string | null,
  ): Promise<'planned' | 'nothing'> {
    const { store, record, platformOf, wake } = this.parts;
    const { warningId, version, act, incidentId } = plan;
    const posts = accountParts(plan.composed ?? [], { accountId, act, variant });
    if (posts.length === 0) return 'nothing';
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
    return 'planned';
  }

  private async stillWanted(plan: OpenPlan): Promise<boolean> {
    if (plan.act === 'cancel') return true;
    const gate = await this.parts.gates.read(plan.warningId);
    return gate !== undefined && gate.currentVersion === plan.version && gate.cancelledThrough < plan.version;
  }

  /** Closes the plan, and reports it for the account that is named; without one the log alone tells of it. */
  private async finish(
    plan: OpenPlan,
    accountId: AccountId | undefined,
    { planned = 0, refused = null }: { planned?: number; refused?: string | null },
  ): Promise<void> {
    const { store, record, log } = this.parts;
    const { warningId, version, act } = plan;
    if (refused !== null) log.error({ warningId, version, act, why: refused }, 'plan refused');
    const done = [store.doneWrite(plan)];
    if (accountId === undefined) return void (await record.record.append({ facts: [], also: done }));
    const whole = { recipients: planned, chunks: planned, withoutPoint: 0, refused };
    const report = planReported(plan, { channel: 'social', accountId, ...whole }, record.clock.now());
    await record.appendNext(warningStream(warningId, 'social'), [report], done);
  }
}
