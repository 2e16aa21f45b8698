import { z } from 'zod';

/** A stretch of text with a meaning, in UTF-8 byte offsets, end exclusive (lexicon app.bsky.richtext.facet). */
export type Facet = {
  index: { byteStart: number; byteEnd: number };
  features: { $type: string; uri?: string; tag?: string }[];
};

const LINK = /https?:\/\/[^\s<>"'`]+/gu;
const TAG = /(?<=^|\s)#(?=[\p{M}\p{N}_]*\p{L})[\p{L}\p{M}\p{N}_]+/gu;
/** Longest name of a hashtag, in graphemes (lexicon app.bsky.richtext.facet#tag); code points are never fewer. */
const MOST_OF_A_TAG = 64;
/** What ends a sentence or a bracket belongs to the sentence, not to the address. */
const TRAILING = /[.,;:!?)\]}»”’]+$/u;

const Entities = z.array(
  z.looseObject({
    kind: z.string(),
    byteStart: z.number().int().nonnegative(),
    byteEnd: z.number().int().positive(),
    text: z.string(),
    uri: z.string().optional(),
  }),
);

/**
 * Links and hashtags of a text, so that they can be tapped: Bluesky finds none by itself. Those that were composed and
 * approved with the text, where it was; else those that stand in it. A mention would need the other's DID and stays text.
 */
export function facets(text: string, entities?: unknown): Facet[] {
  const composed = Entities.safeParse(entities).data;
  if (composed === undefined) return foundFacets(text);
  const octets = Buffer.from(text, 'utf8');
  return composed.flatMap(({ kind, byteStart, byteEnd, text: shown, uri }): Facet[] => {
    // An entity that does not stand where it says would lead somewhere else than what is read.
    if (octets.subarray(byteStart, byteEnd).toString('utf8') !== shown) return [];
    const index = { byteStart, byteEnd };
    if (kind === 'link' && uri !== undefined) return isAddress(uri) ? [{ index, features: [link(uri)] }] : [];
    return kind === 'hashtag' && isTag(shown.slice(1)) ? [{ index, features: [tag(shown.slice(1))] }] : [];
  });
}

// The server refuses a whole post for one facet that it does not like; without it the warning is only a little less handy.
const isAddress = (uri: string): boolean => /^https?:\/\/[^/]/.test(uri) && URL.canParse(uri);
const isTag = (name: string): boolean => name !== '' && Array.from(name).length <= MOST_OF_A_TAG;

const link = (uri: string) => ({ $type: 'app.bsky.richtext.facet#link', uri });
const tag = (name: string) => ({ $type: 'app.bsky.richtext.facet#tag', tag: name });

function foundFacets(text: string): Facet[] {
  const links = [...text.matchAll(LINK)].flatMap(({ 0: written, index }) => {
    const uri = written.replace(TRAILING, '');
    return isAddress(uri) ? [{ index, length: uri.length, feature: link(uri) }] : [];
  });
  const tags = [...text.matchAll(TAG)].flatMap(({ 0: written, index }) =>
    isTag(written.slice(1)) ? [{ index, length: written.length, feature: tag(written.slice(1)) }] : [],
  );
  const byteAt = (unit: number) => Buffer.byteLength(text.slice(0, unit), 'utf8');
  return [...links, ...tags]
    .sort((a, b) => a.index - b.index)
    .filter(({ index }, n, all) => n === 0 || index >= all[n - 1]!.index + all[n - 1]!.length)
    .map(({ index, length, feature }) => ({
      index: { byteStart: byteAt(index), byteEnd: byteAt(index + length) },
      features: [feature],
    }));
}
