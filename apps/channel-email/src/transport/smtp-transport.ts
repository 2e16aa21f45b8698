import { KeptLink, type Keeping } from './kept-link.js';
import { NotLetIn } from '../smtp/log-in.js';
import type { MailJob, MailQueue, SmtpResult } from './mail-job.js';

/** A mail for the transport; `isUrgent` goes before all that are not. */
export type OutgoingMail = Omit<MailJob, 'done' | 'tries'> & { isUrgent: boolean };

/** A mail in the transport's hands. `result` never rejects. `takeBack` withdraws it as long as it waits for a link. */
export type MailInHand = { result: Promise<SmtpResult>; takeBack: () => void };

/** How the relay is reached, on how many connections, and how often an idle one is heard from. */
export type TransportOptions = Omit<Keeping, 'queue' | 'changed'> & { connections: number };

/** Sends ready mails over connections that are kept open. */
export class SmtpTransport {
  private readonly links: readonly KeptLink[];
  private readonly urgent: MailJob[] = [];
  private readonly ordinary: MailJob[] = [];
  private isClosed = false;

  constructor({ connections, ...keep }: TransportOptions) {
    const queue: MailQueue = {
      take: () => this.take(),
      putBack: (job) => this.urgent.unshift(job),
    };
    const changed = (): void => this.look();
    this.links = Array.from({ length: connections }, () => new KeptLink({ ...keep, queue, changed }));
  }

  /** Opens every connection before it is needed; resolves when each stands or has failed. It is tried again by itself. */
  async warm(): Promise<void> {
    await Promise.all(this.links.map((link) => link.open()));
  }

  /** Hands one mail over. */
  send({ isUrgent, ...mail }: OutgoingMail): MailInHand {
    let takeBack = (): void => {};
    const result = new Promise<SmtpResult>((done) => {
      if (this.isClosed) return done({ result: 'withdrawn' });
      const job: MailJob = { ...mail, tries: 0, done };
      takeBack = () => this.takeBack(job);
      (isUrgent ? this.urgent : this.ordinary).push(job);
      const idle = this.links.find((link) => link.isIdle);
      if (idle === undefined) this.look();
      else idle.wake();
    });
    return { result, takeBack };
  }

  /** Whether the relay answers and lets us in. Rejects with a sentence for an operator. */
  async verify(): Promise<void> {
    await (this.links.find((link) => link.isUp) ?? this.links[0])?.check();
  }

  /** Says goodbye on every connection. Mails that still wait are withdrawn. */
  close(): void {
    this.isClosed = true;
    for (const link of this.links) link.close();
    for (const job of this.waiting()) job.done({ result: 'withdrawn' });
  }

  private take(): MailJob | undefined {
    for (;;) {
      const job = this.urgent.shift() ?? this.ordinary.shift();
      if (job === undefined || job.mayLeave()) return job;
      job.done({ result: 'withdrawn' });
    }
  }

  private takeBack(job: MailJob): void {
    for (const waiting of [this.urgent, this.ordinary]) {
      const at = waiting.indexOf(job);
      if (at >= 0) waiting.splice(at, 1)[0]?.done({ result: 'withdrawn' });
    }
  }

  /**
   * Wakes links for what waits. As long as one stands, the others come back at their own pace: a relay that allows fewer is not asked
   * with every mail. When none can be had, everybody who waits is told why.
   */
  private look(): void {
    if (this.isClosed || this.urgent.length + this.ordinary.length === 0) return;
    const up = this.links.filter((link) => link.isUp);
    const possible = this.links.filter((link) => link.isOpening || !link.hasJustFailed);
    for (const link of up.length > 0 ? up : possible) link.wake();
    if (up.length + possible.length > 0) return;
    const why = this.links.find((link) => link.failure !== undefined)?.failure;
    for (const job of this.waiting()) job.done(notHad(why ?? new Error('no connection to the relay')));
  }

  private waiting(): MailJob[] {
    return [...this.urgent.splice(0), ...this.ordinary.splice(0)];
  }
}

function notHad(error: Error): SmtpResult {
  if (error instanceof NotLetIn) return { result: 'refused', at: 'link', reply: error.reply };
  return { result: 'nothing-left', why: error.message };
}
