import type { Log } from '#runtime';
import type { Batch, Handler, StreamMessage } from '../event-stream.js';
import { Commits } from './commits.js';
import { growingPauseMs } from './growing-pause.js';
import { CLOSE_GRACE_MS, within } from './within.js';
import { isolate, orderKey, type Isolating } from './isolate.js';

/** What an adapter does for the partition that it gave out, and how it wants it worked on. */
export type WorkOn = {
  handle: Handler;
  /** Most messages in one call of the handler. */
  maxBatch: number;
  /** How long fewer than those wait for company. Default 0: not at all. */
  lingerMs?: number;
  /** Original bytes and reason to the parked topic; resolves when durable. */
  park(message: StreamMessage, why: string): Promise<void>;
  /** Everything before `next` is handled. May be called again for the same offset. */
  commit(next: bigint): Promise<void>;
  /** There is room for more after `hasRoom` was false. */
  roomAgain(): void;
  log: Log;
};

/** How a partition is doing. */
export type WorkHealth = { state: 'working' | 'retrying' | 'stalled'; why?: string; waiting: number };

type Open = { message: StreamMessage; failedAlone: boolean };

/** Failed messages kept in memory while the rest of a partition goes on; with more than this the partition waits. */
const MOST_HELD = 1_000;
/** Keys whose first message is tried when held back messages are due. */
const MOST_PROBES = 3;
/** A handler call without any done, park or beat for so long is called stalled. */
const STALLED_AFTER_MS = 60_000;

/**
 * One partition in the hands of one member: calls the handler with one batch after another, keeps order per key,
 * holds back what fails and tries it again for ever while other keys go on, and commits only what has nothing open before it.
 */
export class PartitionWork {
  private readonly abort = new AbortController();
  private readonly open = new Map<bigint, Open>(); // in order of offset, because they are taken in that order
  private readonly held = new Map<bigint, StreamMessage>();
  private fresh: StreamMessage[] = [];
  private taken: bigint;
  private readonly commits: Commits;
  private full = false;
  private storm = false;
  private failures = 0;
  private turn = -1;
  private retryAt = Infinity;
  private freshAt = Infinity;
  private lastError: unknown;
  private callSince: number | undefined;
  private wake: () => void = () => undefined;
  private readonly ended: Promise<void>;

  /** `from` is the offset of the first message to come. `after` is the previous work on the same partition in this process. */
  constructor(
    private readonly on: WorkOn,
    from: bigint,
    after: Promise<void> = Promise.resolve(),
  ) {
    this.taken = from;
    this.commits = new Commits(
      (next) => on.commit(next),
      () => this.watermark(),
      from,
      on.log,
    );
    this.ended = after.then(() => this.run());
  }

  /** The offset that the next message must have, or more where the stream has gaps. */
  get next(): bigint {
    return this.taken;
  }

  /** Has messages that are neither done nor parked. */
  get busy(): boolean {
    return this.open.size > 0;
  }

  get hasRoom(): boolean {
    return this.fresh.length < 2 * this.on.maxBatch && this.held.size < MOST_HELD;
  }

  /** Takes the next messages of the partition, in order of offset. Those that it has already are ignored. */
  offer(messages: readonly StreamMessage[]): void {
    for (const message of messages) {
      if (message.offset < this.taken) continue;
      if (this.fresh.length === 0) this.freshAt = performance.now() + (this.on.lingerMs ?? 0);
      this.open.set(message.offset, { message, failedAlone: false });
      this.fresh.push(message);
      this.taken = message.offset + 1n;
    }
    this.full ||= !this.hasRoom;
    this.wake();
  }

  health(): WorkHealth {
    const waiting = this.held.size;
    if (this.callSince !== undefined && performance.now() - this.callSince > STALLED_AFTER_MS)
      return { state: 'stalled', why: 'a handler call shows no progress', waiting };
    return waiting > 0
      ? { state: 'retrying', why: sentenceOf(this.lastError), waiting }
      : { state: 'working', waiting };
  }

  /** The partition belongs to somebody else now: nothing more is committed. Resolves when the handler has returned. */
  lose(): Promise<void> {
    this.commits.stop();
    return this.finish();
  }

  /** Once it is closed or lost: the handler has returned. */
  get returned(): Promise<void> {
    return this.ended;
  }

  /** Resolves when the handler has returned, or its grace is over, and what it did is committed. */
  async close(graceMs = CLOSE_GRACE_MS): Promise<void> {
    const end = await within(this.finish(), graceMs);
    if (end === 'late')
      this.on.log.warn({ graceMs }, 'handler did not return in time, its messages come again');
    await this.commits.last(); // what a late handler still finishes is handled again by the next member
  }

  private finish(): Promise<void> {
    this.abort.abort();
    this.wake();
    return this.ended;
  }

  private async run(): Promise<void> {
    while (!this.abort.signal.aborted) {
      if (this.held.size > 0 && performance.now() >= this.retryAt) await this.tryHeld();
      else if (!this.mayTakeFresh) await this.rest(this.retryAt);
      else if (this.lingers) await this.rest(Math.min(this.retryAt, this.freshAt));
      else await this.tryFresh();
      if (!this.hasRoom)
        this.full = true; // what was held back just now fills it as well
      else if (this.full) {
        this.full = false;
        this.on.roomAgain();
      }
    }
  }

