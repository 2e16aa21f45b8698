import type { Instant } from '#contracts';
import type { AlsoWrite } from '#postgres';
import { openVersion, type Warning } from '#warning';
import { SCHEMA } from '../record/migrations.js';

/** The list's row of one warning as its newest facts leave it, written with them in one statement. */
export function warningRow(warningId: string, warning: Warning, revision: number, at: Instant): AlsoWrite {
  const shown = warning.status === 'public' ? warning.shown : null;
  const open = openVersion(warning);
  const content = shown?.content ?? open?.content;
  const incidentId = warning.status === 'none' ? null : warning.incidentId;
  return {
    sql: `insert into ${SCHEMA}.warning_row as had (warning_id, incident_id, state, shown_version, open_version, open_state,
        event, message, severity, expires_at, ends_at, revision, changed_at)
      select $1, $2, $3, $4::int, $5::int, $6, $7, $8, $9, $10::timestamptz, $11::timestamptz, $12::int, $13::timestamptz from turn
      on conflict (warning_id) do update set state = excluded.state, shown_version = excluded.shown_version,
        open_version = excluded.open_version, open_state = excluded.open_state,
        event = coalesce(excluded.event, had.event), message = coalesce(excluded.message, had.message),
        severity = coalesce(excluded.severity, had.severity), expires_at = excluded.expires_at,
        ends_at = excluded.ends_at, revision = excluded.revision, changed_at = excluded.changed_at`,
    params: [
      warningId,
      incidentId,
      stateOf(warning),
      shown?.version ?? null,
      open?.version ?? null,
      open?.state ?? null,
      content?.event ?? null,
      content?.message ?? null,
      content?.severity ?? null,
      content?.expiresAt ?? null,
      shown?.state === 'issued' ? shown.content.expiresAt : null, // what the expiry clock waits for
      revision,
      at,
    ],
  };
}

/** One word for the warning as a whole: what the public sees counts before what is being prepared. */
export function stateOf(warning: Warning): string {
  switch (warning.status) {
    case 'none':
    case 'rejected':
      return warning.status;
    case 'preparing':
      return warning.open.state;
    case 'public':
      return warning.shown.state;
  }
}
