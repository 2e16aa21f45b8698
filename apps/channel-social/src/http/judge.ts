import type { Outcome, SendRefusal } from '#channel';
import { toInstant, type Instant } from '#contracts';
import type { Answer, Heard } from './platform-http.js';

/** One row of a platform's table: the first row that fits an answer tells what it means (CHANNELS §B). */
export type Row = {
  status?: number;
  /** The platform's own name of the error, or a pattern in its words. */
  error?: string | RegExp;
  /** Only where the part answers an earlier post. */
  whenReplying?: true;
  means: SendRefusal | 'throttled' | 'unknown';
};

/** What of an answer a table looks at. */
export type Seen = { error: string; message: string; resetAt: Instant | undefined };

/** After a failure before the first byte, and where a platform names no time for the next try: short, for a warning waits. */
const NEXT_TRY_MS = 5_000;
/** Nobody is believed who tells a warning to wait longer than this. */
const LONGEST_WAIT_MS = 3_600_000;
const REQUEST_TIMEOUT = 408;

/**
 * What a call that may publish came to when it did not plainly succeed. Rules that hold for every platform (CHANNELS §B.0)
 * stand here; the rest is the platform's table.
 */
export function judge(
  heard: Heard,
  rows: readonly Row[],
  look: (answer: Answer, now: Instant) => Seen,
  about: { now: Instant; replying: boolean },
): Outcome {
  if (heard.heard === 'not-sent') {
    return {
      outcome: 'deferred',
      until: later(about.now, NEXT_TRY_MS),
      scope: 'account',
      detail: heard.detail,
    };
  }
  if (heard.heard === 'lost') return { outcome: 'unknown', detail: heard.detail };
  const { answer } = heard;
  const { error, message, resetAt } = look(answer, about.now);
  const detail = [answer.status, error, message].filter((piece) => piece !== '').join(' ');
  const row = rows.find((candidate) => fits(candidate, answer.status, error, message, about.replying));
  if (row === undefined || row.means === 'unknown') {
    // A 2xx that names no post, a 5xx, a redirect, a time-out of theirs (RFC 9110 §15.5.9): it may have been done.
    const { status } = answer;
    const surelyRefused = row === undefined && status >= 400 && status < 500 && status !== REQUEST_TIMEOUT;
    return surelyRefused ? { outcome: 'refused', reason: 'other', detail } : { outcome: 'unknown', detail };
  }
  if (row.means !== 'throttled') return { outcome: 'refused', reason: row.means, detail };
  return { outcome: 'deferred', until: waitUntil(about.now, resetAt), scope: 'account', detail };
}

function fits(row: Row, status: number, error: string, message: string, replying: boolean): boolean {
  if (row.status !== undefined && row.status !== status) return false;
  if (row.whenReplying && !replying) return false;
  if (row.error === undefined) return true;
  return typeof row.error === 'string' ? row.error === error : row.error.test(`${error} ${message}`);
}

const later = (now: Instant, ms: number): Instant => toInstant(Date.parse(now) + ms);

function waitUntil(now: Instant, resetAt: Instant | undefined): Instant {
  const [soonest, latest] = [later(now, 1_000), later(now, LONGEST_WAIT_MS)];
  if (resetAt === undefined) return later(now, NEXT_TRY_MS);
  if (resetAt < soonest) return soonest;
  return resetAt > latest ? latest : resetAt;
}
