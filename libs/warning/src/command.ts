import type {
  Acknowledged,
  ComposedText,
  DraftContent,
  IncidentId,
  Instant,
  Mode,
  OfficerId,
  WarningEvent,
  WarningId,
} from '#contracts';

type Drafted = Extract<WarningEvent, { type: 'WarningDrafted' }>;

/** Where a draft came from when a partner's alert was taken in. */
export type Origin = NonNullable<Drafted['origin']>;

/** What people, and the expiry clock, ask of a warning. */
export type WarningCommand =
  | { type: 'DraftWarning'; incidentId: IncidentId; content: DraftContent; origin?: Origin }
  | { type: 'EditDraft'; content: DraftContent }
  /**
   * The texts are composed, and both hashes computed, from exactly what `wholeContent` made of the draft. What the
   * submitter acknowledged is kept with them.
   */
  | {
      type: 'SubmitWarning';
      composed: readonly ComposedText[];
      contentHash: string;
      areaHash: string;
      acknowledged?: readonly Acknowledged[];
    }
  /** The hashes that the approver saw. */
  | { type: 'ApproveWarning'; contentHash: string; areaHash: string }
  | { type: 'HoldWarning'; reason: string; until?: Instant }
  | { type: 'ReturnWarning'; reason: string }
  | { type: 'RejectWarning'; reason: string }
  | { type: 'OpenNextVersion'; content: DraftContent; origin?: Origin }
  | { type: 'CancelWarning'; reason: string }
  | { type: 'ExpireWarning' };

/** Who asks, when, about which warning and in which world. Handed in, so that a replay tells the same story. */
export type Asked = { warningId: WarningId; by: OfficerId; at: Instant; mode: Mode };
