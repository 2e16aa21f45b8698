import { BackOff, Bell, sleep, type Log } from '#runtime';
import type { OpenPlan } from '../planning/open-plan.js';
import type { PlanStore } from '../planning/plan-store.js';

/** Plans that are worked on side by side: neither a long list nor one that waits for a window holds up the next warning. */
const SIDE_BY_SIDE = 16;
/** The safety net for plans whose planner died elsewhere; what happens here wakes the loop at once. */
const LOOK_EVERY_MS = 1_000;
/** Whoever hands in a plan lets it go ahead for so long, or until it is planned: the first recipients are on their way by then. */
const GO_AHEAD_MS = 50;

/** Keeps working on whatever is open to plan, until it is stopped. */
export class PlanLoop {
  private readonly stopping = new AbortController();
  private running: Promise<void> | undefined;
  private readonly inHand = new Set<Promise<void>>();
  private readonly bell = new Bell();

  constructor(
    private readonly store: PlanStore,
    private readonly planner: { work(plan: OpenPlan, stop: AbortSignal): Promise<void> },
    private readonly log: Log,
  ) {}

  start(): void {
    this.running ??= this.run();
  }

  /** Works on a plan that was taken for it, at once when it may; else it is set free for whoever may. */
  async hand(plan: OpenPlan): Promise<void> {
    if (this.running !== undefined && !this.stopping.signal.aborted && this.inHand.size < SIDE_BY_SIDE)
      return Promise.race([this.work(plan), sleep(GO_AHEAD_MS)]);
    await this.store.release(plan);
    this.wake();
  }

  /** There may be something to plan. */
  wake(): void {
    this.bell.ring();
  }

  /** Ends after the step in hand; the rest of a plan goes on from its cursor at the next start. */
  async stop(): Promise<void> {
    this.stopping.abort();
    this.wake();
    await this.running;
    await Promise.all(this.inHand);
  }

  private async run(): Promise<void> {
    const pauses = new BackOff(50, 5_000);
    while (!this.stopping.signal.aborted) {
      this.bell.quiet();
      try {
        const plan = this.inHand.size < SIDE_BY_SIDE ? await this.store.take() : undefined;
        pauses.reset();
        if (plan === undefined) await this.bell.ringsWithin(LOOK_EVERY_MS);
        else void this.work(plan);
      } catch (error) {
        this.log.warn({ error, attempt: pauses.attempts + 1 }, 'looking for plans failed and is tried again');
        await pauses.wait(this.stopping.signal);
      }
    }
  }

  private work(plan: OpenPlan): Promise<void> {
    const { warningId, version, act } = plan;
    const work = this.planner
      .work(plan, this.stopping.signal)
      .catch(async (error: unknown) => {
        this.log.warn({ error, warningId, version, act }, 'planning failed and is tried again');
        await sleep(200, this.stopping.signal);
      })
      .then(() => this.store.release(plan))
      .catch(() => {}) // its lease runs out by itself
      .finally(() => {
        this.inHand.delete(work);
        this.wake();
      });
    this.inHand.add(work);
    return work;
  }
}
