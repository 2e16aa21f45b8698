import type { Instant } from '#contracts';
import type { AlsoWrite } from '#postgres';
import { openVersion, type OpenVersion, type Warning } from '#warning';
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

/** How a warning stands after a command, and what follows for the person who gave it. */
export type Standing = {
  /** Of the warning and not of the version that was acted on: while a version is prepared, an issued warning stays issued. */
  warningState: string;
  openVersion: number | null;
  openState: string | null;
  follows: string;
};

/** What a caller is told of the warning and of the version that was acted on; the same however often it is asked. */
export function standing(warningId: string, warning: Warning, version: number): Standing {
  const open = openVersion(warning);
  return {
    warningState: stateOf(warning),
    openVersion: open?.version ?? null,
    openState: open?.state ?? null,
    follows: open?.version === version ? followsFor(open) : follows(warningId, warning, version),
  };
}

function followsFor(open: OpenVersion): string {
  switch (open.state) {
    case 'draft':
      return 'Its authors complete it and submit it with this revision.';
    case 'returned':
      return 'Its authors mend it and submit it again; whoever returned it may not.';
    case 'submitted':
      return 'An approver who did not begin, edit or submit it reads it, and approves it by its hashes, or returns, rejects or holds it.';
    case 'held':
      return `An approver decides${open.until === null ? '' : ` until ${open.until}`}; nothing of it is sent before.`;
  }
}

function follows(warningId: string, warning: Warning, version: number): string {
  if (warning.status !== 'public') return 'It ends here: nothing of it is sent.';
  const { shown } = warning;
  if (shown.version !== version)
    return `Version ${version} ends here; version ${shown.version} stays as it was.`;
  const { effectiveAt, expiresAt } = shown.content;
  switch (shown.state) {
    case 'issued':
      return `The channels send version ${version}${effectiveAt ? ` from ${effectiveAt}` : ''} until ${expiresAt}; GET /v1/warnings/${warningId} shows where it is in force.`;
    case 'cancelled':
      return `Each channel stops what has not left and withdraws what has; GET /v1/warnings/${warningId} shows where the cancel is in force.`;
    case 'expired':
      return 'Its time is up: nothing more of it is sent.';
  }
}
