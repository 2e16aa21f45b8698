import { z } from 'zod';
import { Area } from './area.js';
import { AccountId } from './ids.js';
import { Instant } from './instant.js';
import { Language, Link, publicText, writtenText } from './text.js';
import { Channel } from './topics.js';

/** What a message to the public is for. */
export const WarningKind = z.enum(['warning', 'appeal', 'information']);
export type WarningKind = z.infer<typeof WarningKind>;

/** What this version says beside earlier ones. A cancel is an act of its own, never a message. */
export const MessageKind = z.enum([
  'first',
  'update',
  'correction',
  'all-clear',
  'holding',
  'rumour-rebuttal',
]);
export type MessageKind = z.infer<typeof MessageKind>;

/** The messages that open the next version of a warning. */
export const NextMessageKind = z.enum(['update', 'correction', 'all-clear']);

/** CAP 1.2 §3.2.2 category. */
export const Category = z.enum([
  'Geo',
  'Met',
  'Safety',
  'Security',
  'Rescue',
  'Fire',
  'Health',
  'Env',
  'Transport',
  'Infra',
  'CBRNE',
  'Other',
]);
/** CAP 1.2 §3.2.2 urgency. */
export const Urgency = z.enum(['Immediate', 'Expected', 'Future', 'Past', 'Unknown']);
/** CAP 1.2 §3.2.2 severity. */
export const Severity = z.enum(['Extreme', 'Severe', 'Moderate', 'Minor', 'Unknown']);
export type Severity = z.infer<typeof Severity>;
/** CAP 1.2 §3.2.2 certainty. */
export const Certainty = z.enum(['Observed', 'Likely', 'Possible', 'Unlikely', 'Unknown']);
/** CAP 1.2 §3.2.2 responseType. */
export const ResponseType = z.enum([
  'Shelter',
  'Evacuate',
  'Prepare',
  'Execute',
  'Avoid',
  'Monitor',
  'Assess',
  'AllClear',
  'None',
]);

/** The master in one language: the five elements of the Warning Response Model but for time, which stands beside them. */
export const WarningText = z.strictObject({
  source: writtenText(200),
  hazard: writtenText(1_000),
  impact: publicText(1_000).optional(),
  place: writtenText(500),
  guidance: writtenText(2_000),
  headline: publicText(200).optional(),
  /** Of a correction: what was wrong in the text before. */
  correction: publicText(1_000).optional(),
  /** Of an all-clear: how it came about. */
  resolved: publicText(1_000).optional(),
  /** A whole text for one platform (`mastodon`, `sms`, …) in place of the composed one. */
  overrides: z.record(z.string().max(40), writtenText(5_000)).optional(),
});
export type WarningText = z.infer<typeof WarningText>;

/** A picture by hash, with a description per language for those who cannot see it. */
export const Media = z.strictObject({
  sha256: z.string().regex(/^[0-9a-f]{64}$/, 'expected a SHA-256 in hex'),
  mediaType: z.enum(['image/png', 'image/jpeg']),
  alt: z.record(Language, writtenText(1_500)),
});

const fields = {
  kind: WarningKind,
  message: MessageKind,
  event: writtenText(200),
  category: Category,
  urgency: Urgency,
  severity: Severity,
  certainty: Certainty,
  responseTypes: z.array(ResponseType).max(9),
  texts: z
    .record(Language, WarningText)
    .refine((texts) => Object.keys(texts).length > 0, 'needs a text in at least one language'),
  link: Link.optional(),
  contact: publicText(200).optional(),
  area: Area,
  channels: z.array(Channel).min(1, 'needs at least one channel').max(Channel.options.length),
  /** Social accounts to use; absent = every account that the channels report. */
  accounts: z.array(AccountId).min(1).max(500).optional(),
  media: z.array(Media).max(4).optional(),
  effectiveAt: Instant.optional(),
  expiresAt: Instant,
  nextUpdateAt: Instant.optional(),
};

/** All that a person writes of one version. What is submitted, approved and sent. Unknown fields are refused. */
export const WarningContent = z.strictObject(fields);
export type WarningContent = z.infer<typeof WarningContent>;

/** As `WarningContent`, while it is being written: any field may be missing. */
export const DraftContent = z.strictObject(fields).partial();
export type DraftContent = z.infer<typeof DraftContent>;
