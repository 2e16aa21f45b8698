import { findLinks } from '../links/find-links.js';
import { X_LINKS } from '../links/link-rules.js';
import { countCodePoints, utf8Bytes } from '../text/code-points.js';
import { isPictograph } from '../text/emoji.js';
import { graphemes } from '../text/graphemes.js';

/** Every character that LinkedIn's "little text" reserves and that costs a backslash on the wire. */
const LITTLE_TEXT = /[\\|{}@[\]()<>#*_~]/g;
const ASCII = /^[\0-\x7f]*$/;

/** The first character that may be a picture. */
const COPYRIGHT = 0xa9;

/**
 * What Threads counts: characters, and for an emoji the bytes of its UTF-8 (Threads API, "Posts"). What else is not
 * ASCII counts by code point; a picture character without a selector is taken for an emoji, the strict reading.
 */
export function threadsLength(text: string): number {
  if (ASCII.test(text)) return text.length;
  let length = 0;
  for (const cluster of graphemes(text)) {
    if (cluster.length === 1 && cluster.charCodeAt(0) < COPYRIGHT) {
      length += 1;
      continue;
    }
    length += isPictograph(cluster) ? utf8Bytes(cluster) : countCodePoints(cluster);
  }
  return length;
}

/** The different links of a post, for the limit on Threads; a bare domain counts, the strict reading. */
export function differentLinks(text: string): string[] {
  return [...new Set(findLinks(text, X_LINKS).map(({ start, end }) => text.slice(start, end)))];
}

/** What LinkedIn counts: code points of the text as it goes over the wire, each reserved character with its backslash. */
export function linkedinLength(text: string): number {
  return countCodePoints(text) + (text.match(LITTLE_TEXT)?.length ?? 0);
}

/** The text as LinkedIn's wire wants it; unescaped, a bracket silently cuts the post short. */
export function escapeForLinkedin(text: string): string {
  return text.replace(LITTLE_TEXT, (character) => `\\${character}`);
}
