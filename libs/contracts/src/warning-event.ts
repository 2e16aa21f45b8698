import { z } from 'zod';
import { ComposedText } from './composed-text.js';
import { IncidentId, OfficerId, WarningId } from './ids.js';
import { Instant } from './instant.js';
import { Mode } from './topics.js';
import { DraftContent, WarningContent } from './warning-content.js';

const fact = { warningId: WarningId, incidentId: IncidentId, by: OfficerId, at: Instant };
const version = z.number().int().positive();
const Sha256 = z.string().regex(/^[0-9a-f]{64}$/);

/** Where a draft came from when no officer wrote it: a partner's CAP alert. */
export const CapOrigin = z.looseObject({
  sender: z.string(),
  identifier: z.string(),
  sent: z.string(),
  status: z.string(),
  /** For whom the alert was written, in the words of CAP: absent in what was recorded before it was kept. */
  scope: z.string().optional(),
  /** The rule that keeps it to a few, in the sender's words. */
  restriction: z.string().optional(),
  /** SHA-256 (hex) of the bytes as they arrived. */
  sha256: z.string(),
  /** Who sent it, where it was a proposal and another officer's yes began the draft. The words are theirs. */
  by: OfficerId.optional(),
});

/** A caution about the wording or the channels that an officer saw and let stand, with the reason (WARNINGS §6, level W). */
export const Acknowledged = z.looseObject({
  rule: z.string(),
  reason: z.string(),
  /** What the caution said on that day, once for each place where it was found. */
  said: z.array(z.string()),
});
export type Acknowledged = z.infer<typeof Acknowledged>;

// Events are read keeping what they do not know yet, so their contents are loose objects too.
const content = z.looseObject(WarningContent.shape);
const draftContent = z.looseObject(DraftContent.shape);

/** Every fact about a warning. A new fact is a new member; a published member never changes its meaning. */
export const WarningEvent = z.discriminatedUnion('type', [
  z.looseObject({
    type: z.literal('WarningDrafted'),
    ...fact,
    version,
    content: draftContent,
    origin: CapOrigin.optional(),
  }),
  z.looseObject({ type: z.literal('DraftEdited'), ...fact, version, content: draftContent }),
  z.looseObject({
    type: z.literal('WarningSubmitted'),
    ...fact,
    version,
    content,
    composed: z.array(ComposedText),
    contentHash: Sha256,
    areaHash: Sha256,
    /** By the submitter; absent when there was nothing to acknowledge. */
    acknowledged: z.array(Acknowledged).optional(),
  }),
  z.looseObject({
    type: z.literal('WarningHeld'),
    ...fact,
    version,
    reason: z.string(),
    until: Instant.optional(),
  }),
  z.looseObject({ type: z.literal('WarningReturned'), ...fact, version, reason: z.string() }),
  z.looseObject({ type: z.literal('WarningRejected'), ...fact, version, reason: z.string() }),
  z.looseObject({
    type: z.literal('WarningIssued'),
    ...fact,
    mode: Mode,
    version,
    /** The issued version that this one replaces, else null. */
    supersedes: version.nullable(),
    content,
    composed: z.array(ComposedText),
    contentHash: Sha256,
    areaHash: Sha256,
    submittedBy: OfficerId,
  }),
  /** The earlier version ended because the next one was issued: `update` or `correction` replaced it, `all-clear` cleared it. */
  z.looseObject({
    type: z.literal('WarningSuperseded'),
    ...fact,
    version,
    byVersion: version,
    cleared: z.boolean(),
  }),
  /** Withdraws every version up to and including `version`, wherever it was shown. */
  z.looseObject({
    type: z.literal('WarningCancelled'),
    ...fact,
    mode: Mode,
    version,
    reason: z.string(),
    /** A next version that was open and ended with the warning. */
    abandonedDraft: version.optional(),
    /** Until when the cancel itself is sent: the later of the warning's expiry and 24 h after it was cancelled (DESIGN §3 P7). */
    expiresAt: Instant,
  }),
  /** Recorded by incident-command when the time came; nobody's act, so `by` is the officer who issued it. */
  z.looseObject({ type: z.literal('WarningExpired'), ...fact, version }),
]);
export type WarningEvent = z.infer<typeof WarningEvent>;
export type WarningIssued = Extract<WarningEvent, { type: 'WarningIssued' }>;
export type WarningCancelled = Extract<WarningEvent, { type: 'WarningCancelled' }>;
