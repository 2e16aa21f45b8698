import { z } from 'zod';
import { AccountId } from './ids.js';
import { Language } from './text.js';
import { Channel } from './topics.js';

/** What a delivery does: show a version, or withdraw the warning. Part of a delivery's id: a cancel must not meet the key of what it cancels. */
export const Act = z.enum(['issue', 'cancel']);
export type Act = z.infer<typeof Act>;

/** `first` opens, `thread` answers the first post, `alone` reads as a first message where nothing was shown before. */
export const Variant = z.enum(['first', 'thread', 'alone']);
export type Variant = z.infer<typeof Variant>;

/** One post, mail text or text message as it will be shown, with the SHA-256 (hex) of its text in UTF-8. */
export const ComposedPart = z.looseObject({ text: z.string(), sha256: z.string() });
export type ComposedPart = z.infer<typeof ComposedPart>;

/** The text of one account in one language: what the approver sees and what is sent. */
export const ComposedText = z.looseObject({
  accountId: AccountId,
  channel: Channel,
  platform: z.string(),
  language: Language,
  act: Act,
  variant: Variant,
  /** The subject of a mail; its own SHA-256 stands in `subjectSha256`. */
  subject: z.string().optional(),
  subjectSha256: z.string().optional(),
  parts: z.array(ComposedPart).min(1),
  /** Elements that did not fit and were left out by rule, in plain words. */
  leftOut: z.array(z.string()),
});
export type ComposedText = z.infer<typeof ComposedText>;
