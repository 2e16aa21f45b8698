import { z } from 'zod';
import { Told, type Answer } from '../http/answer.js';
import type { Call } from '../http/route.js';
import type { Allowance } from '../http/rate-window.js';

/** An error in XRPC's form: clients decide by `error`, not by the status. */
export function xrpcError(status: number, error: string, message: string): Told {
  return new Told({ status, body: { error, message } });
}

/** 200 with a body. */
export function ok(body: object): Answer {
  return { status: 200, body };
}

/** The body as the method wants it, or the 400 that names what is wrong. */
export function read<Body>(schema: z.ZodType<Body>, call: Call): Body {
  const found = schema.safeParse(asJson(call.body));
  if (!found.success) throw xrpcError(400, 'InvalidRequest', z.prettifyError(found.error));
  return found.data;
}

/** 429 with the second at which to come back. */
export function throttled(allowance: Allowance): Answer {
  const body = { error: 'RateLimitExceeded', message: 'Rate Limit Exceeded' };
  return { status: 429, headers: rateHeaders(allowance), body };
}

/** What is left; the reset is in seconds of the epoch, unlike Mastodon's. */
export function rateHeaders({ limit, remaining, resetAt }: Allowance): Record<string, string> {
  const reset = String(Math.ceil(resetAt / 1000));
  return {
    'ratelimit-limit': String(limit),
    'ratelimit-remaining': String(remaining),
    'ratelimit-reset': reset,
  };
}

/** One page of things sorted newest first, by the key at which the last page ended. */
export function pageOf<Item extends { uri: string }>(newestFirst: readonly Item[], query: URLSearchParams) {
  const limit = Math.max(1, Math.min(Math.floor(Number(query.get('limit') ?? 50)) || 50, 100));
  const cursor = query.get('cursor');
  const rest = cursor === null ? newestFirst : newestFirst.filter(({ uri }) => keyOf(uri) < cursor);
  const page = rest.slice(0, limit);
  const last = page.at(-1);
  return { page, next: last && rest.length > limit ? { cursor: keyOf(last.uri) } : {} };
}

/** The record key at the end of an at-uri. */
export function keyOf(uri: string): string {
  return uri.slice(uri.lastIndexOf('/') + 1);
}

function asJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined; // the schema then names what is missing
  }
}
