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

type Piece = { start: number; end: number; kept: string; more: number };

/**
 * What Mastodon counts: graphemes of the content warning and the text as one, each link with a protocol at a flat price,
 * `@user@domain` as `@user`. A blank text counts nothing (its `StatusLengthValidator`).
 */
export function mastodonLength(text: string, spoiler: string, urlCost: number): number {
  if (text.trim() === '') return countGraphemes(spoiler);
  let counted = spoiler;
  let more = 0;
  let at = 0;
  for (const piece of pieces(text, urlCost)) {
    if (piece.start < at) continue; // overlapping: the earlier one stands
    counted += text.slice(at, piece.start) + piece.kept;
    more += piece.more;
    at = piece.end;
  }
  return countGraphemes(counted + text.slice(at)) + more;
}

function pieces(text: string, urlCost: number): Piece[] {
  const link = { kept: 'x', more: urlCost - 1 };
  const found: Piece[] = findLinks(text, MASTODON_LINKS).map(({ start, end }) => ({ start, end, ...link }));
  if (!text.includes('@')) return found;
  for (const match of text.matchAll(MENTION)) {
    const [whole, user = '', domain = ''] = match;
    const end = match.index + whole.length;
    if (domain.length > MAX_DOMAIN || NO_MENTION_BEFORE.test(text.slice(end, end + 3))) continue;
    found.push({ start: match.index, end, kept: `@${user}`, more: 0 });
  }
  return found.sort((a, b) => a.start - b.start);
}
