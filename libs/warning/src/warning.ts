import type { ComposedText, DraftContent, IncidentId, Instant, OfficerId, WarningContent } from '#contracts';

/** Everyone who had a hand in one version. Whoever stands in the first three may not approve it. */
export type Hands = {
  creator: OfficerId;
  /** With whoever proposed the words, where they came as a proposal. */
  editors: readonly OfficerId[];
  submitters: readonly OfficerId[];
  /** Whoever sent this version back: may approve it later, may not edit or submit it. */
  returners: readonly OfficerId[];
};

/** What an approver sees and consents to, frozen at submission. */
export type Submission = {
  content: WarningContent;
  composed: readonly ComposedText[];
  contentHash: string;
  areaHash: string;
  by: OfficerId;
  at: Instant;
};

/** A version on its way to the public: one at a time for each warning. */
export type OpenVersion = { version: number; hands: Hands; content: DraftContent } & (
  | { state: 'draft' }
  | { state: 'returned'; reason: string }
  | { state: 'submitted'; submission: Submission }
  | { state: 'held'; submission: Submission; reason: string; until: Instant | null }
);

/** The newest version that went out, and how it stands with it. */
export type ShownVersion = {
  version: number;
  state: 'issued' | 'cancelled' | 'expired';
  hands: Hands;
  content: WarningContent;
  contentHash: string;
  areaHash: string;
  issuedBy: OfficerId;
  issuedAt: Instant;
};

/** A warning as its facts tell it: nothing yet, being written for the first time, out in public, or refused for good. */
export type Warning =
  | { status: 'none' }
  | { status: 'preparing'; incidentId: IncidentId; open: OpenVersion }
  | {
      status: 'public';
      incidentId: IncidentId;
      shown: ShownVersion;
      /** The next version, while it is prepared beside the one that the public sees. */
      open: OpenVersion | null;
      /** The highest version number that was ever used; a rejected number is not used again. */
      newest: number;
      /** The latest expiry of any version that was issued: until then somebody may still act on one. */
      latestExpiry: Instant;
    }
  | { status: 'rejected'; incidentId: IncidentId; reason: string };

/** A warning before its first fact. */
export const noWarning: Warning = { status: 'none' };

/** The version that is being prepared, if there is one. */
export function openVersion(warning: Warning): OpenVersion | null {
  return warning.status === 'preparing' || warning.status === 'public' ? warning.open : null;
}

/**
 * The issued version that the next one replaces; null for a first version, and after a cancel: what was withdrawn is
 * not there to be replaced, so what follows reads as a message of its own. Part of the content hash.
 */
export function supersededByNext(warning: Warning): number | null {
  if (warning.status !== 'public' || warning.shown.state === 'cancelled') return null;
  return warning.shown.version;
}
