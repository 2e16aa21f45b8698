import type { Instant } from './instant.js';

/** One row of a record, as it stands for good. `body` is the fact itself with its `type`. */
export type RecordedEvent = {
  position: bigint;
  streamId: string;
  /** 1 for the first event of a stream; gapless. */
  revision: number;
  type: string;
  time: Instant;
  /** Officer, or `/larum/<app>` for what no person did. */
  actor: string;
  /** W3C trace context of the request that caused it. */
  traceparent: string | null;
  body: Readonly<Record<string, unknown>>;
};

/** A fact that is about to be recorded as `revision` of its stream. */
export type NewEvent = Omit<RecordedEvent, 'position'>;

/** The id of an event in the house: `<streamId>@<revision>`. */
export const eventId = (event: { streamId: string; revision: number }): string =>
  `${event.streamId}@${event.revision}`;
