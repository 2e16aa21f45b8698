import type { Outcome, SendRefusal } from '#channel';
import { toInstant, type Instant } from '#contracts';

/** What nodemailer tells of a failed send (its error fields); everything else about it is prose. */
export type SmtpFailure = {
  message: string;
  code?: string | undefined;
  command?: string | undefined;
  response?: string | undefined;
  responseCode?: number | undefined;
  /** What the socket was doing; `connect` means that no link ever stood. */
  syscall?: string | undefined;
};

/** First pause after a refusal for now; it doubles with every attempt (CHANNELS §F.3). */
const FIRST_PAUSE_MS = 60_000;
const LONGEST_PAUSE_MS = 30 * 60_000;
/** A relay that cannot be reached at all is asked again sooner: nothing left. */
const AWAY_PAUSE_MS = 5_000;

/** Enhanced status codes (RFC 3463) and what they mean for a person's warning; the longest prefix wins. */
const ENHANCED: readonly (readonly [string, SendRefusal])[] = [
  ['5.1.', 'gone'],
  ['5.2.1', 'gone'],
  ['5.2.2', 'capped'],
  ['5.3.4', 'too-long'],
  ['5.4.4', 'gone'],
  ['5.5.', 'invalid'],
  ['5.7.', 'policy'],
];

/** Reply codes (RFC 5321 §4.2.3) where the reply has no enhanced code. */
const REPLIES: Readonly<Record<number, SendRefusal>> = {
  500: 'invalid',
  501: 'invalid',
  535: 'auth',
  550: 'gone',
  551: 'gone',
  552: 'capped',
  553: 'gone',
  554: 'policy',
};

/**
 * Commands after which nothing of the mail has left: what fails here can be tried again without a doubt. `CONN` is not among
 * them: nodemailer says it of every link that is lost, also after the body; a link that never stood says so in another way.
 */
const BEFORE_DATA = new Set(['EHLO', 'HELO', 'STARTTLS', 'API', 'MAIL FROM', 'RCPT TO']);
const NEVER_STOOD = /^(Connection timeout|Greeting never received)/;

/** What became of a send that failed. A link that was lost after the body had begun is `unknown`, whatever else is said. */
export function smtpOutcome(failure: SmtpFailure, attempt: number, now: Instant): Outcome {
  const { responseCode, response = failure.message, command = '' } = failure;
  const detail = response.slice(0, 300);
  if (failure.code === 'EAUTH' || responseCode === 530 || responseCode === 535) {
    return {
      outcome: 'deferred',
      until: later(now, FIRST_PAUSE_MS),
      scope: 'app',
      detail: `log-in refused: ${detail}`,
    };
  }
  if (responseCode !== undefined && responseCode >= 500) {
    return { outcome: 'refused', reason: reasonOf(responseCode, response), detail };
  }
  if (responseCode !== undefined && responseCode >= 400) {
    const pause = Math.min(FIRST_PAUSE_MS * 2 ** (attempt - 1), LONGEST_PAUSE_MS);
    return {
      outcome: 'deferred',
      until: later(now, pause),
      scope: responseCode === 421 ? 'app' : 'recipient',
      detail,
    };
  }
  if (isBeforeBody(failure, command)) {
    return { outcome: 'deferred', until: later(now, AWAY_PAUSE_MS), scope: 'app', detail };
  }
  return { outcome: 'unknown', detail };
}

function isBeforeBody({ code, syscall, message }: SmtpFailure, command: string): boolean {
  if (code === 'EDNS' || code === 'ETLS' || code === 'ECONNREFUSED') return true;
  if (syscall === 'connect' || NEVER_STOOD.test(message)) return true;
  return BEFORE_DATA.has(command) || command.startsWith('AUTH');
}

function reasonOf(code: number, response: string): SendRefusal {
  const enhanced = /\b(5\.\d{1,3}\.\d{1,3})\b/.exec(response)?.[1];
  const found = enhanced === undefined ? undefined : ENHANCED.find(([prefix]) => enhanced.startsWith(prefix));
  return found?.[1] ?? REPLIES[code] ?? 'other';
}

const later = (now: Instant, ms: number): Instant => toInstant(Date.parse(now) + ms);
