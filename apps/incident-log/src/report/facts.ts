import {
  readChannelEvent,
  readDeliveryEvent,
  readEngagementEvent,
  readWarningEvent,
  topicOfType,
  type ChannelEvent,
  type DeliveryEvent,
  type EngagementEvent,
  type Found,
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

/**
 * Sorts events out by kind. Order and repeats do not matter to anything that reads the answer, and neither does an event that
 * cannot be read: the rest is still true.
 */
export function facts(events: readonly KeptEvent[]): Facts {
  const found: Facts = { warnings: [], deliveries: [], engagement: [], channels: [] };
  for (const event of events) {
    switch (topicOfType.get(event.type)) {
      case 'warnings':
        keep(found.warnings, event, readWarningEvent);
        break;
      case 'deliveries':
        keep(found.deliveries, event, readDeliveryEvent);
        break;
      case 'engagement':
        keep(found.engagement, event, readEngagementEvent);
        break;
      case 'channels':
        keep(found.channels, event, readChannelEvent);
        break;
      case 'incidents':
      case 'inbound':
      case undefined: // not what a report is made of
    }
  }
  return found;
}

function keep<Event>(
  into: Kept<Event>[],
  { streamId, revision, value }: KeptEvent,
  read: (value: Uint8Array) => Found<Event>,
): void {
  const found = read(bytes.encode(value));
  if (found.read === 'event') into.push({ event: found.event, streamId, revision });
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
