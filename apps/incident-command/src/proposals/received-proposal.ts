import type {
  DraftContent,
  IncidentEvent,
  IncidentId,
  Instant,
  ItemId,
  OfficerId,
  WarningId,
} from '#contracts';
import type { AlsoWrite } from '#postgres';
import { newId } from '#runtime';
import type { Origin } from '#warning';
import type { Taken } from '../cap/read-alert.js';
import { SCHEMA } from '../record/migrations.js';
import { following, type Plan } from '../record/recorder.js';

/** What a partner proposes, and which of our warnings it may mean. */
export type Proposing = Taken & {
  incidentId: IncidentId;
  /** Of the incident, before this. */
  revision: number;
  by: OfficerId;
  at: Instant;
  choices: WarningId[];
  draft: DraftContent;
  origin: Origin;
};

/** The answer to a partner whose alert waits for an officer. */
export type Proposed = {
  kind: 'proposal';
  id: ItemId;
  incidentId: IncidentId;
  warningId: WarningId | null;
  choices: WarningId[];
};

/** The fact that a proposal came, with its row of the list. It names one warning only when nothing else can be meant. */
export function receivedProposal({
  incidentId,
  revision,
  by,
  at,
  choices,
  ...proposed
}: Proposing): Plan<Proposed> {
  const { alert, msgType, draft, origin } = proposed;
  const itemId = newId('itm') as ItemId;
  const warningId = choices.length === 1 ? (choices[0] ?? null) : null;
  const proposes = msgType === 'Cancel' ? 'cancel' : 'update';
  const { sender, identifier, sent } = alert;
  const cap = { sender, identifier, sent, msgType };
  const summary = summaryOf(proposed);
  const received: IncidentEvent = {
    type: 'ProposalReceived',
    incidentId,
    itemId,
    by,
    at,
    choices,
    proposes,
    cap,
    summary,
    ...(warningId && { warningId }),
    ...(proposes === 'update' && { draft, origin }),
  };
  const row: AlsoWrite = {
    sql: `insert into ${SCHEMA}.proposal_row (item_id, incident_id, state, proposes, warning_id, choices, cap, summary, received_at, sent_by)
      select $1, $2, 'waiting', $3, $4, $5::jsonb, $6::jsonb, $7, $8::timestamptz, $9 from turn`,
    params: [
      itemId,
      incidentId,
      proposes,
      warningId,
      JSON.stringify(choices),
      JSON.stringify(cap),
      summary,
      at,
      by,
    ],
  };
  return {
    facts: following(incidentId, revision, [received]),
    also: [row],
    answer: { kind: 'proposal', id: itemId, incidentId, warningId, choices },
  };
}

function summaryOf({ alert, msgType }: Taken): string {
  const [info] = alert.infos;
  const who = info?.senderName || alert.sender;
  const what = info?.headline || info?.event || alert.note || 'no text';
  return `${who} sends ${msgType}: ${what}`.replace(/\s+/g, ' ').slice(0, 500).toWellFormed();
}
