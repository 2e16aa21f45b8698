import { z } from 'zod';
import { Act } from './composed-text.js';
import { AccountId, DeliveryId, IncidentId, WarningId } from './ids.js';
import { Instant } from './instant.js';
import { Channel } from './topics.js';

const count = z.number().int().nonnegative();

/** The six final states of a delivery (DESIGN §6). */
export const FinalState = z.enum(['accepted', 'refused', 'suppressed', 'cancelled', 'expired', 'unknown']);
export type FinalState = z.infer<typeof FinalState>;

/** planned = pending + the six. Whole counts, never differences: the newest report replaces the older. */
export const DeliveryCounts = z.looseObject({
  planned: count,
  pending: count,
  accepted: count,
  refused: count,
  suppressed: count,
  cancelled: count,
  expired: count,
  unknown: count,
  /** Of these, how many were ever `unknown`: the mark stays when a later finding settles them. */
  wasUnknown: count,
});
export type DeliveryCounts = z.infer<typeof DeliveryCounts>;

const about = {
  incidentId: IncidentId,
  warningId: WarningId,
  version: z.number().int().positive(),
  act: Act,
  channel: Channel,
  at: Instant,
};

/** What became of a version's deliveries, as the channels report it. */
export const DeliveryEvent = z.discriminatedUnion('type', [
  /** A list channel has worked out recipients: so far, or all of them when `complete`. Whole counts. */
  z.looseObject({
    type: z.literal('PlanReported'),
    ...about,
    accountId: AccountId,
    recipients: count,
    chunks: count,
    /** Subscribers without a point: they are in no area. */
    withoutPoint: count,
    complete: z.boolean(),
    /** Why nothing will be sent: an area that refused, a hash that did not match, a text that no longer fits. */
    refused: z.string().optional(),
  }),
  /** One chunk of a list channel. Streams `wrn_…/v1/issue/<channel>/<chunk>`. */
  z.looseObject({
    type: z.literal('ChunkReported'),
    ...about,
    accountId: AccountId,
    chunk: count,
    counts: DeliveryCounts,
    firstAcceptedAt: Instant.nullable(),
    lastAcceptedAt: Instant.nullable(),
    /** Refusals of this chunk by reason. */
    reasons: z.record(z.string(), count),
  }),
  /** One part on one social account: its state now. */
  z.looseObject({
    type: z.literal('PostReported'),
    ...about,
    accountId: AccountId,
    platform: z.string(),
    deliveryId: DeliveryId,
    part: count,
    language: z.string(),
    state: z.enum(['pending', ...FinalState.options]),
    wasUnknown: z.boolean(),
    attempt: count,
    ref: z.string().nullable(),
    url: z.string().nullable(),
    reason: z.string().nullable(),
    detail: z.string().nullable(),
  }),
  /** Later facts about accepted deliveries of one version on a list channel. Whole counts; null = the channel cannot know. */
  z.looseObject({
    type: z.literal('ReceiptsCounted'),
    ...about,
    accountId: AccountId,
    delivered: count.nullable(),
    undelivered: count.nullable(),
    bounced: count.nullable(),
    complained: count.nullable(),
    /** Accepted, and three days after the end of sending no receipt had come. Null or absent until then, and where none ever come. */
    noReceipt: count.nullable().optional(),
  }),
]);
export type DeliveryEvent = z.infer<typeof DeliveryEvent>;
export type ChunkReported = Extract<DeliveryEvent, { type: 'ChunkReported' }>;
export type PostReported = Extract<DeliveryEvent, { type: 'PostReported' }>;

/** Work of a list channel, on its own chunk topics: one slice of recipients to send to. The recipients stand in the channel's own table. */
export const ChunkPlanned = z.looseObject({
  type: z.literal('ChunkPlanned'),
  ...about,
  accountId: AccountId,
  chunk: count,
  recipients: count,
  urgent: z.boolean(),
});
export type ChunkPlanned = z.infer<typeof ChunkPlanned>;
