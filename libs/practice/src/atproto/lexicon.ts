import { z } from 'zod';

/** A record key of a post: 13 characters of a timestamp in base 32 (atproto record-key specification, TID). */
export const TID = /^[234567abcdefghij][234567abcdefghijklmnopqrstuvwxyz]{12}$/;
const ANY_KEY = /^[a-zA-Z0-9._:~-]{1,512}$/;
const TID_LETTERS = '234567abcdefghijklmnopqrstuvwxyz';
const MOST_GRAPHEMES = 300;
const MOST_BYTES = 3_000;
const MOST_LANGUAGES = 3;
const MOST_IMAGES = 4;

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });
const AtUri = z.string().regex(/^at:\/\/[^\s]+$/, 'must be an at-uri');
const Ref = z.looseObject({ uri: AtUri, cid: z.string().regex(/^b[a-z2-7]{20,}$/, 'must be a cid') });

const Text = z.string().superRefine((text, ctx) => {
  const bytes = Buffer.byteLength(text);
  if (bytes > MOST_BYTES) ctx.addIssue(`string too big (maximum ${MOST_BYTES}, got ${bytes})`);
  const count = [...graphemes.segment(text)].length;
  if (count > MOST_GRAPHEMES) ctx.addIssue(`grapheme too big (maximum ${MOST_GRAPHEMES}, got ${count})`);
});

const Index = z.looseObject({ byteStart: z.int().min(0), byteEnd: z.int().min(0) });
// What a server checks of the formats `uri` and `language` (atproto string formats), and of facet#tag.
const ANY_URI = /^\w+:(?:\/\/)?[^\s/][^\s]*$/;
const LANGUAGE = /^((i|[a-z]{2,3})(-[a-z0-9]+)*)$/i;
const MOST_OF_A_TAG = 64;
const Feature = z
  .looseObject({ $type: z.string(), uri: z.unknown().optional(), tag: z.unknown().optional() })
  .superRefine((feature, ctx) => {
    const { $type, uri, tag } = feature;
    if ($type.endsWith('#link') && !(typeof uri === 'string' && ANY_URI.test(uri)))
      ctx.addIssue('uri must be a uri');
    if (!$type.endsWith('#tag')) return;
    const count = typeof tag === 'string' ? [...graphemes.segment(tag)].length : 0;
    if (count > MOST_OF_A_TAG) ctx.addIssue(`grapheme too big (maximum ${MOST_OF_A_TAG}, got ${count})`);
    if (count === 0) ctx.addIssue('tag must be a string');
  });
const Image = z.looseObject({ image: z.unknown(), alt: z.string('must have the property "alt"') });

/** What `app.bsky.feed.post` must look like (its lexicon, 2026). Unknown fields stay. */
export const Post = z.looseObject({
  $type: z.literal('app.bsky.feed.post'),
  text: Text,
  createdAt: z.iso.datetime({ offset: true, error: 'must be an ISO 8601 datetime' }),
  langs: z
    .array(z.string().regex(LANGUAGE, 'must be a well-formed BCP 47 language tag'))
    .max(MOST_LANGUAGES, `must have at most ${MOST_LANGUAGES} elements`)
    .optional(),
  facets: z.array(z.looseObject({ index: Index, features: z.array(Feature) })).optional(),
  reply: z.looseObject({ root: Ref, parent: Ref }).optional(),
  embed: z.looseObject({ $type: z.string(), images: z.array(Image).max(MOST_IMAGES).optional() }).optional(),
});
export type Post = z.infer<typeof Post>;

/** Says what is wrong with a record and its key, in the words of a Bluesky server, or nothing when all is well. */
export function faultOf(collection: string, rkey: string, record: unknown): string | undefined {
  if (!ANY_KEY.test(rkey) || rkey === '.' || rkey === '..') return 'Record key is not valid';
  if (typeof record !== 'object' || record === null) return 'Record must be an object';
  if ((record as { $type?: unknown }).$type !== collection) return `Invalid $type: expected ${collection}`;
  if (collection !== 'app.bsky.feed.post') return undefined;
  if (!TID.test(rkey)) return `Invalid record key for ${collection}: must be a tid`;
  const read = Post.safeParse(record);
  const issue = read.error?.issues[0];
  return issue && `Invalid ${collection} record: ${issue.message} at $.${issue.path.join('.')}`;
}

/** A timestamp key: microseconds of the epoch and a clock id (0 to 1023). */
export function tid(microseconds: bigint, clockId: number): string {
  let rest = (microseconds << 10n) | BigInt(clockId & 1023);
  let written = '';
  for (let n = 0; n < 13; n += 1) {
    written = TID_LETTERS[Number(rest & 31n)] + written;
    rest >>= 5n;
  }
  return written;
}
