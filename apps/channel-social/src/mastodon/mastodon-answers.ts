import { toInstant, type Instant } from '#contracts';
import { z } from 'zod';
import type { Row, Seen } from '../http/judge.js';
import type { Answer } from '../http/platform-http.js';

/** CHANNELS §B.3. Mastodon names no error codes: the status decides, and its words only say which kind of 422 it is. */
export const MASTODON_ROWS: readonly Row[] = [
  { status: 401, means: 'auth' },
  { status: 403, means: 'scope' },
  { status: 404, whenReplying: true, means: 'target-gone' },
  { status: 413, means: 'too-long' },
  { status: 422, error: /media|attachment/i, means: 'media' },
  { status: 422, error: /character limit|too long|exceed/i, means: 'too-long' },
  { status: 422, error: /reply|replied/i, whenReplying: true, means: 'target-gone' },
  { status: 422, means: 'invalid' },
  { status: 400, means: 'invalid' },
  { status: 410, means: 'policy' },
  { status: 429, means: 'throttled' },
];

const Failure = z.looseObject({ error: z.string().default(''), error_description: z.string().default('') });

/** What our table looks at in a Mastodon answer. `X-RateLimit-Reset` is ISO 8601 here, not Unix seconds; clones send `Retry-After`. */
export function seenByMastodon({ json, headers }: Answer): Seen {
  const failure = Failure.catch({ error: '', error_description: '' }).parse(json ?? {});
  return {
    error: failure.error,
    message: failure.error_description,
    resetAt:
      instantOf(headers['x-ratelimit-reset']) ?? secondsFromNow(headers['retry-after'], headers['date']),
  };
}

function instantOf(written: string | undefined): Instant | undefined {
  const at = Date.parse(written ?? '');
  return Number.isNaN(at) ? undefined : toInstant(at);
}

/** Counted from the server's own clock, where it tells it. */
function secondsFromNow(written: string | undefined, date: string | undefined): Instant | undefined {
  const seconds = Number(written);
  const from = Date.parse(date ?? '');
  if (written === undefined || !Number.isFinite(seconds) || Number.isNaN(from)) return undefined;
  return toInstant(from + seconds * 1_000);
}
