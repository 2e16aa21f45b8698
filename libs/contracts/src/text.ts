import { z } from 'zod';

/** Control characters but for the line end, U+0000 and lone surrogates: jsonb, SMS and screens cannot be trusted with them. */
const FORBIDDEN = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/u;

/** A text that people will read: NFC, `\n` line ends, well-formed UTF-16, no control characters, `most` UTF-16 units at the most. */
export const publicText = (most: number) =>
  z
    .string()
    .transform((text) => text.replace(/\r\n?/g, '\n'))
    .refine((text) => text.isWellFormed(), 'contains half of a character')
    .transform((text) => text.normalize('NFC'))
    .refine((text) => !FORBIDDEN.test(text), 'contains a control character')
    .refine((text) => text.length <= most, `is longer than ${most} characters`);

/** A character that leaves something to be seen: no space, joiner, filler or blank pattern of braille. */
const SEEN = /[^\s\p{Default_Ignorable_Code_Point}\u2800]/u;

/** As `publicText`, and not blank. */
export const writtenText = (most: number) =>
  publicText(most).refine((text) => SEEN.test(text), 'must not be empty');

/** A reason that a person gives for a decision. */
export const Reason = writtenText(500);

/** A language tag such as `en-GB` or `cy-GB` (BCP 47, the forms that we use). */
export const Language = z.string().regex(/^[a-z]{2,3}(-[A-Z]{2})?$/, 'expected a language tag such as en-GB');
export type Language = z.infer<typeof Language>;

/** An absolute http(s) address that the public may be sent to. */
export const Link = z.url({ protocol: /^https?$/ }).max(500);
