import type { Fact, OwedFact } from '../record/facts.js';
import type { World } from './world.js';

/** How long a debt that could not be paid waits for the next try. */
const AGAIN_AFTER_MS = 1_000;

/**
 * What accepted messages still owe their senders: receipts, bounces, answers. A debt is written down before the
 * message is answered, survives a kill -9, and is tried until it is paid; so one that was paid just before the kill
 * may be paid twice, as in the real world.
 */
export class Owing {
  private readonly open = new Map<string, OwedFact>();
  private readonly timers = new Map<string, NodeJS.Timeout>();
  private readonly ready: string[] = [];
  private paying = 0;
  private started = false;

  /** `pay` answers whether the debt is settled; a `false` or a throw brings it again. `together` debts are paid side by side. */
  constructor(
    private readonly world: World,
    private readonly channel: 'email' | 'sms',
    private readonly pay: (owed: OwedFact) => Promise<boolean>,
    private readonly together: number,
  ) {}

  /** Takes in one fact of an earlier run. */
  replay(fact: Fact): void {
    if (fact.fact === 'owed' && fact.channel === this.channel) this.open.set(fact.id, fact);
    if (fact.fact === 'done' && fact.channel === this.channel) this.open.delete(fact.id);
  }

  /** From now on debts are paid when they fall due; those of earlier runs first. */
  start(): void {
    this.started = true;
    for (const owed of this.open.values()) this.wait(owed, owed.dueAt - this.world.now());
  }

  /** Answers when the debt is written down. */
  async owe(owed: Omit<OwedFact, 'fact' | 'channel'>): Promise<void> {
    const fact: OwedFact = { ...owed, fact: 'owed', channel: this.channel };
    await this.world.record.append(fact);
    this.open.set(fact.id, fact);
    if (this.started) this.wait(fact, fact.dueAt - this.world.now());
  }

  /** Pays one debt at once, whenever it would have been due. */
  async settleNow(id: string): Promise<void> {
    const owed = this.open.get(id);
    clearTimeout(this.timers.get(id));
    if (owed !== undefined) await this.settle(owed);
  }

  /** How many debts are open. */
  get count(): number {
    return this.open.size;
  }

  /** Nothing is paid any more; what is open stays written down. */
  stop(): void {
    this.started = false;
    for (const timer of this.timers.values()) clearTimeout(timer);
    this.timers.clear();
    this.ready.length = 0;
  }

  private wait(owed: OwedFact, ms: number): void {
    const timer = setTimeout(
      () => {
        this.timers.delete(owed.id);
        this.ready.push(owed.id);
        this.settleNext();
      },
      Math.max(0, ms),
    );
    this.timers.set(owed.id, timer);
  }

  private settleNext(): void {
    while (this.started && this.paying < this.together) {
      const owed = this.open.get(this.ready.shift() ?? '');
      if (owed === undefined && this.ready.length === 0) return;
      if (owed !== undefined) void this.settle(owed);
    }
  }

  private async settle(owed: OwedFact): Promise<void> {
    this.paying += 1;
    const paid = await this.pay(owed).catch(() => false);
    if (paid) {
      this.open.delete(owed.id);
      await this.world.record
        .append({ fact: 'done', channel: this.channel, id: owed.id })
        .catch(() => undefined);
    } else if (this.started) {
      this.wait(owed, AGAIN_AFTER_MS);
    }
    this.paying -= 1;
    this.settleNext();
  }
}
