import {
  readChannelEvent,
  readDeliveryEvent,
  readEngagementEvent,
  readWarningEvent,
  type ChannelEvent,
  type DeliveryEvent,
  type EngagementEvent,
  type WarningEvent,
} from '#contracts';
import type { KeptEvent } from '../timeline/kept-event.js';

type Kept<Event> = { event: Event; streamId: string; revision: number };

/** The events of one warning by kind; what this build does not know is left out by declared rule. */
export type Facts = {
  warnings: Kept<WarningEvent>[];
  deliveries: Kept<DeliveryEvent>[];
  engagement: Kept<EngagementEvent>[];
  channels: Kept<ChannelEvent>[];
};

const bytes = new TextEncoder();

/** Sorts events out by kind. Order and repeats do not matter to anything that reads the answer. */
export function facts(events: readonly KeptEvent[]): Facts {
  const found: Facts = { warnings: [], deliveries: [], engagement: [], channels: [] };
  for (const { streamId, revision, value } of events) {
    const body = bytes.encode(value);
    const at = { streamId, revision };
    const warning = readWarningEvent(body);
    if (warning.read === 'event') found.warnings.push({ event: warning.event, ...at });
    const delivery = readDeliveryEvent(body);
    if (delivery.read === 'event') found.deliveries.push({ event: delivery.event, ...at });
    const engagement = readEngagementEvent(body);
    if (engagement.read === 'event') found.engagement.push({ event: engagement.event, ...at });
    const channel = readChannelEvent(body);
    if (channel.read === 'event') found.channels.push({ event: channel.event, ...at });
  }
  return found;
}

/** For each key the event with the highest revision: whole counts, so the newest replaces the older. */
export function newest<Event>(events: readonly Kept<Event>[], keyOf: (event: Event) => string): Event[] {
  const best = new Map<string, Kept<Event>>();
  for (const kept of events) {
    const key = keyOf(kept.event);
    const before = best.get(key);
    if (before === undefined || before.revision < kept.revision) best.set(key, kept);
  }
  return [...best.keys()].sort().flatMap((key) => best.get(key)?.event ?? []);
}
