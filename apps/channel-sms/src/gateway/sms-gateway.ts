import type { LinkEvents, SmppLink } from '../link/smpp-link.js';
import type { Pdu, PduOf } from '../smpp/protocol.js';
import { KeptLink, type KeptLinkSettings } from './kept-link.js';
import { submitted, type Submitted } from './submit-outcome.js';
import { TokenBucket } from './token-bucket.js';

export type GatewaySettings = Omit<KeptLinkSettings, 'bindAs'> & {
  /** One session for both ways, or a pair of them where a gateway wants sending and hearing apart (SMPP 3.4 §2.2). */
  bindAs: 'transceiver' | 'pair';
  /** Sessions, or pairs, kept bound side by side. */
  binds: number;
  /** Budget in parts (submit_sm) per second over all binds. */
  partsPerSecond: number;
};

/** What the gateway tells the service: texts and receipts, and how its links do. */
export type GatewayEvents = {
  incoming: LinkEvents['incoming'];
  bound(endpoint: string): void;
  unbound(endpoint: string, why: string, loginRefused: boolean): void;
};

export type SubmitPdu = Omit<PduOf<'submit_sm'>, 'command' | 'status' | 'sequence'>;

/** How one part is to be submitted. */
export type SubmitHow = {
  /** Milliseconds of `performance.now()` after which nothing may be written any more. */
  until: number;
  /** Goes before everything that is not. */
  urgent: boolean;
  /** Asked right before the first byte; false ends the part as deferred. */
  mayWrite(): boolean;
  /**
   * The text that it is a part of, the same for all of them: once one is written the others may wait until then, for a phone shows
   * nothing of a text that is not whole.
   */
  whole?: { begun: boolean; until: number };
  /** The message id of a part that was given up as `unknown`, when the gateway tells it after all. */
  late(messageId: string): void;
};

type Job = SubmitHow & { pdu: SubmitPdu; resolve: (end: Submitted) => void; giveUp: NodeJS.Timeout };

/** The way out for texts: several SMPP links behind one pace, opened again whenever they break. */
export class SmsGateway {
  readonly #kept: readonly KeptLink[];
  readonly #sending = new Set<SmppLink>();
  readonly #hearing = new Set<SmppLink>();
  readonly #urgent: Job[] = [];
  readonly #ordinary: Job[] = [];
  readonly #bucket: TokenBucket;
  #pumpAt: NodeJS.Timeout | undefined;
  #stopped = false;

