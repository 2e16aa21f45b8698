import { findLinks } from '../links/find-links.js';
import { MASTODON_LINKS } from '../links/link-rules.js';
import { countGraphemes } from '../text/graphemes.js';

/** `@user` or `@user@domain` as Mastodon finds it: not after a word, `=` or `/` (its `Account::MENTION_RE`). */
const MENTION =
  /(?<![=/\p{L}\p{M}\p{Nd}\p{Pc}])@([a-z0-9_]+(?:[.-]+[a-z0-9_]+)*)(?:@([\p{L}\p{M}\p{Nd}\p{Pc}]+(?:[.-]+[\p{L}\p{M}\p{Nd}\p{Pc}]+)*))?/giu;
/** What turns a mention back into text (twitter-text `end_mention_match`). */
const NO_MENTION_BEFORE = /^(?:[@\uff20]|[\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u1e00-\u1eff]|:\/\/)/;
/** Characters of a domain name (RFC 1035 §2.3.4 less the outer octets); a longer one is counted in full. */
const MAX_DOMAIN = 253;

type Piece = { start: number; end: number; cost: number };

/**
 * What Mastodon counts: graphemes of the content warning and the text, each link with a protocol at a flat price,
 * `@user@domain` as `@user`. A blank text counts nothing.
 */
export function mastodonLength(text: string, spoiler: string, urlCost: number): number {
  const warned = countGraphemes(spoiler);
  if (text.trim() === '') return warned;
  let length = 0;
  let at = 0;
  for (const { start, end, cost } of pieces(text, urlCost)) {
    if (start < at) continue; // overlapping: the earlier one stands
    length += countGraphemes(text.slice(at, start)) + cost;
    at = end;
  }
  return warned + length + countGraphemes(text.slice(at));
}

function pieces(text: string, urlCost: number): Piece[] {
  const found: Piece[] = findLinks(text, MASTODON_LINKS).map(({ start, end }) => ({
    start,
    end,
    cost: urlCost,
  }));
  if (!text.includes('@')) return found;
  for (const match of text.matchAll(MENTION)) {
    const [whole, user = '', domain = ''] = match;
    const end = match.index + whole.length;
    if (domain.length > MAX_DOMAIN || NO_MENTION_BEFORE.test(text.slice(end, end + 3))) continue;
    found.push({ start: match.index, end, cost: 1 + user.length });
  }
  return found.sort((a, b) => a.start - b.start);
}
