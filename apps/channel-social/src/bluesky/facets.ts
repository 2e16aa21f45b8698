/** A stretch of text with a meaning, in UTF-8 byte offsets, end exclusive (lexicon app.bsky.richtext.facet). */
export type Facet = {
  index: { byteStart: number; byteEnd: number };
  features: { $type: string; uri?: string; tag?: string }[];
};

const LINK = /https?:\/\/[^\s<>"'`]+/gu;
const TAG = /(?<=^|\s)#(?=[\p{M}\p{N}_]*\p{L})[\p{L}\p{M}\p{N}_]{1,64}/gu;
/** What ends a sentence or a bracket belongs to the sentence, not to the address. */
const TRAILING = /[.,;:!?)\]}»”’]+$/u;

/** Links and hashtags of a text, so that they can be tapped: Bluesky finds none by itself. */
export function facets(text: string): Facet[] {
  const links = [...text.matchAll(LINK)].map(({ 0: written, index }) => {
    const uri = written.replace(TRAILING, '');
    return { index, length: uri.length, feature: { $type: 'app.bsky.richtext.facet#link', uri } };
  });
  const tags = [...text.matchAll(TAG)].map(({ 0: tag, index }) => ({
    index,
    length: tag.length,
    feature: { $type: 'app.bsky.richtext.facet#tag', tag: tag.slice(1) },
  }));
  const byteAt = (unit: number) => Buffer.byteLength(text.slice(0, unit), 'utf8');
  return [...links, ...tags]
    .sort((a, b) => a.index - b.index)
    .filter(({ index }, n, all) => n === 0 || index >= all[n - 1]!.index + all[n - 1]!.length)
    .map(({ index, length, feature }) => ({
      index: { byteStart: byteAt(index), byteEnd: byteAt(index + length) },
      features: [feature],
    }));
}
