import { BackOff } from '#runtime';
import { openWire, type RelayAddress } from '../smtp/open-wire.js';
import type { MailQueue } from './mail-job.js';
import { SmtpLink } from './smtp-link.js';

/** How a link is kept: what it sends when idle, and what it tells of a failure. */
export type Keeping = {
  relay: RelayAddress;
  /** An idle connection is heard from this often. */
  noopMs: number;
  queue: MailQueue;
  /** Called after each change: a link came, went, or could not be had. */
  changed: () => void;
};

/**
 * Postfix counts an error for each idle command beyond 100 without a mail between (`smtpd_junk_command_limit`), and then closes: a
 * connection is changed for a new one before.
 */
const MOST_NOOPS = 90;
/** A relay that has just refused a connection is not asked for another one by the next mail. */
const FRESH_FAILURE_MS = 250;

/** One connection that is always there: opened before it is needed, kept awake, and opened again when it is lost. */
export class KeptLink {
  private link: SmtpLink | undefined;
  private isWorking = false;
  private opening: Promise<void> | undefined;
  private noops = 0;
  private timer: NodeJS.Timeout | undefined;
  private isClosed = false;
  private readonly pauses = new BackOff(500, 30_000);
  private failedAt = -Infinity;
  /** Why the last attempt to open it failed; undefined when none has. */
  failure: Error | undefined;

  constructor(private readonly keep: Keeping) {}

  /** It stands, and works on nothing. */
  get isIdle(): boolean {
    return this.link !== undefined && !this.isWorking;
  }

  /** There is no sense in opening it right now. */
  get hasJustFailed(): boolean {
    return performance.now() - this.failedAt < FRESH_FAILURE_MS;
  }

  get isUp(): boolean {
    return this.link !== undefined;
  }

  get isOpening(): boolean {
    return this.opening !== undefined;
  }

  /** Resolves when it stands, or has failed (see `failure`). */
  async open(): Promise<void> {
    if (this.isClosed || this.link !== undefined) return;
    this.opening ??= this.tryToOpen().finally(() => {
      this.opening = undefined;
      this.keep.changed();
    });
    await this.opening;
  }

  /** A mail may be waiting. */
  wake(): void {
    if (this.link === undefined) void this.open();
    else if (!this.isWorking) void this.work();
  }

  /** Asks the relay for a sign of life, on a link that is idle. Rejects with what is wrong. */
  async check(): Promise<void> {
    await this.open();
    if (this.link === undefined) throw this.failure ?? new Error('the link is closed');
    if (this.isWorking) return;
    if (this.mayNoop()) return this.exclusively((link) => link.noop());
    this.link.wire.quit();
    return this.check(); // whoever greets a new one is there
  }

  close(): void {
    this.isClosed = true;
    clearTimeout(this.timer);
    this.link?.wire.quit();
  }

  private async tryToOpen(): Promise<void> {
    clearTimeout(this.timer);
    try {
      const { wire, offers } = await openWire(this.keep.relay);
      if (this.isClosed) return wire.quit();
      const link = new SmtpLink(wire, offers, this.keep.queue);
      this.link = link;
      this.failure = undefined;
      this.noops = 0;
      this.pauses.reset();
      wire.whenLost(() => this.gone(link));
      this.sleepy();
    } catch (error) {
      this.failure = error as Error;
      this.failedAt = performance.now();
      this.again(this.pauses.next());
    }
  }

  private async work(): Promise<void> {
    this.noops = 0;
    await this.exclusively((kept) => kept.work()).catch(() => {}); // `gone` has heard of it
  }

  private async exclusively(use: (link: SmtpLink) => Promise<void>): Promise<void> {
    if (this.link === undefined) return;
    clearTimeout(this.timer);
    this.isWorking = true;
    try {
      await use(this.link);
    } finally {
      this.isWorking = false;
      if (this.link !== undefined) {
        this.sleepy();
        this.keep.changed(); // a mail may have come meanwhile, whatever this link was used for
      }
    }
  }

  private gone(link: SmtpLink): void {
    if (this.link !== link) return;
    this.link = undefined;
    this.again(this.pauses.next());
    setImmediate(this.keep.changed); // its mails have their results by then
  }

  private again(pauseMs: number): void {
    if (this.isClosed) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.open(), pauseMs).unref();
  }

  private sleepy(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.stayAwake(), this.keep.noopMs).unref();
  }

  private async stayAwake(): Promise<void> {
    if (this.mayNoop()) await this.exclusively((link) => link.noop()).catch(() => {});
    else this.link?.wire.quit();
  }

  /** Counts one more sign of life that was asked for without a mail between, whoever wanted it. */
  private mayNoop(): boolean {
    this.noops += 1;
    return this.noops <= MOST_NOOPS;
  }
}
