import { z } from 'zod';
import { AccountId, DeliveryId, IncidentId, ItemId, WarningId } from './ids.js';
import { Instant } from './instant.js';
import { Channel } from './topics.js';

const metric = z.number().int().nonnegative().nullable();

/** What a platform counts for one post at one moment; a metric that it did not return is null, never 0 (CHANNELS §C). */
export const EngagementEvent = z.discriminatedUnion('type', [
  z.looseObject({
    type: z.literal('EngagementSampled'),
    incidentId: IncidentId,
    warningId: WarningId,
    version: z.number().int().positive(),
    channel: Channel,
    accountId: AccountId,
    platform: z.string(),
    deliveryId: DeliveryId,
    ref: z.string(),
    at: Instant,
    shares: metric,
    likes: metric,
    replies: metric,
    /** The call that answered, so that a reviewer knows what was counted. */
    source: z.string(),
  }),
]);
export type EngagementEvent = z.infer<typeof EngagementEvent>;

/** What the public answers. Names and addresses stay in the service that received it. */
export const InboundEvent = z.discriminatedUnion('type', [
  z.looseObject({
    type: z.literal('InboundReceived'),
    itemId: ItemId,
    channel: Channel,
    accountId: AccountId,
    warningId: WarningId.optional(),
    incidentId: IncidentId.optional(),
    at: Instant,
    text: z.string(),
    /** What it asks for when that is plain: `stop`, `start`, `help`. */
    keyword: z.enum(['stop', 'start', 'help']).optional(),
  }),
]);
export type InboundEvent = z.infer<typeof InboundEvent>;
