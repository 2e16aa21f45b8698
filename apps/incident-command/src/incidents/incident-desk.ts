import { Injectable } from '@nestjs/common';
import type { IncidentEvent, IncidentId } from '#contracts';
import { EventRecord } from '#postgres';
import { problem } from '../problems/problem-table.js';

type Received = Extract<IncidentEvent, { type: 'ProposalReceived' }>;

/** An incident as it stands in the record. */
export type FiledIncident = { revision: number; events: readonly IncidentEvent[] };

/** Reads one incident from the record; writes nothing. */
@Injectable()
export class IncidentDesk {
  constructor(private readonly record: EventRecord) {}

  /** Every fact about the incident, oldest first. Throws `no-such-incident` for an id that nobody opened. */
  async read(incidentId: IncidentId): Promise<FiledIncident> {
    const events = (await this.record.read(incidentId)).map(({ body }) => body as unknown as IncidentEvent);
    if (events.length === 0) throw problem('no-such-incident');
    return { revision: events.length, events };
  }

  /** The incident's revision, without its facts: a proposal may hold a whole draft. Throws `no-such-incident` as `read` does. */
  async revisionOf(incidentId: IncidentId): Promise<number> {
    const revision = await this.record.revisionOf(incidentId);
    if (revision === 0) throw problem('no-such-incident');
    return revision;
  }
}

/** A proposal that waits for a yes or a no. Throws a `Problem` when there is none, or when somebody decided before. */
export function waitingProposal({ events }: FiledIncident, itemId: string): Received {
  const about = events.filter((event) => 'itemId' in event && event.itemId === itemId);
  const received = about.find((event) => event.type === 'ProposalReceived');
  if (received === undefined) throw problem('no-such-proposal');
  if (about.length > 1) throw problem('proposal-decided');
  return received;
}
