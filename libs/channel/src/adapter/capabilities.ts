import type { TextLimits } from '#contracts';

/** What an account can do with a post that stands already. */
export type Ability = 'yes' | 'no' | 'conditional';

/** What a platform counts for a post. */
export type MetricName = 'shares' | 'likes' | 'replies';

/**
 * What one social account can do, as its platform tells it now. `limits` is what others learn by `AccountReported`.
 * `idempotency` says for how long an equal key makes a repeat harmless: it decides what happens after `unknown`.
 */
export type Capabilities = {
  limits: TextLimits;
  idempotency: 'permanent' | { windowMs: number } | 'none';
  atomicThread: boolean;
  reply: Ability;
  edit: Ability;
  remove: Ability;
  metrics: readonly MetricName[];
  inbound: 'push' | 'poll' | 'none';
};
