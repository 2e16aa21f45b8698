import type { Outcome, SendRefusal } from '#channel';
import { toInstant, type Instant } from '#contracts';
import { refusedWhom } from '../smtp/refused-whom.js';
import { asText, type Reply } from '../smtp/replies.js';
import type { SmtpResult } from '../transport/mail-job.js';

/** First pause after a refusal for now; it doubles with every attempt (CHANNELS §F.3). */
const FIRST_PAUSE_MS = 60_000;
const LONGEST_PAUSE_MS = 30 * 60_000;
/** A relay that cannot be reached at all is asked again sooner: nothing left. */
const AWAY_PAUSE_MS = 5_000;

/** Enhanced status codes (RFC 3463) and what they mean for a person's warning; the first prefix that fits wins. */
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
  550: 'gone',
  551: 'gone',
  552: 'capped',
  553: 'gone',
  554: 'policy',
};

/** What became of a mail, as the list loop counts it. Only a mail that had left with its final dot can be `unknown`. */
export function smtpOutcome(
  result: Exclude<SmtpResult, { result: 'withdrawn' }>,
  attempt: number,
  now: Instant,
): Outcome {
  switch (result.result) {
    case 'taken':
      return { outcome: 'accepted', ref: { id: queueId(result.reply) }, at: now };
    case 'unknown':
      return { outcome: 'unknown', detail: result.why.slice(0, 300) };
    case 'nothing-left':
      return { ...later(now, AWAY_PAUSE_MS, 'app'), detail: result.why.slice(0, 300) };
    case 'refused':
      return refusal(result, attempt, now);
  }
}

function refusal(
  { at, reply }: Extract<SmtpResult, { result: 'refused' }>,
  attempt: number,
  now: Instant,
): Outcome {
  const detail = asText(reply).slice(0, 300);
  // Whoever is refused with us can be mailed once somebody has put it right: nobody is given up, and no pause grows.
  if (refusedWhom(at, reply) !== 'recipient')
    return { ...later(now, FIRST_PAUSE_MS, 'app'), detail: `the relay takes no mail: ${detail}` };
  if (reply.code < 500 || isTooMany(at, reply)) {
    const pause = Math.min(FIRST_PAUSE_MS * 2 ** (attempt - 1), LONGEST_PAUSE_MS);
    return { ...later(now, pause, 'recipient'), detail };
  }
  return { outcome: 'refused', reason: reasonOf(reply), detail };
}

/** RFC 5321 §4.5.3.1.10: 552 to RCPT without more is "too many recipients" of an old server, and means later. */
const isTooMany = (at: string, { code, status }: Reply): boolean =>
  at === 'recipient' && (status === '5.5.3' || (code === 552 && status === undefined));

function reasonOf({ code, status }: Reply): SendRefusal {
  const found = status === undefined ? undefined : ENHANCED.find(([prefix]) => status.startsWith(prefix));
  return found?.[1] ?? REPLIES[code] ?? 'other';
}

/** What the relay calls the mail: its queue id where it says one, else its whole answer. */
function queueId(reply: Reply): string {
  const text = asText(reply);
  return /queued as (\S+)/i.exec(text)?.[1] ?? text.slice(0, 100);
}

const later = (now: Instant, ms: number, scope: 'app' | 'recipient') =>
  ({ outcome: 'deferred', until: toInstant(Date.parse(now) + ms), scope }) as const;
