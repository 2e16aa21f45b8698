import { toInstant, type Instant } from '#contracts';

type Headers = Readonly<Record<string, string | undefined>>;

/** Smaller numbers are a time to wait, larger ones a moment: 10^9 s is the year 2001, 10^12 ms as well. */
const UNIX_SECONDS = 1e9;
const UNIX_MS = 1e12;
/** The last moment that a Date can hold (ECMA-262 §21.4.1.1). */
const LAST_MS = 8.64e15;

/**
 * When a platform that said "too many" will take calls again, by our clock, as it tells itself: Mastodon in ISO 8601, Bluesky in Unix
 * seconds, clones in either or in seconds from now, proxies in `Retry-After` (RFC 9110 §10.2.3). A moment is one of the server's clock, and
 * is moved by what its `Date` differs from ours: a server whose clock is wrong keeps no warning waiting for that. Undefined when nothing
 * that can be read stands there.
 */
export function toldReset(headers: Headers, now: Instant): Instant | undefined {
  const ours = Date.parse(now);
  const shown = Date.parse(headers['date'] ?? '');
  const ahead = Number.isNaN(shown) ? 0 : shown - ours;
  for (const name of ['x-ratelimit-reset', 'ratelimit-reset', 'retry-after']) {
    const ms = momentOf((headers[name] ?? '').trim(), ours + ahead) - ahead;
    if (ms >= 0 && ms <= LAST_MS) return toInstant(Math.floor(ms));
  }
  return undefined;
}

function momentOf(written: string, from: number): number {
  if (!/^\d+(\.\d+)?$/.test(written))
    return /^\d{4}-\d\d-|^[A-Z][a-z]{2}, /.test(written) ? Date.parse(written) : Number.NaN;
  const number = Number(written);
  if (number >= UNIX_MS) return number;
  return number >= UNIX_SECONDS ? number * 1_000 : from + number * 1_000;
}
