import type { Capabilities } from '#channel';
import { z } from 'zod';
import { answered } from '../http/answered.js';
import type { PlatformHttp } from '../http/platform-http.js';

/** Mastodon's own defaults (docs, Instance entity): what holds where a server does not tell. */
const MASTODON_DEFAULTS = { max: 500, urlCost: 23 } as const;

/** The key is kept for an hour; five minutes less, for clocks and for the way there (CHANNELS §B.3). */
export const KEY_WINDOW_MS = 55 * 60_000;

const Digits = z.string().regex(/^\d+$/).transform(Number);
const Limit = z.union([z.number(), Digits]).pipe(z.number().int().positive()).optional().catch(undefined);
const Statuses = z.looseObject({ max_characters: Limit, characters_reserved_per_url: Limit });
const Instance = z.looseObject({
  version: z.string().catch(''),
  configuration: z
    .looseObject({ statuses: Statuses.optional().catch(undefined) })
    .optional()
    .catch(undefined),
  /** Where Pleroma and its kin tell it. */
  max_toot_chars: Limit,
});
type Instance = z.infer<typeof Instance>;

/**
 * What an instance tells of itself, from `/api/v2/instance`, else from `/api/v1/instance`, else the documented defaults.
 * Throws when it gives no answer at all: then nobody knows yet, and the caller asks again.
 * Only a server that names itself plain Mastodon is trusted to honour `Idempotency-Key`: snac, GoToSocial and others
 * answer 200 and post twice. `honoursKey` overrules, for an instance that somebody has tried.
 */
export async function readInstance(
  http: PlatformHttp,
  honoursKey: boolean | undefined,
): Promise<Capabilities> {
  const newer = await ask(http, '/api/v2/instance');
  const told = [newer, maxOf(newer) === undefined ? await ask(http, '/api/v1/instance') : undefined];
  const first = <T>(look: (instance: Instance | undefined) => T | undefined) =>
    told.map(look).find((value) => value !== undefined);
  const honours = honoursKey ?? isPlainMastodon(first((instance) => instance?.version || undefined) ?? '');
  return {
    limits: {
      max: first(maxOf) ?? MASTODON_DEFAULTS.max,
      urlCost:
        first((instance) => instance?.configuration?.statuses?.characters_reserved_per_url) ??
        MASTODON_DEFAULTS.urlCost,
    },
    idempotency: honours ? { windowMs: KEY_WINDOW_MS } : 'none',
    atomicThread: false,
    reply: 'yes',
    edit: 'yes',
    remove: 'yes',
    metrics: ['shares', 'likes', 'replies'],
    inbound: 'poll',
  };
}

const maxOf = (instance: Instance | undefined): number | undefined =>
  instance?.configuration?.statuses?.max_characters ?? instance?.max_toot_chars;

async function ask(http: PlatformHttp, path: string): Promise<Instance | undefined> {
  const heard = await http.call({ method: 'GET', path });
  if (heard.heard !== 'answer') throw new Error(`the instance did not answer: ${heard.detail}`);
  const { status } = heard.answer;
  // A server that is busy has not said that it has no such page: defaults now would cut every warning short.
  if ((status >= 500 && status !== 501) || status === 429 || status === 408)
    throw new Error(`the instance answered ${status}`);
  return answered(heard, Instance);
}

/**
 * `4.3.1`, `4.4.0-rc.1`, `4.2.0+glitch`; not `4.0.0 (not true; really snac)`, `2.7.2 (compatible; Pleroma 2.6)`, `0.17.3`. After
 * the plus only forks of Mastodon itself: GoToSocial can be told to write `4.1.0+0.19.1-git-1a2b3c`.
 */
function isPlainMastodon(version: string): boolean {
  return /^[3-9]\.\d+\.\d+(-[\w.]+)?(\+(glitch|hometown)[\w.-]*)?$/.test(version);
}
