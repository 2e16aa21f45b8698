import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { Database } from '#postgres';
import { SCHEMA } from '../record/migrations.js';
import type { WarningsAsked } from '../warnings/warning-requests.js';

/** A warning as a list shows it. */
export type WarningLine = {
  id: string;
  incidentId: string;
  state: string;
  shownVersion: number | null;
  openVersion: number | null;
  openState: string | null;
  event: string | null;
  message: string | null;
  severity: string | null;
  expiresAt: string | null;
  revision: number;
  changedAt: string;
};

/** A page of warnings, the newest first; for a partner's eyes those that went out, without what is being prepared. */
export class ListWarnings extends Query<WarningLine[]> {
  constructor(
    readonly asked: WarningsAsked,
    readonly eyes: 'own' | 'partner',
  ) {
    super();
  }
}

@QueryHandler(ListWarnings)
export class ListWarningsHandler implements IQueryHandler<ListWarnings> {
  constructor(private readonly db: Database) {}

  async execute({ asked, eyes }: ListWarnings): Promise<WarningLine[]> {
    const { incident = null, state = null, before = null, limit } = asked;
    const partner = eyes === 'partner';
    const rows = await this.db.query<WarningLine>(
      `select warning_id as id, incident_id as "incidentId", state, shown_version as "shownVersion",
         open_version as "openVersion", open_state as "openState", event, message, severity,
         expires_at as "expiresAt", revision, changed_at as "changedAt"
       from ${SCHEMA}.warning_row
       where ($1::text is null or incident_id = $1) and ($2::text is null or state = $2)
         and ($3::text is null or warning_id < $3) and (not $5 or shown_version is not null)
       order by warning_id desc limit $4`,
      [incident, state, before, limit, partner],
    );
    return partner ? rows.map((row) => ({ ...row, openVersion: null, openState: null })) : rows;
  }
}
