import { Controller, Get, Param, UseGuards } from '@nestjs/common';
import { bodyForPartners, IncidentId, TYPES_FOR_PARTNERS, WarningId, withoutOfficers } from '#contracts';
import { BearerGuard, Caller, houseProblem, type TokenHolder } from '#runtime';
import { Archive } from '#stream';
import { asKept } from './replay/kept-archive.js';
import { warningReport } from './report/report.js';
import { reportForPartners, type WarningReport } from './report/warning-report.js';
import { inOrder } from './timeline/in-order.js';
import { inWords } from './timeline/in-words.js';
import { bodyOf, type KeptEvent } from './timeline/kept-event.js';

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
    const told = inOrder((await this.archive.ofIncident(incidentId)).map(asKept)).flatMap((event) =>
      isForeign(by) ? entryForPartners(event) : [entryOf(event, bodyOf(event))],
    );
    if (told.length === 0) throw houseProblem('not-found', 'The archive holds nothing about this incident.');
    return { incidentId, events: told };
  }

  @Get('warnings/:warningId/report')
  async report(
    @Caller() by: TokenHolder,
    @Param('warningId', { schema: WarningId }) warningId: WarningId,
  ): Promise<WarningReport> {
    const all = (await this.archive.ofWarning(warningId)).map(asKept);
    const kept = isForeign(by) ? all.filter(({ type }) => TYPES_FOR_PARTNERS.has(type)) : all;
    if (kept.length === 0) throw houseProblem('not-found', 'The archive holds nothing about this warning.');
    const report = warningReport(warningId, kept); // of whole events, because an event without its officer is none
    return isForeign(by) ? (withoutOfficers(reportForPartners(report)) as WarningReport) : report;
  }
}

/** A token that has no role but `partner` belongs to another agency, which sees what its live stream shows it (DESIGN §3, P11). */
const isForeign = ({ roles }: TokenHolder): boolean => roles.every((role) => role === 'partner');

function entryOf({ time, type, eventId, source, receivedAt }: KeptEvent, body: unknown): TimelineEntry {
  return { time, says: inWords(type, body), type, eventId, source, receivedAt, body: body ?? null };
}

/** What another agency sees is told from the very fields that it may see. */
function entryForPartners(event: KeptEvent): TimelineEntry[] {
  const body = bodyForPartners(event.type, bodyOf(event));
  return body === undefined ? [] : [entryOf(event, body)];
}
