import { z } from 'zod';
import type { Call } from '../../http/route.js';
import { told } from '../answers.js';

/** What an account asks to post. */
export type Draft = {
  text: string;
  spoiler: string;
  visibility: string;
  language: string | null;
  inReplyTo: string | null;
};

const URLS = /https?:\/\/[^\s<>"]*[^\s<>"'.,;:!?)\]}]/gi;
const REMOTE_MENTIONS = /(@\w+)@[\w.-]+\w/g;
const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** What every http(s) address counts, however long it is (Mastodon, `configuration.statuses.characters_reserved_per_url`). */
export const CHARACTERS_PER_URL = 23;

/** Length as Mastodon counts it: graphemes, an address as 23, a mention without its server. */
export function countCharacters(text: string): number {
  const counted = text.replace(URLS, 'x'.repeat(CHARACTERS_PER_URL)).replace(REMOTE_MENTIONS, '$1');
  let count = 0;
  for (const _ of graphemes.segment(counted)) count += 1;
  return count;
}

const StatusForm = z.looseObject({
  status: z.string().default(''),
  spoiler_text: z
    .string()
    .nullish()
    .transform((text) => text ?? ''),
  in_reply_to_id: z
    .string()
    .nullish()
    .transform((id) => id ?? null),
  language: z
    .string()
    .nullish()
    .transform((tag) => tag?.split(/[-_]/)[0]?.toLowerCase() ?? null),
  visibility: z
    .enum(['public', 'unlisted', 'private', 'direct'])
    .nullish()
    .transform((seen) => seen ?? 'public'),
  media_ids: z.array(z.string()).nullish(),
  scheduled_at: z.iso
    .datetime({ offset: true })
    .nullish()
    .transform((at) => at ?? null),
});

/** A draft, and when it is to be posted where that is not now. */
export type Asked = Draft & { scheduledAt: string | null };

/** Reads what an account asks to post. Throws the 422 that Mastodon gives for a blank, overlong or otherwise wrong one. */
export async function draftOf(call: Call, maxCharacters: number): Promise<Asked> {
  const form = StatusForm.safeParse(await fieldsOf(call));
  if (!form.success) throw told(422, `Validation failed: ${z.prettifyError(form.error)}`);
  const {
    status: text,
    spoiler_text: spoiler,
    in_reply_to_id: inReplyTo,
    language,
    visibility,
    media_ids: media,
    scheduled_at: scheduledAt,
  } = form.data;
  if (media != null && media.length > 0) {
    throw told(422, 'Cannot attach files that have not finished processing. Try again in a moment!');
  }
  if (text.trim() === '') throw told(422, "Validation failed: Text can't be blank");
  if (countCharacters(spoiler + text) > maxCharacters) {
    throw told(422, `Validation failed: Text character limit of ${maxCharacters} exceeded`);
  }
  return { text, spoiler, inReplyTo, language, visibility, scheduledAt };
}

// JSON, a form or multipart: Mastodon takes all three.
async function fieldsOf(call: Call): Promise<Record<string, unknown>> {
  const type = call.headers['content-type'] ?? '';
  if (type.startsWith('application/json')) return asObject(call.body.toString('utf8'));
  if (call.body.length === 0) return {};
  const fields: Record<string, unknown> = {};
  const form = await new Response(call.body, { headers: { 'content-type': type } }).formData().catch(() => {
    throw told(400, 'The body is neither JSON nor a form');
  });
  for (const [name, value] of form) {
    if (name.endsWith('[]')) fields[name.slice(0, -2)] = form.getAll(name).map(String);
    else fields[name] = String(value);
  }
  return fields;
}

function asObject(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {}; // the form is then blank, and told so
  }
}
