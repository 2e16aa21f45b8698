import { z } from 'zod';
import { ChannelEvent } from './channel-event.js';
import { ChunkPlanned, DeliveryEvent } from './delivery-event.js';
import { EngagementEvent, InboundEvent } from './engagement-event.js';
import { IncidentEvent } from './incident-event.js';
import type { TopicName } from './topics.js';
import { WarningEvent } from './warning-event.js';

/**
 * What a consumer found in a message. `newer` is a type that this build does not know: it is skipped by declared rule.
 * `unreadable` can never work and is parked. `raw` is the JSON as received, before any schema: hashes are computed from it.
 */
export type Found<Event> =
  | { read: 'event'; event: Event; raw: Readonly<Record<string, unknown>> }
  | { read: 'newer'; type: string }
  | { read: 'unreadable'; why: string };

const text = new TextDecoder('utf-8', { fatal: true });
const Typed = z.looseObject({ type: z.string() });

function reader<Event>(schema: z.ZodType<Event>, types: readonly string[]) {
  return (value: Uint8Array): Found<Event> => {
    let raw: unknown;
    try {
      raw = JSON.parse(text.decode(value));
    } catch (error) {
      return { read: 'unreadable', why: `not JSON: ${error instanceof Error ? error.message : 'unknown'}` };
    }
    const typed = Typed.safeParse(raw);
    if (!typed.success) return { read: 'unreadable', why: 'no type' };
    if (!types.includes(typed.data.type)) return { read: 'newer', type: typed.data.type };
    const parsed = schema.safeParse(raw);
    if (!parsed.success) return { read: 'unreadable', why: z.prettifyError(parsed.error) };
    return { read: 'event', event: parsed.data, raw: typed.data };
  };
}

type Member = { shape: { type: { value: string } } };
const typesOf = (union: { options: readonly Member[] }) =>
  union.options.map((member) => member.shape.type.value);

/** Reads one message of `<mode>.incidents.v1`. */
export const readIncidentEvent = reader<IncidentEvent>(IncidentEvent, typesOf(IncidentEvent));
/** Reads one message of `<mode>.warnings.v1`. */
export const readWarningEvent = reader<WarningEvent>(WarningEvent, typesOf(WarningEvent));
/** Reads one message of `<mode>.deliveries.v1`. */
export const readDeliveryEvent = reader<DeliveryEvent>(DeliveryEvent, typesOf(DeliveryEvent));
/** Reads one message of `<mode>.engagement.v1`. */
export const readEngagementEvent = reader<EngagementEvent>(EngagementEvent, typesOf(EngagementEvent));
/** Reads one message of `<mode>.inbound.v1`. */
export const readInboundEvent = reader<InboundEvent>(InboundEvent, typesOf(InboundEvent));
/** Reads one message of `<mode>.channels.v1`. */
export const readChannelEvent = reader<ChannelEvent>(ChannelEvent, typesOf(ChannelEvent));
/** Reads one message of a channel's chunk topics. */
export const readChunkPlanned = reader<ChunkPlanned>(ChunkPlanned, ['ChunkPlanned']);

/** Every event type of the house with the topic that carries it: the relay's routing table. */
export const topicOfType: ReadonlyMap<string, TopicName> = new Map(
  (
    [
      ['incidents', IncidentEvent],
      ['warnings', WarningEvent],
      ['deliveries', DeliveryEvent],
      ['engagement', EngagementEvent],
      ['inbound', InboundEvent],
      ['channels', ChannelEvent],
    ] as const
  ).flatMap(([topic, union]) => typesOf(union).map((type) => [type, topic] as const)),
);
