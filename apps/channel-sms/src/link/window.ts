import { LAST_SEQUENCE, type Pdu } from '../smpp/protocol.js';

/** How one request ended, exactly once: the gateway answered, or the answer was lost and nobody knows (`lost`). */
export type Reply = { reply: 'answered'; pdu: Pdu } | { reply: 'lost'; why: string };

type Waiting = { resolve: (reply: Reply) => void; deadline: number };

/**
 * The requests of one link that wait for their answers, each with a deadline (milliseconds of a monotonic clock).
 * A deadline or a lost link ends every one of them as `lost`: an answer that comes later finds nobody and is told apart by `settle`.
 */
export class Window {
  readonly #waiting = new Map<number, Waiting>();
  #last: number;
  #sweep: NodeJS.Timeout | undefined;

  constructor(
    readonly size: number,
    private readonly timeoutMs: number,
    private readonly now: () => number = () => performance.now(),
    lastSequence = 0,
  ) {
    this.#last = lastSequence;
  }

  get inFlight(): number {
    return this.#waiting.size;
  }

  get full(): boolean {
    return this.#waiting.size >= this.size;
  }

  /** The next sequence number, 1 … 0x7FFFFFFF and round again, never one that is in flight (SMPP 3.4 §5.1.4). */
  nextSequence(): number {
    do {
      this.#last = this.#last >= LAST_SEQUENCE ? 1 : this.#last + 1;
    } while (this.#waiting.has(this.#last));
    return this.#last;
  }

  /** Begins to wait for the answer to `sequence`. Never rejects. */
  wait(sequence: number): Promise<Reply> {
    return new Promise((resolve) => {
      // One time-out for all, so the map's order is also the order of the deadlines.
      this.#waiting.set(sequence, { resolve, deadline: this.now() + this.timeoutMs });
      this.#armSweep();
    });
  }

  /** Hands an answer to whoever waits for it; false when nobody does (late, repeated or foreign). */
  settle(pdu: Pdu): boolean {
    const waiting = this.#waiting.get(pdu.sequence);
    if (waiting === undefined) return false;
    this.#waiting.delete(pdu.sequence);
    waiting.resolve({ reply: 'answered', pdu });
    return true;
  }

  /** The link is gone: ends every request in flight as `lost`, once each. */
  lose(why: string): void {
    clearTimeout(this.#sweep);
    this.#sweep = undefined;
    const lost = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const { resolve } of lost) resolve({ reply: 'lost', why });
  }

  #armSweep(): void {
    if (this.#sweep !== undefined) return;
    const [first] = this.#waiting.values();
    if (first === undefined) return;
    this.#sweep = setTimeout(() => this.#overdue(), Math.max(1, first.deadline - this.now()));
    this.#sweep.unref(); // the socket keeps the process alive
  }

  #overdue(): void {
    this.#sweep = undefined;
    const now = this.now();
    for (const [sequence, { resolve, deadline }] of this.#waiting) {
      if (deadline > now) break;
      this.#waiting.delete(sequence);
      resolve({ reply: 'lost', why: `no answer within ${this.timeoutMs} ms` });
    }
    this.#armSweep();
  }
}
