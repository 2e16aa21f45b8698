import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { IncidentEvent, IncidentId, Instant, OfficerId } from '#contracts';
import type { AlsoWrite } from '#postgres';
import { Clock, newId } from '#runtime';
import { SCHEMA } from '../record/migrations.js';
import { following, Recorder, type Once, type Plan } from '../record/recorder.js';
import type { OpenIncident as OpenIncidentBody } from './incident-requests.js';

/** An incident that was opened. */
export type Opened = { id: IncidentId; revision: number };

/** Opens an incident: the real-world event that warnings, partners and proposals belong to. */
export class OpenIncident extends Command<Opened> {
  constructor(
    readonly by: OfficerId,
    readonly incident: OpenIncidentBody,
    readonly once: Once,
  ) {
    super();
  }
}

@CommandHandler(OpenIncident)
export class OpenIncidentHandler implements ICommandHandler<OpenIncident> {
  constructor(
    private readonly recorder: Recorder,
    private readonly clock: Clock,
  ) {}

  execute({ by, incident, once }: OpenIncident): Promise<Opened> {
    return this.recorder.record(once, async () => openedIncident(incident, by, this.clock.now()));
  }
}

/** The first fact of a new incident, with its row of the list. */
export function openedIncident(
  { type: incidentType, name, leadAgency, methane, area }: OpenIncidentBody,
  by: OfficerId,
  at: Instant,
): Plan<Opened> {
  const incidentId = newId('inc') as IncidentId;
  const opened: IncidentEvent = {
    type: 'IncidentOpened',
    incidentId,
    by,
    at,
    incidentType,
    name,
    leadAgency,
    ...(methane && { methane }),
    ...(area && { area }),
  };
  const row: AlsoWrite = {
    sql: `insert into ${SCHEMA}.incident_row (incident_id, incident_type, name, lead_agency, opened_at, opened_by)
      select $1, $2, $3, $4, $5::timestamptz, $6 from turn`,
    params: [incidentId, incidentType, name, leadAgency, at, by],
  };
  return { facts: following(incidentId, 0, [opened]), also: [row], answer: { id: incidentId, revision: 1 } };
}
