import { Controller, Get, Param, UseGuards } from '@nestjs/common';
import { IncidentId, WarningId } from '#contracts';
import { BearerGuard, houseProblem } from '#runtime';
import { Archive } from '#stream';
import { asKept } from './replay/kept-archive.js';
import { warningReport } from './report/report.js';
import type { WarningReport } from './report/warning-report.js';
import { inOrder } from './timeline/in-order.js';
import { inWords } from './timeline/in-words.js';

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
    @Param('incidentId', { schema: IncidentId }) incidentId: IncidentId,
  ): Promise<{ incidentId: IncidentId; events: TimelineEntry[] }> {
    const kept = (await this.archive.ofIncident(incidentId)).map(asKept);
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
    return { incidentId, events };
  }

  @Get('warnings/:warningId/report')
  async report(@Param('warningId', { schema: WarningId }) warningId: WarningId): Promise<WarningReport> {
    const kept = (await this.archive.ofWarning(warningId)).map(asKept);
    if (kept.length === 0) throw houseProblem('not-found', 'The archive holds nothing about this warning.');
    return warningReport(warningId, kept);
  }
}
