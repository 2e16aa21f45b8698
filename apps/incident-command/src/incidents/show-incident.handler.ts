import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import type { IncidentEvent, IncidentId, MultiPolygon } from '#contracts';
import { Database, EventRecord } from '#postgres';
import { problem } from '../problems/problem-table.js';
import { SCHEMA } from '../record/migrations.js';

/** An incident as a list shows it. */
export type IncidentLine = { id: string; type: string; name: string; leadAgency: string; openedAt: string };

/** An incident with its warnings, the newest first. */
export type IncidentView = IncidentLine & {
  revision: number;
  area: MultiPolygon | null;
  warnings: { id: string; state: string; event: string | null }[];
};

type IncidentRow = {
  incident_id: string;
  incident_type: string;
  name: string;
  lead_agency: string;
  opened_at: string;
};

/** The newest incidents; nobody runs more at once than fit a page. */
const MOST_LISTED = 500;

/** Every incident, the newest first. */
export class ListIncidents extends Query<IncidentLine[]> {}

@QueryHandler(ListIncidents)
export class ListIncidentsHandler implements IQueryHandler<ListIncidents> {
  constructor(private readonly db: Database) {}

  async execute(): Promise<IncidentLine[]> {
    const rows = await this.db.query<IncidentRow>(
      `select incident_id, incident_type, name, lead_agency, opened_at from ${SCHEMA}.incident_row
       order by incident_id desc limit ${MOST_LISTED}`,
    );
    return rows.map((row) => ({
      id: row.incident_id,
      type: row.incident_type,
      name: row.name,
      leadAgency: row.lead_agency,
      openedAt: row.opened_at,
    }));
  }
}

/** One incident, from the record itself; for a partner's eyes with those warnings alone that went out. */
export class ShowIncident extends Query<IncidentView> {
  constructor(
    readonly incidentId: IncidentId,
    readonly eyes: 'own' | 'partner',
  ) {
    super();
  }
}

@QueryHandler(ShowIncident)
export class ShowIncidentHandler implements IQueryHandler<ShowIncident> {
  constructor(
    private readonly db: Database,
    private readonly record: EventRecord,
  ) {}

  async execute({ incidentId, eyes }: ShowIncident): Promise<IncidentView> {
    const events = (await this.record.read(incidentId)).map(({ body }) => body as unknown as IncidentEvent);
    const opened = events.find((event) => event.type === 'IncidentOpened');
    if (opened === undefined) throw problem('no-such-incident');
    const warnings = await this.db.query<{ id: string; state: string; event: string | null }>(
      `select warning_id as id, state, event from ${SCHEMA}.warning_row where incident_id = $1
         and (not $2 or shown_version is not null) order by warning_id desc`,
      [incidentId, eyes === 'partner'],
    );
    return {
      id: incidentId,
      type: opened.incidentType,
      name: opened.name,
      leadAgency: opened.leadAgency,
      openedAt: opened.at,
      revision: events.length,
      area: opened.area ?? null,
      warnings,
    };
  }
}
