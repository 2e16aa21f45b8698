import { z } from 'zod';
import { Account } from './account.js';
import { AccountId, IncidentId, WarningId } from './ids.js';
import { Instant } from './instant.js';
import { Channel } from './topics.js';

/** Limits and health of accounts, and gates that are in force. Read from the start by incident-command. */
export const ChannelEvent = z.discriminatedUnion('type', [
  z.looseObject({ type: z.literal('AccountReported'), at: Instant, ...Account.shape }),
  z.looseObject({
    type: z.literal('AccountHealthReported'),
    at: Instant,
    accountId: AccountId,
    channel: Channel,
    health: z.enum(['ok', 'expiring', 'broken']),
    detail: z.string(),
  }),
  /** The channel has shut (cancel, expiry) or raised (next version) its gate: nothing older starts to leave there after `at`. */
  z.looseObject({
    type: z.literal('GateInForce'),
    warningId: WarningId,
    incidentId: IncidentId,
    channel: Channel,
    at: Instant,
    because: z.enum(['version', 'cancel', 'expiry']),
    version: z.number().int().positive(),
  }),
]);
export type ChannelEvent = z.infer<typeof ChannelEvent>;