  private get mayTakeFresh(): boolean {
    return this.fresh.length > 0 && !this.storm && this.held.size < MOST_HELD;
  }

  private get lingers(): boolean {
    return this.fresh.length < this.on.maxBatch && performance.now() < this.freshAt;
  }

  /** Until something new comes, or at the latest `until`. */
  private rest(until: number): Promise<void> {
    return new Promise((resolve) => {
      const waitMs = until - performance.now();
      const timer = Number.isFinite(waitMs) ? setTimeout(() => this.wake(), Math.max(1, waitMs)) : undefined;
      this.wake = () => {
        clearTimeout(timer);
        this.wake = () => undefined;
        resolve();
      };
    });
  }

  private async tryFresh(): Promise<void> {
    const batch = this.fresh.splice(0, this.on.maxBatch);
    const blocked = new Set([...this.held.values()].map(orderKey));
    const free = blocked.size === 0 ? batch : batch.filter((message) => !blocked.has(orderKey(message)));
    this.storm = (await isolate(free, this.isolating)) === 'storm';
    for (const message of batch) if (this.open.has(message.offset)) this.held.set(message.offset, message);
    if (this.held.size > 0 && this.retryAt === Infinity) this.retryLater();
  }

  private async tryHeld(): Promise<void> {
    const before = this.held.size;
    if (await this.probe()) {
      this.storm = false;
      await isolate([...this.held.values()].slice(0, this.on.maxBatch), this.isolating, Infinity);
    }
    for (const offset of this.held.keys()) if (!this.open.has(offset)) this.held.delete(offset);
    this.failures = this.held.size < before ? 0 : this.failures + 1;
    if (this.held.size > 0) return this.retryLater();
    this.retryAt = Infinity;
    this.lastError = undefined;
    this.on.log.info({ handled: before }, 'held back messages were handled');
  }

  /**
   * Tries the first message of a few keys, one in a storm, and tells whether any of them worked. The keys take turns, so that
   * one that fails for ever cannot hide that the others work again; and a database that is away is asked, not stormed. In a storm
   * the keys of what came since take turns as well: all that is held back may be what fails for ever.
   */
  private async probe(): Promise<boolean> {
    const heads = new Map<string, StreamMessage>();
    const came = this.storm ? this.fresh.filter(({ offset }) => this.open.has(offset)) : [];
    for (const message of [...this.held.values(), ...came])
      if (!heads.has(orderKey(message))) heads.set(orderKey(message), message);
    const all = [...heads.values()];
    for (let probes = Math.min(this.storm ? 1 : MOST_PROBES, all.length); probes > 0; probes -= 1) {
      this.turn += 1;
      const head = all[this.turn % all.length];
      if (head) await isolate([head], this.isolating);
      if (head && !this.open.has(head.offset)) return true;
    }
    return false;
  }

  private retryLater(): void {
    const pauseMs = growingPauseMs(this.failures);
    this.retryAt = performance.now() + pauseMs;
    if (this.abort.signal.aborted) return;
    const [first] = this.held.values();
    this.on.log.warn(
      {
        held: this.held.size,
        first: first?.eventId,
        failures: this.failures + 1,
        pauseMs,
        error: this.lastError,
      },
      'messages failed and will be tried again',
    );
  }

  private readonly isolating: Isolating = {
    call: (messages) => this.call(messages),
    isOpen: (message) => this.open.has(message.offset),
    park: (message, why) => this.park(message, why),
    failedAlone: (message, error) => {
      this.lastError = error;
      const open = this.open.get(message.offset);
      const first = open?.failedAlone === false;
      if (open) open.failedAlone = true;
      return first;
    },
    over: () => this.abort.signal.aborted,
  };

  private async call(messages: readonly StreamMessage[]): Promise<unknown> {
    const batch: Batch = {
      messages,
      done: async (message) => this.settle(message),
      park: (message, why) => this.park(message, why),
      beat: async () => void (this.callSince = performance.now()),
      signal: this.abort.signal,
    };
    this.callSince = performance.now();
    try {
      await this.on.handle(batch);
      const left = messages.filter((message) => this.open.has(message.offset)).length;
      return left === 0
        ? undefined
        : new Error(`the handler returned with ${left} messages neither done nor parked`);
    } catch (error) {
      return error ?? new Error('the handler threw nothing');
    } finally {
      this.callSince = undefined;
      this.commits.soon();
    }
  }

  private async park(message: StreamMessage, why: string): Promise<void> {
    await this.on.park(message, why);
    this.on.log.error({ eventId: message.eventId, offset: message.offset, why }, 'message parked');
    this.settle(message);
  }

  private settle(message: StreamMessage): void {
    this.open.delete(message.offset);
    this.callSince = performance.now();
    this.commits.soon();
  }

  /** Everything before it is done or parked. */
  private watermark(): bigint {
    for (const offset of this.open.keys()) return offset;
    return this.taken;
  }
}

function sentenceOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
