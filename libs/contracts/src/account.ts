import { z } from 'zod';
import { AccountId } from './ids.js';
import { Language } from './text.js';
import { Channel } from './topics.js';

/** The limits of one account as its platform tells them now; the unit is the platform's own (CHANNELS §A). */
export const TextLimits = z.looseObject({
  max: z.number().int().positive(),
  maxBytes: z.number().int().positive().optional(),
  urlCost: z.number().int().positive().optional(),
  /** Parts that one message may have: posts of a thread, or SMS segments. */
  maxParts: z.number().int().positive().optional(),
});
export type TextLimits = z.infer<typeof TextLimits>;

/** One identity on a channel, with what it can do. */
export const Account = z.looseObject({
  accountId: AccountId,
  channel: Channel,
  platform: z.string(),
  name: z.string(),
  languages: z.array(Language).min(1),
  kind: z.enum(['corporate', 'district', 'individual', 'partner', 'sender']),
  limits: TextLimits,
});
export type Account = z.infer<typeof Account>;