  constructor(
    settings: GatewaySettings,
    private readonly events: GatewayEvents,
    chance: () => number = Math.random,
  ) {
    this.#bucket = new TokenBucket(settings.partsPerSecond);
    const { bindAs, binds } = settings;
    const roles = bindAs === 'pair' ? (['transmitter', 'receiver'] as const) : (['transceiver'] as const);
    this.#kept = Array.from({ length: binds }, () => roles)
      .flat()
      .map((role) => new KeptLink({ ...settings, bindAs: role }, this.#watch(role), chance));
  }

  /** Begins to bind all links and keeps them bound until `stop`. Returns at once; `bound` tells of each. */
  start(): void {
    for (const kept of this.#kept) kept.start();
  }

  /** Sessions bound now, of whatever kind. */
  get boundLinks(): number {
    return new Set([...this.#sending, ...this.#hearing]).size;
  }

  /** Sessions that can send now. */
  get sends(): number {
    return this.#sending.size;
  }

  /** Sessions by which receipts and texts can come now. */
  get hears(): number {
    return this.#hearing.size;
  }

  /** Parts per second that the gateway takes now. */
  get perSecond(): number {
    return this.#bucket.perSecond;
  }

  /**
   * Submits one part. Ends exactly once: accepted, refused, unknown, or deferred when it could not be written in time: no
   * link, no place in a window, or a gateway that went on saying "too fast".
   */
  submit(pdu: SubmitPdu, how: SubmitHow): Promise<Submitted> {
    return new Promise((resolve) => {
      if (this.#stopped) return resolve(deferred('not-now', 'the service is stopping'));
      const giveUp = setTimeout(() => this.#giveUp(job), Math.max(0, how.until - performance.now()));
      const job: Job = { ...how, pdu, resolve, giveUp };
      this.#queue(job).push(job);
      this.#pump();
    });
  }

  /** Takes nothing more, lets replies in flight come in for `waitMs`, and unbinds. What was not written ends as deferred. */
  async stop(waitMs: number): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#pumpAt);
    for (const job of [...this.#urgent.splice(0), ...this.#ordinary.splice(0)]) {
      this.#finish(job, deferred('not-now', 'the service is stopping'));
    }
    await Promise.all(this.#kept.map((kept) => kept.stop(waitMs)));
  }

  #queue(job: Job): Job[] {
    return job.urgent ? this.#urgent : this.#ordinary;
  }

  #pump(): void {
    while (!this.#stopped) {
      const queue = this.#urgent.length > 0 ? this.#urgent : this.#ordinary;
      const link = queue.length > 0 ? this.#readyLink() : undefined;
      if (link === undefined) return;
      if (!queue[0]!.mayWrite()) {
        this.#finish(queue.shift()!, deferred('not-now', 'it may no longer be written'));
        continue;
      }
      if (!this.#bucket.take()) return this.#pumpLater(this.#bucket.waitMs());
      void this.#write(link, queue.shift()!);
    }
  }

  #pumpLater(ms: number): void {
    if (this.#pumpAt !== undefined) return;
    this.#pumpAt = setTimeout(() => {
      this.#pumpAt = undefined;
      this.#pump();
    }, ms);
  }

  /** The link with the fewest in flight, so that a slow one does not collect the work. */
  #readyLink(): SmppLink | undefined {
    let best: SmppLink | undefined;
    for (const link of this.#sending) {
      if (link.ready && (best === undefined || link.inFlight < best.inFlight)) best = link;
    }
    return best;
  }

  async #write(link: SmppLink, job: Job): Promise<void> {
    clearTimeout(job.giveUp);
    if (job.whole !== undefined) job.whole.begun = true;
    const pdu = { ...job.pdu, command: 'submit_sm', status: 0, sequence: 0 } as Pdu;
    const reply = await link.request(pdu, (answer) => {
      if (answer.command === 'submit_sm_resp' && answer.status === 0) job.late(answer.messageId);
    });
    if (reply.reply === 'unfit') {
      this.#finish(job, { result: 'refused', reason: 'invalid', detail: reply.why });
      return this.#pump();
    }
    if (reply.reply === 'not-sent') {
      this.#again(job, deferred('not-bound', 'the link closed before it was written'));
      return;
    }
    const end = submitted(reply);
    if (end.result === 'deferred' && end.why === 'throttled') {
      this.#bucket.slowDown();
      this.#again(job, end);
    } else {
      if (end.result === 'deferred' && end.why === 'not-bound')
        link.destroy('the gateway says that we are not bound');
      this.#finish(job, end);
    }
    this.#pump();
  }

  /** Back to the head of its queue while there is time; else it ends as what the gateway last said. */
  #again(job: Job, end: Submitted): void {
    if (this.#stopped) return this.#finish(job, deferred('not-now', 'the service is stopping'));
    const leftMs = leftOf(job);
    if (leftMs <= 0) return this.#finish(job, end);
    job.giveUp = setTimeout(() => this.#giveUp(job), leftMs);
    this.#queue(job).unshift(job);
    this.#pumpLater(this.#bucket.waitMs());
  }

  #giveUp(job: Job): void {
    const queue = this.#queue(job);
    const at = queue.indexOf(job);
    if (at < 0) return;
    const leftMs = leftOf(job);
    if (leftMs > 0) {
      job.giveUp = setTimeout(() => this.#giveUp(job), leftMs); // its text was begun meanwhile
      return;
    }
    queue.splice(at, 1);
    this.#finish(
      job,
      this.#sending.size === 0
        ? deferred('not-bound', 'no link to the SMS gateway')
        : deferred('throttled', 'its turn did not come in time'),
    );
  }

  #finish(job: Job, end: Submitted): void {
    clearTimeout(job.giveUp);
    job.resolve(end);
  }

  /** What is to happen when a session of this kind comes and goes. */
  #watch(role: 'transceiver' | 'transmitter' | 'receiver') {
    const sets = [
      ...(role === 'receiver' ? [] : [this.#sending]),
      ...(role === 'transmitter' ? [] : [this.#hearing]),
    ];
    return {
      incoming: (pdu: Parameters<LinkEvents['incoming']>[0]) => this.events.incoming(pdu),
      free: () => this.#pump(),
      up: (link: SmppLink, endpoint: string) => {
        for (const set of sets) set.add(link);
        this.events.bound(endpoint);
        this.#pump();
      },
      down: (link: SmppLink | undefined, endpoint: string, why: string, loginRefused: boolean) => {
        if (link !== undefined) for (const set of sets) set.delete(link);
        this.events.unbound(endpoint, why, loginRefused);
      },
    };
  }
}

/** Milliseconds in which the part may still be written. */
const leftOf = ({ until, whole }: SubmitHow): number =>
  (whole?.begun === true ? Math.max(until, whole.until) : until) - performance.now();

const deferred = (why: 'throttled' | 'not-bound' | 'not-now', detail: string): Submitted => ({
  result: 'deferred',
  why,
  detail,
});
