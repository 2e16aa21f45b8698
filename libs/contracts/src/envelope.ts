import type { Instant } from './instant.js';
import { eventId, type RecordedEvent } from './recorded-event.js';

/** A record as it goes onto the stream: JSON value, CloudEvents 1.0 binary-mode headers (Kafka protocol binding §3.2). */
export type Envelope = { key: string; value: string; headers: Record<string, string> };

/** What the headers of a message say, without a look at its body. */
export type EnvelopeHead = {
  id: string;
  source: string;
  type: string;
  streamId: string;
  revision: number;
  time: Instant;
  incidentId: string | null;
  traceparent: string | null;
};

/** Wraps a recorded event for `<mode>.<topic>.v1`; `app` is the publishing process, `key` decides order and partition. */
export function wrap(event: RecordedEvent, app: string, key: string): Envelope {
  const { incidentId } = event.body;
  return {
    key,
    value: JSON.stringify(event.body),
    headers: {
      ce_specversion: '1.0',
      ce_id: eventId(event),
      ce_source: `/larum/${app}`,
      ce_type: event.type,
      ce_subject: event.streamId,
      ce_time: event.time,
      ...(typeof incidentId === 'string' ? { ce_incidentid: incidentId } : {}),
      ce_sequence: String(event.revision),
      'content-type': 'application/json',
      ...(event.traceparent === null ? {} : { traceparent: event.traceparent }),
    },
  };
}

/** Reads the head of a message; undefined when it is not one of ours. */
export function readHead(headers: Readonly<Record<string, string>>): EnvelopeHead | undefined {
  const { ce_id: id, ce_source: source, ce_type: type, ce_subject: streamId, ce_time: time } = headers;
  const revision = revisionOf(headers['ce_sequence']);
  if (!id || !source || !type || !streamId || !time || revision === undefined) return undefined;
  return {
    id,
    source,
    type,
    streamId,
    revision,
    time: time as Instant,
    incidentId: headers['ce_incidentid'] ?? null,
    traceparent: headers['traceparent'] ?? null,
  };
}

/** 1 for the first event of a stream: anything else was written by nobody of ours. */
function revisionOf(written: string | undefined): number | undefined {
  const revision = /^[1-9]\d*$/.test(written ?? '') ? Number(written) : undefined;
  return Number.isSafeInteger(revision) ? revision : undefined;
}
