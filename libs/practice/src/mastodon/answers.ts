import { Told } from '../http/answer.js';
import type { Allowance } from '../http/rate-window.js';

/** An error in Mastodon's form. */
export function told(status: number, error: string): Told {
  return new Told({ status, body: { error } });
}

/** Without a token, or with one that opens nothing. */
export const unauthorised = told(401, 'The access token is invalid');
/** No such post, or not one of this account. */
export const notFound = told(404, 'Record not found');

/** What is left of the account's calls; the reset is ISO 8601, not a number of seconds. */
export function rateHeaders({ limit, remaining, resetAt }: Allowance): Record<string, string> {
  return {
    'x-ratelimit-limit': String(limit),
    'x-ratelimit-remaining': String(remaining),
    'x-ratelimit-reset': new Date(resetAt).toISOString().replace('Z', '000Z'), // microseconds, as Mastodon writes them
  };
}

/** A page of things that are newest first, by Mastodon's three cursors. */
export function page<Item extends { id: string }>(
  newestFirst: readonly Item[],
  query: URLSearchParams,
  usual: number,
): Item[] {
  const limit = Math.max(1, Math.min(Math.floor(Number(query.get('limit') ?? usual)) || usual, 2 * usual));
  const [max, since, min] = ['max_id', 'since_id', 'min_id'].map((name) => digits(query.get(name)));
  const within = newestFirst.filter(({ id }) => {
    if (max && BigInt(id) >= BigInt(max)) return false;
    const floor = min ?? since;
    return !floor || BigInt(id) > BigInt(floor);
  });
  // min_id asks for those right above it, since_id for the newest: the difference shows when there are more than a page.
  return min ? within.slice(-limit) : within.slice(0, limit);
}

/** What is no id is taken for not given. */
const digits = (id: string | null): string | null => (id !== null && /^\d{1,30}$/.test(id) ? id : null);
