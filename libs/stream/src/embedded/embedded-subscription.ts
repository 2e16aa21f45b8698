import { setTimeout as sleep } from 'node:timers/promises';
import type { Log } from '#runtime';
import type {
  Handler,
  StreamMessage,
  SubscribeTo,
  Subscription,
  SubscriptionHealth,
} from '../event-stream.js';
import { growingPauseMs } from '../handling/growing-pause.js';
import { PartitionWork } from '../handling/partition-work.js';
import { summary } from '../handling/summary.js';
import type { Heads } from './places/heads.js';
import type { Held, Membership } from './membership.js';

/** What a subscription needs from the stream that it belongs to. */
export type EmbeddedSubscriptionNeeds = {
  heads: Heads;
  membership: Membership;
  fetch(from: { topic: string; partition: number; offset: bigint; limit: number }): Promise<StreamMessage[]>;
  park(message: StreamMessage, why: string): Promise<void>;
  log: Log;
};

type Mine = { held: Held; work: PartitionWork; over: AbortController; leaving: boolean };

/** A quarter of the session: three beats may be lost. */
const BEAT_EVERY_MS = 2_000;
const DEFAULT_BATCH = 500;

/** One member of a group on the embedded stream: beats, takes and gives back partitions, and feeds the work on them. */
export class EmbeddedSubscription implements Subscription {
  private readonly mine = new Map<string, Mine>();
  private readonly ending = new Map<string, Promise<void>>();
  private readonly closed = new AbortController();
  private beatNow = new AbortController();
  private joined = false;
  private why: string | undefined;
  private readonly beating: Promise<void>;

  constructor(
    private readonly needs: EmbeddedSubscriptionNeeds,
    private readonly to: SubscribeTo,
    private readonly handle: Handler,
  ) {
    this.beating = this.beat();
  }

  async close(): Promise<void> {
    this.closed.abort();
    this.beatNow.abort();
    await this.beating;
    await Promise.all([...this.mine.values()].map((mine) => this.end(mine)));
    await this.needs.membership
      .leave()
      .catch((error: unknown) => this.warn(error, 'a member could not say that it leaves'));
  }

  health(): SubscriptionHealth {
    if (this.closed.signal.aborted) return { state: 'closed', partitions: [], waiting: 0 };
    if (!this.joined)
      return { state: 'joining', ...(this.why ? { why: this.why } : {}), partitions: [], waiting: 0 };
    const all = [...this.mine.values()];
    const partitions = all.map(({ held: { topic, partition } }) => ({ topic, partition }));
    const health = summary(
      all.map(({ work }) => work),
      partitions,
    );
    return this.why === undefined ? health : { ...health, state: 'retrying', why: this.why };
  }

  private async beat(): Promise<void> {
    const unlisten = this.needs.heads.onGroup(this.to.group, () => this.beatNow.abort());
    while (!this.closed.signal.aborted) {
      this.beatNow = new AbortController();
      try {
        this.settle(await this.needs.membership.beat());
        this.joined = true;
        this.why = undefined;
      } catch (error) {
        this.why = error instanceof Error ? error.message : String(error);
        this.warn(error, 'a member could not beat');
      }
      await sleep(BEAT_EVERY_MS, undefined, { signal: this.beatNow.signal }).catch(() => undefined);
    }
    unlisten();
  }

  /** Brings the work in line with what the database says that this member holds. */
  private settle(held: readonly Held[]): void {
    if (this.closed.signal.aborted) return;
    const now = new Map(held.map((one) => [nameOf(one), one]));
    for (const [name, mine] of this.mine) if (!now.has(name) && !mine.leaving) this.lose(name, mine);
    for (const [name, one] of now) {
      const mine = this.mine.get(name);
      if (!mine && one.keep) this.begin(name, one);
      if (mine && !one.keep && !mine.leaving) void this.giveBack(name, mine);
      if (!mine && !one.keep) void this.release(one);
    }
  }

  private begin(name: string, held: Held): void {
    const { topic, partition } = held;
    const log = this.needs.log.child({ group: this.to.group, topic, partition });
    const over = new AbortController();
    let roomAgain: () => void = () => undefined;
    const work = new PartitionWork(
      {
        handle: this.handle,
        maxBatch: this.to.maxBatch ?? DEFAULT_BATCH,
        lingerMs: this.to.lingerMs ?? 0,
        park: (message, why) => this.needs.park(message, why),
        commit: async (next) => {
          if (await this.needs.membership.commit(topic, partition, next)) return;
          const mine = this.mine.get(name);
          if (mine?.work === work) this.lose(name, mine); // frozen for longer than its session, and just woken
        },
        roomAgain: () => roomAgain(),
        log,
      },
      held.next,
      this.ending.get(name),
    );
    this.mine.set(name, { held, work, over, leaving: false });
    const room = (): Promise<void> => new Promise((resolve) => (roomAgain = resolve));
    over.signal.addEventListener('abort', () => roomAgain());
    void this.feed(held, work, over.signal, room);
  }

  private async feed(
    held: Held,
    work: PartitionWork,
    over: AbortSignal,
    room: () => Promise<void>,
  ): Promise<void> {
    const { topic, partition } = held;
    let failures = 0;
    let seen = held.next;
    while (!over.aborted) {
      const reaches = await this.needs.heads.furtherThan(seen, topic, partition, over);
      while (!over.aborted && work.next < reaches) {
        if (!work.hasRoom) {
          await room();
          continue;
        }
        try {
          const limit = this.to.maxBatch ?? DEFAULT_BATCH;
          const messages = await this.needs.fetch({ topic, partition, offset: work.next, limit });
          failures = 0;
          if (messages.length === 0) break; // past their retention
          if (!over.aborted) work.offer(messages);
        } catch (error) {
          this.warn(error, 'messages could not be fetched and will be tried again');
          await sleep(growingPauseMs(failures++), undefined, { signal: over }).catch(() => undefined);
        }
      }
      seen = reaches;
    }
  }

  /** Another member's share: finish the handler in hand, commit, set it free. It stays ours until then, so nobody overlaps. */
  private async giveBack(name: string, mine: Mine): Promise<void> {
    mine.leaving = true;
    mine.over.abort();
    await mine.work
      .close(Infinity)
      .catch((error: unknown) => this.warn(error, 'handled messages could not be committed'));
    await this.release(mine.held);
    if (this.mine.get(name) === mine) this.mine.delete(name); // not before: it may be our share again, and must be taken anew
    this.beatNow.abort();
  }

  private async release({ topic, partition }: Held): Promise<void> {
    await this.needs.membership
      .release(topic, partition)
      .catch((error: unknown) => this.warn(error, 'a partition could not be set free'));
  }

  private lose(name: string, mine: Mine): void {
    mine.over.abort();
    this.mine.delete(name);
    const ended = Promise.all([this.ending.get(name), mine.work.lose()]).then(() => {
      if (this.ending.get(name) === ended) this.ending.delete(name);
    });
    this.ending.set(name, ended);
  }

  private async end({ over, work }: Mine): Promise<void> {
    over.abort();
    await work.close().catch((error: unknown) => this.warn(error, 'handled messages could not be committed'));
  }

  private warn(error: unknown, sentence: string): void {
    if (!this.closed.signal.aborted) this.needs.log.warn({ group: this.to.group, error }, sentence);
  }
}

function nameOf({ topic, partition }: Held): string {
  return `${topic}/${partition}`;
}
