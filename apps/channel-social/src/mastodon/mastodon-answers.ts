import type { Instant } from '#contracts';
import { z } from 'zod';
import type { Row, Seen } from '../http/judge.js';
import type { Answer } from '../http/platform-http.js';
import { toldReset } from '../http/told-reset.js';

/** CHANNELS §B.3. Mastodon names no error codes: the status decides, and its words only say which kind of 422 it is. */
export const MASTODON_ROWS: readonly Row[] = [
  { status: 401, means: 'auth' },
  { status: 403, means: 'scope' },
  { status: 404, whenReplying: true, means: 'target-gone' },
  { status: 413, means: 'too-long' },
  { status: 409, means: 'duplicate' },
  { status: 422, error: /duplicate|already (been )?posted/i, means: 'duplicate' },
  { status: 422, error: /media|attachment/i, means: 'media' },
  { status: 422, error: /character limit|too long|exceed/i, means: 'too-long' },
  { status: 422, error: /reply|replied/i, whenReplying: true, means: 'target-gone' },
  { status: 422, means: 'invalid' },
  { status: 400, means: 'invalid' },
  { status: 410, means: 'policy' },
  { status: 429, means: 'throttled' },
];

const Failure = z.looseObject({ error: z.string().default(''), error_description: z.string().default('') });

/** What our table looks at in a Mastodon answer. */
export function seenByMastodon({ json, headers }: Answer, now: Instant): Seen {
  const failure = Failure.catch({ error: '', error_description: '' }).parse(json ?? {});
  return { error: failure.error, message: failure.error_description, resetAt: toldReset(headers, now) };
}
