import type { Offers } from '../smtp/open-wire.js';
import type { Stage } from '../smtp/refused-whom.js';
import type { Reply } from '../smtp/replies.js';

/** What became of one mail at the relay. `at` is the command that was refused. */
export type SmtpResult =
  | { result: 'taken'; reply: Reply }
  | { result: 'refused'; at: Stage; reply: Reply }
  /** Certain: no byte of it left. */
  | { result: 'nothing-left'; why: string }
  /** It left with its final dot, and the answer was lost: it may have been taken. */
  | { result: 'unknown'; why: string }
  /** It was not allowed to leave any more when its turn came. */
  | { result: 'withdrawn' };

/** One mail that waits for a link. */
export type MailJob = {
  /** One plain address each; checked before. */
  from: string;
  to: string;
  /** The envelope id for delivery reports (RFC 3461 §4.4); ASCII letters, digits, `_` and `@` only. */
  envelopeId?: string;
  /** Asked before anything is said of it, so that a stopped list costs no link for each of its mails. */
  mayLeave: () => boolean;
  /**
   * Asked once, right before the first byte leaves: the whole mail in ASCII, its lines ended and dot-stuffed, without the final dot.
   * Undefined when it may no longer leave. Never throws: the link could not tell that from a link that was lost.
   */
  mail: () => string | undefined;
  done: (result: SmtpResult) => void;
  /** How often a link was lost under it before anything had left. */
  tries: number;
};

/** Where a link finds its next mail, and gives one back of which nothing has left. */
export type MailQueue = { take(): MailJob | undefined; putBack(job: MailJob): void };

/** The command that names the sender. Where reports are known, only the headers come back, under our own id (RFC 3461 §4.3, §4.4). */
export function mailFrom({ from, envelopeId }: MailJob, { dsn }: Offers): string {
  return `MAIL FROM:<${from}>${dsn && envelopeId !== undefined ? ` RET=HDRS ENVID=${xtext(envelopeId)}` : ''}`;
}

/** Reports of failures alone, with the address as we know it (RFC 3461 §4.1, §4.2). */
export function rcptTo({ to }: MailJob, { dsn }: Offers): string {
  return `RCPT TO:<${to}>${dsn ? ` NOTIFY=FAILURE ORCPT=rfc822;${xtext(to)}` : ''}`;
}

/** RFC 3461 §4: `+` and `=` are written as hex. */
const xtext = (text: string): string =>
  text.replaceAll(/[+=]/g, (found) => `+${found.charCodeAt(0).toString(16).toUpperCase()}`);
