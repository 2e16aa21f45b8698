import { Controller, Get, Param, UseGuards } from '@nestjs/common';
import { IncidentId, TYPES_FOR_PARTNERS, WarningId, withoutOfficers } from '#contracts';
import { BearerGuard, Caller, houseProblem, type TokenHolder } from '#runtime';
import { Archive } from '#stream';
import { asKept } from './replay/kept-archive.js';
import { warningReport } from './report/report.js';
import type { WarningReport } from './report/warning-report.js';
import { inOrder } from './timeline/in-order.js';
import { inWords } from './timeline/in-words.js';
import type { KeptEvent } from './timeline/kept-event.js';

/** One line of a timeline: when it happened, what it says in plain words, and the event that says so. */
export type TimelineEntry = {
  time: string;
  says: string;
  type: string;
  eventId: string;
  source: string;
  /** When this archive got it: shown, never sorted by. */
  receivedAt: string | null;
  body: unknown;
};

/** What the console and reviewers read: the story of an incident, and what became of a warning. */
@Controller('v1')
@UseGuards(BearerGuard)
export class ReadingController {
  constructor(private readonly archive: Archive) {}

  @Get('incidents/:incidentId/timeline')
  async timeline(
    @Caller() by: TokenHolder,
    @Param('incidentId', { schema: IncidentId }) incidentId: IncidentId,
  ): Promise<{ incidentId: IncidentId; events: TimelineEntry[] }> {
    const kept = mayBeSeen(by, (await this.archive.ofIncident(incidentId)).map(asKept));
    if (kept.length === 0) throw houseProblem('not-found', 'The archive holds nothing about this incident.');
    const events = inOrder(kept).map((event) => ({
      time: event.time,
      says: inWords(event),
      type: event.type,
      eventId: event.eventId,
      source: event.source,
      receivedAt: event.receivedAt,
      body: JSON.parse(event.value) as unknown,
    }));
    return asSeenBy(by, { incidentId, events });
  }

  @Get('warnings/:warningId/report')
  async report(
    @Caller() by: TokenHolder,
    @Param('warningId', { schema: WarningId }) warningId: WarningId,
  ): Promise<WarningReport> {
    const kept = mayBeSeen(by, (await this.archive.ofWarning(warningId)).map(asKept));
    if (kept.length === 0) throw houseProblem('not-found', 'The archive holds nothing about this warning.');
    return asSeenBy(by, warningReport(warningId, kept));
  }
}

/** A token that has no role but `partner` belongs to another agency, which sees what its live stream shows it (DESIGN §3, P11). */
const isForeign = ({ roles }: TokenHolder): boolean => roles.every((role) => role === 'partner');

const mayBeSeen = (by: TokenHolder, kept: KeptEvent[]): KeptEvent[] =>
  isForeign(by) ? kept.filter(({ type }) => TYPES_FOR_PARTNERS.has(type)) : kept;

/** The answer itself: read from whole events, because an event without its officer is none. */
const asSeenBy = <Answer>(by: TokenHolder, answer: Answer): Answer =>
  isForeign(by) ? (withoutOfficers(answer) as Answer) : answer;
