import type { Acknowledged, ComposedText, DraftContent, WarningEvent } from '#contracts';
import { evolve, noWarning, openVersion, supersededByNext } from '#warning';
import { stateOf } from '../warnings/warning-row.js';

/** How one version came to be what it is: every fact about it in one line. */
type Step = { type: WarningEvent['type']; at: string; by: string; reason?: string; until?: string };

/** One version as an approver, an author or a reviewer reads it. */
export type VersionView = {
  version: number;
  state:
    | 'draft'
    | 'submitted'
    | 'held'
    | 'returned'
    | 'rejected'
    | 'issued'
    | 'superseded'
    | 'cancelled'
    | 'cleared'
    | 'expired'
    | 'abandoned';
  content: DraftContent;
  /** From submission on: what is approved and sent, and the hashes that an approval names. */
  composed: readonly ComposedText[] | null;
  contentHash: string | null;
  areaHash: string | null;
  /** The cautions that stand, each with who let it stand and why. */
  acknowledged: readonly (Acknowledged & { by: string; at: string })[];
  /** The issued version that this one replaces, or would replace. */
  supersedes: number | null;
  origin: unknown;
  history: Step[];
};

/** A whole warning, told from its facts. */
export type WarningView = {
  id: string;
  incidentId: string;
  revision: number;
  state: string;
  /** What the public sees, and what is being prepared. */
  shownVersion: number | null;
  openVersion: number | null;
  versions: VersionView[];
};

/** The view of a warning from its facts, oldest first; undefined when there are none. Pure, and the same at every reading. */
export function warningView(events: readonly WarningEvent[]): WarningView | undefined {
  const [first] = events;
  if (first === undefined) return undefined;
  const versions = new Map<number, VersionView>();
  let warning = noWarning;
  for (const event of events) {
    tell(versions, event, supersededByNext(warning));
    warning = evolve(warning, event);
  }
  return {
    id: first.warningId,
    incidentId: first.incidentId,
    revision: events.length,
    state: stateOf(warning),
    shownVersion: warning.status === 'public' ? warning.shown.version : null,
    openVersion: openVersion(warning)?.version ?? null,
    versions: [...versions.values()],
  };
}

function tell(versions: Map<number, VersionView>, event: WarningEvent, supersedes: number | null): void {
  if (event.type === 'WarningDrafted') {
    versions.set(event.version, {
      version: event.version,
      state: 'draft',
      content: event.content,
      composed: null,
      contentHash: null,
      areaHash: null,
      acknowledged: [],
      supersedes,
      origin: event.origin ?? null,
      history: [],
    });
  }
  const view = versions.get(event.version);
  if (view === undefined) return;
  view.history.push(stepOf(event));
  switch (event.type) {
    case 'WarningDrafted':
      return;
    case 'DraftEdited':
      Object.assign(view, {
        state: 'draft',
        content: event.content,
        composed: null,
        contentHash: null,
        areaHash: null,
        acknowledged: [],
      });
      return;
    case 'WarningSubmitted':
      Object.assign(view, { state: 'submitted', ...frozen(event), acknowledged: acknowledged(event) });
      return;
    case 'WarningIssued':
      Object.assign(view, { state: 'issued', ...frozen(event) });
      return;
    case 'WarningHeld':
      view.state = 'held';
      return;
    case 'WarningReturned':
      view.state = 'returned';
      return;
    case 'WarningRejected':
      view.state = 'rejected';
      return;
    case 'WarningSuperseded':
      view.state = event.cleared ? 'cleared' : 'superseded';
      return;
    case 'WarningCancelled':
      cancel(versions, event);
      return;
    case 'WarningExpired':
      view.state = 'expired';
  }
}

const frozen = ({ content, composed, contentHash, areaHash }: Pick<VersionView, Frozen>) => ({
  content,
  composed,
  contentHash,
  areaHash,
});
type Frozen = 'content' | 'composed' | 'contentHash' | 'areaHash';

const acknowledged = ({ acknowledged = [], by, at }: WarningEvent & { type: 'WarningSubmitted' }) =>
  acknowledged.map(({ rule, reason, said }) => ({ rule, reason, said, by, at }));

/** A cancel withdraws the version that is shown, and ends the one that was being prepared. */
function cancel(
  versions: Map<number, VersionView>,
  event: WarningEvent & { type: 'WarningCancelled' },
): void {
  const shown = versions.get(event.version);
  if (shown) shown.state = 'cancelled';
  const draft = event.abandonedDraft === undefined ? undefined : versions.get(event.abandonedDraft);
  if (draft === undefined) return;
  draft.state = 'abandoned';
  draft.history.push(stepOf(event));
}

function stepOf(event: WarningEvent): Step {
  const { type, at, by } = event;
  return {
    type,
    at,
    by,
    ...('reason' in event && typeof event.reason === 'string' ? { reason: event.reason } : {}),
    ...('until' in event && typeof event.until === 'string' ? { until: event.until } : {}),
  };
}
