import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { Database } from '#postgres';
import { SCHEMA } from '../record/migrations.js';

/** A proposal as a list shows it: what is proposed, about which warning, and how long it has waited. */
export type ProposalLine = {
  id: string;
  incidentId: string;
  state: string;
  proposes: 'cancel' | 'update';
  warningId: string | null;
  choices: string[];
  cap: unknown;
  summary: string;
  receivedAt: string;
  /** Whose token brought it; the sender's name inside is whatever was written there. */
  sentBy: string | null;
  decidedAt: string | null;
  decidedBy: string | null;
};

/** Of more than this the newest: those that nobody ever decided must not hide what came a minute ago. */
const MOST_LISTED = 500;

/** The proposals in one state, the longest waiting first; at most the newest 500. */
export class ListProposals extends Query<ProposalLine[]> {
  constructor(readonly state: 'waiting' | 'confirmed' | 'dismissed') {
    super();
  }
}

@QueryHandler(ListProposals)
export class ListProposalsHandler implements IQueryHandler<ListProposals> {
  constructor(private readonly db: Database) {}

  async execute({ state }: ListProposals): Promise<ProposalLine[]> {
    const newest = await this.db.query<ProposalLine>(
      `select item_id as id, incident_id as "incidentId", state, proposes, warning_id as "warningId", choices, cap, summary,
         received_at as "receivedAt", sent_by as "sentBy", decided_at as "decidedAt", decided_by as "decidedBy"
       from ${SCHEMA}.proposal_row where state = $1 order by item_id desc limit ${MOST_LISTED}`,
      [state],
    );
    return newest.toReversed();
  }
}
