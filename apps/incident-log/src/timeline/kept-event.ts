import type { Instant } from '#contracts';

/** One event as the archive keeps it: what its head says, and its body as received. */
export type KeptEvent = {
  source: string;
  eventId: string;
  topic: string;
  streamId: string;
  revision: number;
  type: string;
  time: Instant;
  incidentId: string | null;
  /** When this archive got it; shown, never sorted by. Null in an exported file. */
  receivedAt: Instant | null;
  /** The JSON as published. */
  value: string;
};

/** The body as JSON; undefined when it is none, which a reviewer is told and which hides no other event. */
export function bodyOf({ value }: Pick<KeptEvent, 'value'>): unknown {
  try {
    return JSON.parse(value) as unknown;
  } catch {
    return undefined;
  }
}
