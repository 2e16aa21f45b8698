import type { OfficerId, WarningEvent } from '#contracts';
import { openVersion, type Hands, type OpenVersion, type Submission, type Warning } from './warning.js';

type Of<Type extends WarningEvent['type']> = Extract<WarningEvent, { type: Type }>;

/**
 * Folds one fact into the state. Total and pure: a replay years later gives the same answer, and a fact that does not
 * fit the state it meets (a repeated one, say) changes nothing.
 */
export function evolve(warning: Warning, event: WarningEvent): Warning {
  switch (event.type) {
    case 'WarningDrafted':
      return drafted(warning, event);
    case 'DraftEdited':
      return changeOpen(warning, event.version, (open) => ({
        version: open.version,
        state: 'draft',
        content: event.content,
        hands: { ...open.hands, editors: adding(open.hands.editors, event.by) },
      }));
    case 'WarningSubmitted':
      return changeOpen(warning, event.version, (open) => ({
        version: open.version,
        state: 'submitted',
        content: open.content,
        hands: { ...open.hands, submitters: adding(open.hands.submitters, event.by) },
        submission: submission(event),
      }));
    case 'WarningHeld':
      return changeOpen(warning, event.version, (open) =>
        open.state === 'submitted' || open.state === 'held'
          ? { ...open, state: 'held', reason: event.reason, until: event.until ?? null }
          : open,
      );
    case 'WarningReturned':
      return changeOpen(warning, event.version, ({ version, content, hands }) => ({
        version,
        state: 'returned',
        content,
        hands: { ...hands, returners: adding(hands.returners, event.by) },
        reason: event.reason,
      }));
    case 'WarningRejected':
      return rejected(warning, event);
    case 'WarningIssued':
      return issued(warning, event);
    case 'WarningSuperseded':
      return warning; // the newer version's own fact has said so already; this one is for those who follow the older
    case 'WarningCancelled':
      return cancelled(warning, event);
    case 'WarningExpired':
      return expired(warning, event);
  }
}

function drafted(
  warning: Warning,
  { version, by, content, incidentId, origin }: Of<'WarningDrafted'>,
): Warning {
  // Whoever proposed the words wrote them, whoever's yes it was that began the draft.
  const editors = origin?.by === undefined ? [] : [origin.by];
  const hands: Hands = { creator: by, editors, submitters: [], returners: [] };
  const open: OpenVersion = { version, state: 'draft', content, hands };
  if (warning.status === 'none') return { status: 'preparing', incidentId, open };
  if (warning.status !== 'public' || version <= warning.newest) return warning;
  return { ...warning, open, newest: version };
}

function rejected(warning: Warning, { version, reason }: Of<'WarningRejected'>): Warning {
  if (openVersion(warning)?.version !== version) return warning;
  if (warning.status === 'public') return { ...warning, open: null };
  return warning.status === 'preparing'
    ? { status: 'rejected', incidentId: warning.incidentId, reason }
    : warning;
}

function issued(warning: Warning, event: Of<'WarningIssued'>): Warning {
  const open = openVersion(warning);
  if (open?.version !== event.version) return warning;
  const { version, content, contentHash, areaHash, by, at } = event;
  const before = warning.status === 'public' ? warning.latestExpiry : content.expiresAt;
  return {
    status: 'public',
    incidentId: event.incidentId,
    shown: {
      version,
      state: 'issued',
      hands: open.hands,
      content,
      contentHash,
      areaHash,
      issuedBy: by,
      issuedAt: at,
    },
    open: null,
    newest: version,
    latestExpiry: content.expiresAt > before ? content.expiresAt : before,
  };
}

function cancelled(warning: Warning, event: Of<'WarningCancelled'>): Warning {
  if (warning.status !== 'public' || event.version !== warning.shown.version) return warning;
  const open = warning.open?.version === event.abandonedDraft ? null : warning.open;
  return { ...warning, shown: { ...warning.shown, state: 'cancelled' }, open };
}

function expired(warning: Warning, event: Of<'WarningExpired'>): Warning {
  if (warning.status !== 'public' || warning.shown.version !== event.version) return warning;
  if (warning.shown.state !== 'issued') return warning;
  return { ...warning, shown: { ...warning.shown, state: 'expired' } };
}

function changeOpen(warning: Warning, version: number, change: (open: OpenVersion) => OpenVersion): Warning {
  const open = openVersion(warning);
  if (open?.version !== version) return warning;
  if (warning.status === 'preparing' || warning.status === 'public')
    return { ...warning, open: change(open) };
  return warning;
}

function submission(event: Of<'WarningSubmitted'>): Submission {
  const { content, composed, contentHash, areaHash, by, at } = event;
  return { content, composed, contentHash, areaHash, by, at };
}

const adding = (officers: readonly OfficerId[], by: OfficerId): readonly OfficerId[] =>
  officers.includes(by) ? officers : [...officers, by];
