import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Alert } from '#cap';
import type { IncidentId, Instant, OfficerId, WarningId } from '#contracts';
import { codeOf } from '#postgres';
import { Clock, newId } from '#runtime';
import { WarningRefused } from '#warning';
import { openedIncident } from '../incidents/open-incident.handler.js';
import { receivedProposal } from '../proposals/received-proposal.js';
import { Recorder, type Once, type Plan } from '../record/recorder.js';
import type { Done } from '../warnings/ask-warning.handler.js';
import { Desks } from '../desks.js';
import { draftOf, incidentFor, isAllClear } from './cap-draft.js';
import { KnownAlerts } from './known-alerts.js';
import { isPublic, notPublic, originOf, type Taken } from './read-alert.js';

/**
 * What became of a partner's alert: a draft for an author, or a proposal that waits for an officer's yes or no. With a `note`
 * when it is not for the public.
 */
export type TakenIn = { note?: string } & (
  | { kind: 'draft'; id: WarningId; incidentId: string; version: number; revision: number }
  | { kind: 'proposal'; id: string; incidentId: string; warningId: string | null; choices: string[] }
);

/** Takes in one alert of a partner, in this incident or in one named after its event. */
export class TakeCap extends Command<TakenIn> {
  constructor(
    readonly taken: Taken,
    readonly by: OfficerId,
    readonly once: Once,
    readonly incidentId?: IncidentId,
  ) {
    super();
  }
}

type Asking = TakeCap & { at: Instant };

/** SQLSTATE unique_violation (PostgreSQL, Appendix A). */
const UNIQUE_VIOLATION = '23505';

@CommandHandler(TakeCap)
export class TakeCapHandler implements ICommandHandler<TakeCap> {
  constructor(
    private readonly recorder: Recorder,
    private readonly desks: Desks,
    private readonly known: KnownAlerts,
    private readonly clock: Clock,
  ) {}

  async execute(command: TakeCap): Promise<TakenIn> {
    const take = () =>
      this.recorder.record(command.once, () => this.plan({ ...command, at: this.clock.now() }));
    try {
      return await take();
    } catch (error) {
      // The same alert from two feeds at once: the second finds what became of the first.
      if (codeOf(error) === UNIQUE_VIOLATION) return take();
      throw error;
    }
  }

  private async plan(asking: Asking): Promise<Plan<TakenIn>> {
    const { alert, msgType } = asking.taken;
    const before = await this.known.answerTo<TakenIn>(alert);
    if (before !== undefined) return { facts: [], answer: before };
    if (msgType === 'Alert') return this.draft(asking);
    const choices = await this.known.warningsOf(alert.references);
    const [meant] = choices;
    const next =
      msgType === 'Update' && meant !== undefined && choices.length === 1
        ? await this.next(asking, meant)
        : undefined;
    return next ?? this.proposal(asking, choices);
  }

  private async draft({ taken, by, at, incidentId }: Asking): Promise<Plan<TakenIn>> {
    const { alert, bytes } = taken;
    if (incidentId !== undefined) await this.desks.incidents.revisionOf(incidentId);
    const opened = incidentId === undefined ? openedIncident(incidentFor(alert), by, at) : undefined;
    const inside = incidentId ?? (opened?.answer.id as IncidentId);
    const content = draftOf(alert, this.desks.world.mode, 'first');
    const warningId = newId('wrn') as WarningId;
    const ask = {
      type: 'DraftWarning',
      incidentId: inside,
      content,
      origin: originOf(alert, bytes),
    } as const;
    const drafted = this.desks.warnings.planFirst(ask, { warningId, by, at });
    return this.both(opened, drafted, alert, asDraft(inside, drafted.answer));
  }

  /** The next version's draft, or undefined when the warning cannot open one now: then a person decides. */
  private async next({ taken, by, at }: Asking, warningId: WarningId): Promise<Plan<TakenIn> | undefined> {
    const { alert, bytes } = taken;
    const content = draftOf(alert, this.desks.world.mode, isAllClear(alert) ? 'all-clear' : 'update');
    const { warning } = await this.desks.warnings.read(warningId);
    if (warning.status === 'none') return undefined;
    const ask = { type: 'OpenNextVersion', content, origin: originOf(alert, bytes) } as const;
    try {
      const opened = await this.desks.warnings.plan(ask, { warningId, by, at });
      return this.both(undefined, opened, alert, asDraft(warning.incidentId, opened.answer));
    } catch (error) {
      if (error instanceof WarningRefused) return undefined;
      throw error;
    }
  }

  private async proposal(asking: Asking, choices: WarningId[]): Promise<Plan<TakenIn>> {
    const { taken, by, at } = asking;
    const { alert } = taken;
    const known = asking.incidentId ?? (await this.incidentOf(choices));
    const opened = known === undefined ? openedIncident(incidentFor(alert), by, at) : undefined;
    const incidentId = known ?? (opened?.answer.id as IncidentId);
    const revision = known === undefined ? 1 : await this.desks.incidents.revisionOf(known);
    const message = isAllClear(alert) ? 'all-clear' : 'update';
    const received = receivedProposal({
      incidentId,
      revision,
      by,
      at,
      choices,
      ...taken,
      draft: draftOf(alert, this.desks.world.mode, message),
      origin: originOf(alert, taken.bytes),
    });
    return this.both(opened, received, alert, received.answer);
  }

  private async incidentOf([meant]: readonly WarningId[]): Promise<IncidentId | undefined> {
    if (meant === undefined) return undefined;
    const { warning } = await this.desks.warnings.read(meant);
    return warning.status === 'none' ? undefined : warning.incidentId;
  }

  private both(
    first: Plan<unknown> | undefined,
    second: Plan<unknown>,
    alert: Alert,
    became: TakenIn,
  ): Plan<TakenIn> {
    const answer = isPublic(alert) ? became : { ...became, note: notPublic(alert) };
    const warningId = answer.kind === 'draft' ? answer.id : answer.warningId;
    return {
      facts: [...(first?.facts ?? []), ...second.facts],
      also: [
        ...(first?.also ?? []),
        ...(second.also ?? []),
        this.known.remember(alert, answer.incidentId, warningId, answer),
      ],
      answer,
    };
  }
}

/** What a partner is told of a draft; how the warning stands otherwise is for its officers. */
const asDraft = (incidentId: IncidentId, { id, version, revision }: Done): TakenIn => ({
  kind: 'draft',
  incidentId,
  id,
  version,
  revision,
});
