import { Injectable } from '@nestjs/common';
import { instantOf, type Alert, type Reference } from '#cap';
import { Instant, toInstant, type WarningId } from '#contracts';
import { Database, type AlsoWrite } from '#postgres';
import { sha256Hex } from '#runtime';
import { problem } from '../problems/problem-table.js';
import { SCHEMA } from '../record/migrations.js';

/** The alerts that partners have sent, by sender, identifier and the instant of `sent`, never by its text. */
@Injectable()
export class KnownAlerts {
  constructor(private readonly db: Database) {}

  /**
   * What was answered when this very alert came before; undefined for a new one. Throws `alert-differs` for another alert under
   * a name that was used already: to call it a repeat would lose it, and to take it in could end the wrong warning.
   */
  async answerTo<Answer>(alert: Alert): Promise<Answer | undefined> {
    const { sender, identifier, sent } = alert;
    const [row] = await this.db.query<{ answer: Answer; digest: string | null }>(
      `select answer, digest from ${SCHEMA}.cap_alert where sender = $1 and identifier = $2 and sent = $3`,
      [sender, identifier, momentOf(sent)],
    );
    if (row !== undefined && row.digest !== null && row.digest !== digestOf(alert))
      throw problem('alert-differs');
    return row?.answer;
  }

  /**
   * The warnings that these references mean, each once. Sender and identifier decide for one without a time, as CAP 1.0 wrote it,
   * or whose time cannot be read.
   */
  async warningsOf(references: readonly Reference[]): Promise<WarningId[]> {
    if (references.length === 0) return [];
    const rows = await this.db.query<{ warning_id: WarningId }>(
      `select distinct warning_id from ${SCHEMA}.cap_alert
       join unnest($1::text[], $2::text[], $3::timestamptz[]) as asked (sender, identifier, sent)
         on cap_alert.sender = asked.sender and cap_alert.identifier = asked.identifier
           and (asked.sent is null or cap_alert.sent = asked.sent)
       where warning_id is not null order by warning_id`,
      [
        references.map(({ sender }) => sender),
        references.map(({ identifier }) => identifier),
        references.map(({ sent }) => (instantOf(sent) === undefined ? null : momentOf(sent))),
      ],
    );
    return rows.map(({ warning_id }) => warning_id);
  }

  /** Remembers the alert in the statement that records what became of it. A second writer of the same alert fails on its key. */
  remember(alert: Alert, incidentId: string, warningId: string | null, answer: unknown): AlsoWrite {
    return {
      sql: `insert into ${SCHEMA}.cap_alert (sender, identifier, sent, incident_id, warning_id, answer, digest)
        select $1, $2, $3::timestamptz, $4, $5, $6::jsonb, $7 from turn`,
      params: [
        alert.sender,
        alert.identifier,
        momentOf(alert.sent),
        incidentId,
        warningId,
        JSON.stringify(answer),
        digestOf(alert),
      ],
    };
  }
}

/** A time that cannot be read, or kept, is the beginning of time: such an alert is known again by sender and identifier. */
const momentOf = (sent: string) => Instant.safeParse(toInstant(instantOf(sent) ?? 0)).data ?? toInstant(0);

/** Written beside an officer's yes: what refers to this alert from now on means the warning that it was taken for. */
export const takenFor = (cap: Reference, warningId: WarningId): AlsoWrite => ({
  sql: `update ${SCHEMA}.cap_alert set warning_id = $4 from turn
    where sender = $1 and identifier = $2 and sent = $3::timestamptz and warning_id is null`,
  params: [cap.sender, cap.identifier, momentOf(cap.sent), warningId],
});

/** What an alert says, by its SHA-256: the same for two feeds that lay out the same alert differently, or leave a picture out. */
export function digestOf({ status, msgType, references, infos }: Alert): string {
  const said = infos.map((info) => {
    const { language, event, headline, description, instruction, urgency, severity, certainty, areas } = info;
    const words = {
      language,
      event,
      headline,
      description,
      instruction,
      urgency,
      severity,
      certainty,
      areas,
    };
    const { responseTypes, effective = '', expires = '' } = info;
    return { ...words, responseTypes, effective: momentOf(effective), expires: momentOf(expires) };
  });
  const meant = references.map(({ sender, identifier, sent }) => [sender, identifier, momentOf(sent)]);
  return sha256Hex(JSON.stringify([status, msgType, meant, said]).replaceAll(/(?:\\[nrt]|\s)+/g, ' '));
}
