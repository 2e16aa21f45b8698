import type { Instant } from '#contracts';
import { z } from 'zod';
import type { Row, Seen } from '../http/judge.js';
import type { Answer } from '../http/platform-http.js';
import { toldReset } from '../http/told-reset.js';

/** CHANNELS §B.2. Decided by the error's name, not by the status: the same name comes with different ones. */
export const BLUESKY_ROWS: readonly Row[] = [
  { error: 'InvalidSwap', means: 'key-conflict' },
  { error: /^Invalid(Request|Record)\b.*(too big|too long|grapheme|maxLength|maximum)/i, means: 'too-long' },
  { error: /^Invalid(Request|Record)\b.*(alt|blob|image|mime)/i, means: 'media' },
  { error: 'InvalidRequest', means: 'invalid' },
  { error: 'InvalidRecord', means: 'invalid' },
  {
    error: /^(ExpiredToken|InvalidToken|AuthMissing|AuthenticationRequired|AuthFactorTokenRequired)\b/,
    means: 'auth',
  },
  { error: /^(AccountTakedown|AccountDeactivated|AccountSuspended)\b/, means: 'policy' },
  { error: 'RateLimitExceeded', means: 'throttled' },
  // The address is not that of a PDS: nothing can have been done there.
  { error: /^(MethodNotImplemented|XRPCNotSupported)\b/, means: 'other' },
  { status: 429, means: 'throttled' },
  { status: 401, means: 'auth' },
  { status: 403, means: 'scope' },
  { status: 413, means: 'too-long' },
];

const XrpcError = z.looseObject({ error: z.string().default(''), message: z.string().default('') });

/** What our table looks at in an XRPC answer. */
export function seenByBluesky({ json, headers }: Answer, now: Instant): Seen {
  const { error, message } = XrpcError.catch({ error: '', message: '' }).parse(json ?? {});
  return { error, message, resetAt: toldReset(headers, now) };
}

/** The error's own name, where one stands in the answer. */
export const errorNamed = ({ json }: Answer): string =>
  XrpcError.catch({ error: '', message: '' }).parse(json ?? {}).error;
