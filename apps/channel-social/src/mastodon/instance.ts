import type { Capabilities } from '#channel';
import { z } from 'zod';
import type { PlatformHttp } from '../http/platform-http.js';

/** Mastodon's own defaults (docs, Instance entity): what holds where a server does not tell. */
const MASTODON_DEFAULTS = { max: 500, urlCost: 23 } as const;

/** The key is kept for an hour; five minutes less, for clocks and for the way there (CHANNELS §B.3). */
export const KEY_WINDOW_MS = 55 * 60_000;

const Statuses = z.looseObject({
  max_characters: z.number().int().positive().optional(),
  characters_reserved_per_url: z.number().int().positive().optional(),
});
const Instance = z.looseObject({
  version: z.string().default(''),
  configuration: z.looseObject({ statuses: Statuses.optional() }).optional(),
});

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
  const told = (await ask(http, '/api/v2/instance')) ?? (await ask(http, '/api/v1/instance'));
  const { max_characters: max, characters_reserved_per_url: urlCost } = told?.configuration?.statuses ?? {};
  const honours = honoursKey ?? isPlainMastodon(told?.version ?? '');
  return {
    limits: { max: max ?? MASTODON_DEFAULTS.max, urlCost: urlCost ?? MASTODON_DEFAULTS.urlCost },
    idempotency: honours ? { windowMs: KEY_WINDOW_MS } : 'none',
    atomicThread: false,
    reply: 'yes',
    edit: 'yes',
    remove: 'yes',
    metrics: ['shares', 'likes', 'replies'],
    inbound: 'poll',
  };
}

async function ask(http: PlatformHttp, path: string): Promise<z.infer<typeof Instance> | undefined> {
  const heard = await http.call({ method: 'GET', path });
  if (heard.heard !== 'answer') throw new Error(`the instance did not answer: ${heard.detail}`);
  if (heard.answer.status >= 500) throw new Error(`the instance answered ${heard.answer.status}`);
  return heard.answer.status === 200 ? Instance.safeParse(heard.answer.json).data : undefined;
}

/** `4.3.1`, `4.4.0-rc.1`, `4.2.0+glitch`; not `4.0.0 (not true; really snac)`, `2.7.2 (compatible; Pleroma 2.6)`, `0.17.3`. */
function isPlainMastodon(version: string): boolean {
  return /^[3-9]\.\d+\.\d+(-[\w.]+)?(\+[\w.-]+)?$/.test(version);
}
