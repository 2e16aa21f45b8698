import { Injectable } from '@nestjs/common';
import type { IncidentId, Instant, OfficerId, WarningEvent, WarningId } from '#contracts';
import { EventRecord } from '#postgres';
import { areaHash, canonicalJson, contentHash, type Problem } from '#runtime';
import {
  decide,
  evolve,
  noWarning,
  openVersion,
  supersededByNext,
  wholeContent,
  type Warning,
  type WarningCommand,
} from '#warning';
import { KnownAccounts } from '../channels/known-accounts.js';
import { afterCancel, droppedSince } from '../composing/cautions.js';
import { checkTaken } from '../composing/check-taken.js';
import { acknowledged, checkWording } from '../composing/check-wording.js';
import { composeVersion } from '../composing/compose-version.js';
import { problem } from '../problems/problem-table.js';
import { following, type Plan } from '../record/recorder.js';
import type { Done, WarningAsk } from './ask-warning.handler.js';
import { standing, warningRow } from './warning-row.js';
import { World } from '../world.js';

/** Who asks about which warning, and when; the world is the process's own. */
export type AskedOf = { warningId: WarningId; by: OfficerId; at: Instant };

/** A warning as it stands in the record. */
export type Filed = { warning: Warning; revision: number; events: readonly WarningEvent[] };

/** Reads one warning from the record and decides on it; writes nothing. */
@Injectable()
export class WarningDesk {
  constructor(
    private readonly record: EventRecord,
    private readonly accounts: KnownAccounts,
    private readonly world: World,
  ) {}

  /** The warning with every fact about it, oldest first; none of them for an id that nobody used. */
  async read(warningId: WarningId): Promise<Filed> {
    // What this app recorded was decided by `#warning`, so it is taken as it is.
    const events = (await this.record.read(warningId)).map(({ body }) => body as unknown as WarningEvent);
    return { warning: events.reduce(evolve, noWarning), revision: events.length, events };
  }

  /** What follows from a command about the warning as it stands now. Throws `WarningRefused` or a `Problem`. */
  async plan(
    ask: WarningAsk,
    asked: AskedOf,
    { seen, actor }: { seen?: number; actor?: string } = {},
  ): Promise<Plan<Done>> {
    const { warning, revision, events } = await this.read(asked.warningId);
    if (seen !== undefined && warning.status !== 'none' && seen !== revision) {
      const saved = savedAlready(ask, asked, events.slice(seen));
      if (saved === undefined) throw movedOn(seen, revision);
      return planned([], warning, { ...asked, revision, version: saved.version });
    }
    if (ask.type === 'DraftWarning') await this.mustExist(ask.incidentId);
    const command =
      ask.type === 'SubmitWarning' ? await this.submission(ask, asked, { warning, events }) : ask;
    return this.planOn(command, asked, { warning, revision }, actor);
  }

  /** As `plan`, for a warning that begins together with its incident. */
  planFirst(ask: WarningAsk & { type: 'DraftWarning' }, asked: AskedOf): Plan<Done> {
    return this.planOn(ask, asked, { warning: noWarning, revision: 0 });
  }

  private planOn(
    command: WarningCommand,
    asked: AskedOf,
    { warning, revision }: Omit<Filed, 'events'>,
    actor?: string,
  ): Plan<Done> {
    const facts = decide(command, warning, { ...asked, mode: this.world.mode });
    return planned(facts, warning, { ...asked, revision }, actor);
  }

  private async mustExist(incidentId: IncidentId): Promise<void> {
    if ((await this.record.revisionOf(incidentId)) === 0) throw problem('no-such-incident');
  }

  /** The texts of every account and language, composed from the draft as it stands, with the hashes that an approver names. */
  private async submission(
    { acknowledged: given }: WarningAsk & { type: 'SubmitWarning' },
    asked: AskedOf,
    { warning, events }: Pick<Filed, 'warning' | 'events'>,
  ): Promise<WarningCommand> {
    const open = openVersion(warning);
    const nothing = { type: 'SubmitWarning' as const, composed: [], contentHash: '', areaHash: '' };
    if (open === null || (open.state !== 'draft' && open.state !== 'returned')) return nothing; // the rules refuse it
    const content = wholeContent(open.content);
    const { version } = open;
    const { mode } = this.world;
    checkTaken(content);
    const wording = checkWording(mode, content);
    const accounts = await this.accounts.all();
    const composed = composeVersion({ mode, version, content, accounts });
    const supersedes = supersededByNext(warning);
    const { warningId } = asked;
    const command = {
      type: 'SubmitWarning' as const,
      composed,
      contentHash: contentHash({ mode, warningId, version, supersedes, content, composed }),
      areaHash: areaHash(content.area),
    };
    decide(command, warning, { ...asked, mode }); // what cannot go out at all is told before what somebody may let stand
    const cautions = [
      ...wording,
      ...afterCancel(warning, content),
      ...droppedSince(events, content, composed, accounts),
    ];
    return { ...command, acknowledged: acknowledged(cautions, given) };
  }
}

/** What follows after `revision` from these facts; without any, the answer tells how it stands. */
function planned(
  facts: readonly WarningEvent[],
  before: Warning,
  about: AskedOf & { revision: number; version?: number },
  actor?: string,
): Plan<Done> {
  const { warningId, at, revision } = about;
  const after = facts.reduce(evolve, before);
  const newest = revision + facts.length;
  const version = about.version ?? versionOf(after, facts);
  return {
    facts: following(warningId, revision, facts, actor),
    also: facts.length === 0 ? [] : [warningRow(warningId, after, newest, at)],
    answer: { id: warningId, version, revision: newest, ...standing(warningId, after, version) },
  };
}

/** A caller may also send a revision that there has never been, so neither of the two is called the newer one. */
const movedOn = (seen: number, revision: number): Problem =>
  problem(
    'moved-on',
    `You sent revision ${seen}, and the warning has revision ${revision}. Nothing was recorded.`,
    { revision },
  );

/** A save has no key: one that comes again because its answer was lost is known by what it says, and who says it. */
function savedAlready(
  ask: WarningAsk,
  { by }: AskedOf,
  [next, ...more]: readonly WarningEvent[],
): WarningEvent | undefined {
  if (ask.type !== 'EditDraft' || next?.type !== 'DraftEdited' || more.length > 0 || next.by !== by)
    return undefined;
  return canonicalJson(next.content) === canonicalJson(ask.content) ? next : undefined;
}

/** The version that an answer is about: the one that was just acted on. */
function versionOf(after: Warning, facts: readonly WarningEvent[]): number {
  const [first] = facts;
  if (first !== undefined) return first.version;
  if (after.status === 'public') return after.shown.version;
  return openVersion(after)?.version ?? 1;
}
