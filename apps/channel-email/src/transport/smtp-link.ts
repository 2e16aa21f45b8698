import type { Offers } from '../smtp/open-wire.js';
import { asText, type Reply } from '../smtp/replies.js';
import { LinkLost, type Wire } from '../smtp/wire.js';
import { mailFrom, rcptTo, type MailJob, type MailQueue, type SmtpResult } from './mail-job.js';

/** A mail is handed to another link so often, when an old one proves dead; then it waits for its next attempt. */
const MOST_TRIES = 2;
/** A link that is lost this soon was not asleep: the relay has spoken. */
const NEW_FOR_MS = 1_000;

/** One ready connection that works on mails one after another, in one round trip each where the relay offers PIPELINING (RFC 2920). */
export class SmtpLink {
  /** Its commands are out; nothing of the mail is. */
  private opening: MailJob | undefined;
  /** The whole mail is out, and the answer is not here. */
  private leaving: MailJob | undefined;
  private isReset = true;
  private readonly openedAt = performance.now();
  private hasServed = false;

  constructor(
    readonly wire: Wire,
    private readonly offers: Offers,
    private readonly queue: MailQueue,
  ) {}

  /** Sends until no mail waits. Rejects with `LinkLost` when the link is gone; by then every mail in hand has its result. */
  async work(): Promise<void> {
    try {
      this.begin(this.queue.take());
      while (this.opening !== undefined) await this.send(this.opening);
    } catch (error) {
      const lost = error instanceof LinkLost ? error : new LinkLost(String(error));
      this.wire.drop(lost.message);
      this.giveUp(lost);
      throw lost;
    }
  }

  /** Keeps an idle connection from falling asleep, and finds out whether it is still there. Rejects with `LinkLost`. */
  async noop(): Promise<void> {
    const reply = await this.wire.ask('NOOP');
    this.hasServed = true;
    if (reply.code === 421) this.end(reply);
  }

  private async send(job: MailJob): Promise<void> {
    const refused = await this.envelope(job);
    if (refused !== undefined) {
      this.hasServed = true; // a link that refused somebody has worked: Postfix closes it after some (`smtpd_hard_error_limit`)
      this.finish(job, refused);
      return this.begin(this.queue.take());
    }
    const mail = job.mail();
    if (mail === undefined) {
      // DATA is open: a final dot now would deliver an empty mail. Only closing the link withdraws it (RFC 5321 §4.1.1.4).
      this.finish(job, { result: 'withdrawn' });
      this.wire.drop('a mail was withdrawn after DATA');
      throw new LinkLost('a mail was withdrawn after DATA');
    }
    this.hasServed = true;
    this.opening = undefined;
    this.leaving = job;
    const next = this.offers.pipelining ? this.queue.take() : undefined;
    this.opening = next;
    this.isReset = true;
    this.wire.write(
      `${mail}.\r\n${next === undefined ? '' : this.commands(next)}`,
      next === undefined ? 1 : 4,
    );
    const reply = await this.wire.reply();
    this.leaving = undefined;
    job.done(afterMail(reply));
    if (reply.code === 421) this.end(reply);
    if (reply.code < 400 && !isOk(reply)) throw this.outOfTurn(reply);
    if (next === undefined) this.begin(this.queue.take());
  }

  private begin(job: MailJob | undefined): void {
    this.opening = job;
    if (job === undefined || !this.offers.pipelining) return;
    this.wire.write(this.commands(job), this.isReset ? 3 : 4);
  }

  private commands(job: MailJob): string {
    const reset = this.isReset ? '' : 'RSET\r\n';
    return `${reset}${mailFrom(job, this.offers)}\r\n${rcptTo(job, this.offers)}\r\nDATA\r\n`;
  }

  /** Undefined when the relay waits for the mail, else the first refusal; every reply is read and judged by itself. */
  private async envelope(job: MailJob): Promise<SmtpResult | undefined> {
    if (!this.isReset) await this.answerTo('RSET');
    this.isReset = false;
    let refused: SmtpResult | undefined;
    try {
      for (const [at, command] of [
        ['sender', mailFrom(job, this.offers)],
        ['recipient', rcptTo(job, this.offers)],
        ['data', 'DATA'],
      ] as const) {
        if (refused !== undefined && !this.offers.pipelining) return refused;
        const reply = await this.answerTo(command);
        if (reply.code >= 400) refused ??= { result: 'refused', at, reply };
        else if (at === 'data' ? reply.code !== 354 : !isOk(reply)) throw this.outOfTurn(reply);
        if (reply.code === 421) this.end(reply);
        if (at === 'data' && reply.code === 354 && refused !== undefined) await this.sendNothing();
      }
    } catch (error) {
      if (refused !== undefined && !isLinkEnd(refused)) this.finish(job, refused); // what was said stands
      throw error;
    }
    return refused;
  }

  /** DATA was opened although the mail was refused before: a lone dot ends it (RFC 2920 §3.1). */
  private async sendNothing(): Promise<void> {
    this.wire.write('.\r\n', 1);
    const reply = await this.wire.reply();
    this.isReset = true;
    if (reply.code === 421) this.end(reply);
  }

  /** In lock step the command goes out only now; with PIPELINING it has long left. */
  private async answerTo(command: string): Promise<Reply> {
    if (!this.offers.pipelining) this.wire.write(`${command}\r\n`, 1);
    const reply = await this.wire.reply();
    if (command === 'RSET' && reply.code === 421) this.end(reply);
    return reply;
  }

  private finish(job: MailJob, result: SmtpResult): void {
    this.opening = undefined;
    job.done(result);
  }

  /** 421: the relay closes the link, whatever it was asked (RFC 5321 §3.8). */
  private end(reply: Reply): never {
    this.wire.drop(asText(reply));
    throw new LinkLost(asText(reply), reply);
  }

  private outOfTurn(reply: Reply): LinkLost {
    this.wire.drop('the relay answered out of turn');
    return new LinkLost(`the relay answered out of turn: ${asText(reply)}`);
  }

  /**
   * What was in hand when the link went. A mail of which nothing has left goes to another link when this one had worked before: a
   * connection that fell asleep must not cost the public a pause. On a new link the relay has spoken, and the mail waits.
   */
  private giveUp({ message: why, reply }: LinkLost): void {
    const { leaving, opening } = this;
    const wasKept = this.hasServed || performance.now() - this.openedAt > NEW_FOR_MS;
    this.leaving = undefined;
    this.opening = undefined;
    leaving?.done({ result: 'unknown', why });
    if (opening === undefined) return;
    opening.tries += 1;
    if (wasKept && opening.tries <= MOST_TRIES) this.queue.putBack(opening);
    else if (reply === undefined) opening.done({ result: 'nothing-left', why });
    else opening.done({ result: 'refused', at: 'link', reply });
  }
}

const isOk = ({ code }: Reply): boolean => code >= 200 && code < 300;
const isLinkEnd = (refused: SmtpResult): boolean =>
  refused.result === 'refused' && refused.reply.code === 421;

function afterMail(reply: Reply): SmtpResult {
  if (isOk(reply)) return { result: 'taken', reply };
  if (reply.code >= 400) return { result: 'refused', at: 'mail', reply };
  return { result: 'unknown', why: `the relay answered the mail with ${asText(reply)}` };
}
