import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import {
  DraftContent,
  type IncidentEvent,
  type IncidentId,
  type ItemId,
  type OfficerId,
  type WarningId,
} from '#contracts';
import { Database, type AlsoWrite } from '#postgres';
import { Clock } from '#runtime';
import { takenFor } from '../cap/known-alerts.js';
import { Desks } from '../desks.js';
import { waitingProposal } from '../incidents/incident-desk.js';
import { problem } from '../problems/problem-table.js';
import { SCHEMA } from '../record/migrations.js';
import { following, Recorder, type Once, type Plan } from '../record/recorder.js';
import type { AskedOf } from '../warnings/warning-desk.js';
import type { WarningAsk } from '../warnings/ask-warning.handler.js';

type Received = Extract<IncidentEvent, { type: 'ProposalReceived' }>;

/** An officer's yes or no to a proposal; `warningId` chooses where several warnings, or none, are named. */
export type Verdict = {
  verdict: 'confirm' | 'dismiss';
  reason?: string | undefined;
  warningId?: WarningId | undefined;
};

/** What followed from the verdict. */
export type Decided = {
  id: ItemId;
  incidentId: IncidentId;
  state: 'confirmed' | 'dismissed';
  warningId: WarningId | null;
  version: number | null;
};

/** Confirms or dismisses what a partner proposed. Confirming a cancel cancels; confirming an update opens its draft. */
export class DecideProposal extends Command<Decided> {
  constructor(
    readonly itemId: ItemId,
    readonly by: OfficerId,
    readonly verdict: Verdict,
    readonly once: Once,
  ) {
    super();
  }
}

@CommandHandler(DecideProposal)
export class DecideProposalHandler implements ICommandHandler<DecideProposal> {
  constructor(
    private readonly recorder: Recorder,
    private readonly desks: Desks,
    private readonly db: Database,
    private readonly clock: Clock,
  ) {}

  execute(command: DecideProposal): Promise<Decided> {
    return this.recorder.record(command.once, () => this.plan(command));
  }

  private async plan({ itemId, by, verdict }: DecideProposal): Promise<Plan<Decided>> {
    const incident = await this.desks.incidents.read(await this.incidentOf(itemId));
    const proposal = waitingProposal(incident, itemId);
    const { incidentId } = proposal;
    const at = this.clock.now();
    const reason = verdict.reason === undefined ? {} : { reason: verdict.reason };
    const about = { incidentId, itemId, by, at, ...reason };
    if (verdict.verdict === 'dismiss') {
      const dismissed: IncidentEvent = { type: 'ProposalDismissed', ...about };
      return {
        facts: following(incidentId, incident.revision, [dismissed]),
        also: [row(itemId, 'dismissed', about)],
        answer: { id: itemId, incidentId, state: 'dismissed', warningId: null, version: null },
      };
    }
    const warningId = meantBy(proposal, verdict.warningId);
    const followed = await this.desks.warnings.plan(askOf(proposal, verdict.reason), {
      warningId,
      by,
      at,
    } satisfies AskedOf);
    const confirmed: IncidentEvent = { type: 'ProposalConfirmed', ...about, warningId };
    return {
      facts: [...following(incidentId, incident.revision, [confirmed]), ...followed.facts],
      also: [...(followed.also ?? []), row(itemId, 'confirmed', about), takenFor(proposal.cap, warningId)],
      answer: { id: itemId, incidentId, state: 'confirmed', warningId, version: followed.answer.version },
    };
  }

  private async incidentOf(itemId: ItemId): Promise<IncidentId> {
    const [found] = await this.db.query<{ incident_id: IncidentId }>(
      `select incident_id from ${SCHEMA}.proposal_row where item_id = $1`,
      [itemId],
    );
    if (found === undefined) throw problem('no-such-proposal');
    return found.incident_id;
  }
}

/** The one warning that is meant, or the officer's choice; a choice outside what the references name is a slip of the hand. */
function meantBy({ warningId, choices }: Received, chosen: WarningId | undefined): WarningId {
  const meant = chosen ?? warningId;
  if (meant === undefined) throw problem('choose-a-warning', undefined, { choices });
  if (choices.length > 0 && !choices.includes(meant))
    throw problem('choose-a-warning', undefined, { choices });
  return meant;
}

function askOf({ proposes, summary, draft, origin, by }: Received, reason: string | undefined): WarningAsk {
  if (proposes === 'cancel') return { type: 'CancelWarning', reason: reason ?? summary };
  const content = DraftContent.parse(draft ?? {});
  return { type: 'OpenNextVersion', content, ...(origin && { origin: { ...origin, by } }) };
}

const row = (
  itemId: ItemId,
  state: 'confirmed' | 'dismissed',
  { by, at }: { by: OfficerId; at: string },
): AlsoWrite => ({
  sql: `update ${SCHEMA}.proposal_row set state = $2, decided_by = $3, decided_at = $4::timestamptz from turn where item_id = $1`,
  params: [itemId, state, by, at],
});
