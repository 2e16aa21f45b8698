import { z } from 'zod';
import { DraftContent, IncidentId, Link, Reason } from '#contracts';
import { CAUTIONS } from '../composing/cautions.js';
import { Moment } from '../requests/moment.js';

const Revision = z.number().int().positive();
const Sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'expected a SHA-256 in hex');

/** A link breaks off at a space on every platform, and what stands before an `@` reads as the address that it is not. */
const WrittenLink = Link.refine(
  (link) => !/\s|^[^/]*\/\/[^/?#]*[@\\]/.test(link),
  'must be an address without spaces, and without a name before its host',
);

/**
 * Languages of one version, and platforms with a text of their own in one of them: more than the people of any one area read.
 * Languages are held against each other at submission, so that the work grows with their square.
 */
export const MOST_LANGUAGES = 20;

/** Every part of a content that has an entry for each language or platform, with where it stands. */
const byLanguage = ({ texts, area, media }: DraftContent): [path: PropertyKey[], entries: object][] => [
  [['texts'], texts ?? {}],
  [['area', 'description'], area?.description ?? {}],
  ...Object.entries(texts ?? {}).map(([language, { overrides = {} }]): [string[], object] => [
    ['texts', language, 'overrides'],
    overrides,
  ]),
  ...(media ?? []).map(({ alt }, n): [PropertyKey[], object] => [['media', n, 'alt'], alt]),
];

/**
 * What an author writes of a version: as it is recorded, but that a moment may be written in any zone, a link must lead somewhere,
 * and the languages are counted.
 */
export const WrittenContent = DraftContent.extend({
  link: WrittenLink.optional(),
  effectiveAt: Moment.optional(),
  expiresAt: Moment.optional(),
  nextUpdateAt: Moment.optional(),
})
  .superRefine((content, context) => {
    for (const [path, entries] of byLanguage(content))
      if (Object.keys(entries).length > MOST_LANGUAGES)
        context.addIssue({ code: 'custom', path, message: `may have at most ${MOST_LANGUAGES} entries` });
  })
  .meta({
    description: `At most ${MOST_LANGUAGES} languages in texts, in the names of the area and in alt, and ${MOST_LANGUAGES} overrides in each language.`,
  });

/** Begins a warning in an incident. */
export const DraftWarning = z.strictObject({ incidentId: IncidentId, content: WrittenContent });
export type DraftWarning = z.infer<typeof DraftWarning>;

/** Saves the draft over the one at `revision`. */
export const SaveDraft = z.strictObject({ content: WrittenContent, revision: Revision });
export type SaveDraft = z.infer<typeof SaveDraft>;

/** One caution that the submitter saw and lets stand, with the reason that the record keeps. */
export const Acknowledgement = z.strictObject({ rule: z.enum(CAUTIONS), reason: Reason });
export type Acknowledgement = z.infer<typeof Acknowledgement>;

/** Hands the draft at `revision` to the approvers; `acknowledged` names the cautions that may stand, each rule once. */
export const SubmitWarning = z.strictObject({
  revision: Revision,
  acknowledged: z
    .array(Acknowledgement)
    .max(CAUTIONS.length)
    .refine((all) => new Set(all.map(({ rule }) => rule)).size === all.length, 'names a rule twice')
    .optional(),
});
export type SubmitWarning = z.infer<typeof SubmitWarning>;

/** Approves what has these hashes, as they were read with the texts and the area. */
export const ApproveWarning = z.strictObject({ contentHash: Sha256, areaHash: Sha256 });
export type ApproveWarning = z.infer<typeof ApproveWarning>;

/** Sends back, rejects or cancels, with the reason that the record keeps. */
export const WithReason = z.strictObject({ reason: Reason });
export type WithReason = z.infer<typeof WithReason>;

/** Leaves it undecided on purpose; without a time, for 15 minutes. */
export const HoldWarning = z.strictObject({ reason: Reason, until: Moment.optional() });
export type HoldWarning = z.infer<typeof HoldWarning>;

/** Opens the next version as a draft; `message` says what it will be: update, correction or all-clear. */
export const OpenVersion = z.strictObject({ content: WrittenContent });
export type OpenVersion = z.infer<typeof OpenVersion>;

const Version = z.number().int().positive();
const OpenState = z.enum(['draft', 'submitted', 'held', 'returned']);
const State = z.enum([...OpenState.options, 'rejected', 'issued', 'cancelled', 'expired']);

/** What every command about a warning answers: the version that was acted on, how the warning stands now, and what follows. */
export const WarningAnswer = z.object({
  id: z.string(),
  version: Version,
  revision: Revision,
  warningState: State.meta({
    description:
      'Of the warning, not of `version`: what the public sees counts before what is being prepared.',
  }),
  openVersion: Version.nullable().meta({
    description: 'The version that is being prepared, if there is one.',
  }),
  openState: OpenState.nullable(),
  follows: z.string().meta({ description: 'What happens next, in a sentence for the person who asked.' }),
});

/** What a list is narrowed by; `before` is the last id of the page before. */
export const WarningsAsked = z.strictObject({
  incident: IncidentId.optional(),
  state: State.optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  before: z.string().max(40).optional(),
});
export type WarningsAsked = z.infer<typeof WarningsAsked>;
