import { utf8Bytes } from '../text/code-points.js';
import { findLinks } from './find-links.js';
import { MASTODON_LINKS, X_LINKS } from './link-rules.js';

/**
 * A stretch of a text that a platform treats as more than text. `start` and `end` count UTF-16 units (Telegram),
 * `byteStart` and `byteEnd` UTF-8 bytes (Bluesky facets); ends are exclusive.
 */
export type Entity = {
  kind: 'link' | 'hashtag' | 'mention';
  text: string;
  start: number;
  end: number;
  byteStart: number;
  byteEnd: number;
  /** Links: where it leads, also when the visible text is shorter. */
  uri?: string;
};

/** A link that the text shows shortened: what stands there, and where it leads. */
export type ShownLink = { shown: string; uri: string };

const TAG = /(?<![\p{L}\p{N}\p{M}_&/#])#[\p{N}_]*[\p{L}][\p{L}\p{N}\p{M}_]*/gu;
const MENTION =
  /(?<![\p{L}\p{N}\p{M}_=/@.])@[A-Za-z0-9_]+(?:[.-][A-Za-z0-9_]+)*(?:@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+)?/gu;
/** Where a domain without protocol becomes a link on its own. */
const LINKS_BARE_DOMAINS: ReadonlySet<string> = new Set(['x', 'threads']);

type Span = Pick<Entity, 'kind' | 'start' | 'end' | 'uri'>;

/** Links, hashtags and mentions of a text, in order, without overlap. */
export function findEntities(text: string, platform: string, shown?: ShownLink): Entity[] {
  const rules = LINKS_BARE_DOMAINS.has(platform) ? X_LINKS : MASTODON_LINKS;
  const spans: Span[] = findLinks(text, rules).map(({ start, end, bare }) => ({
    kind: 'link',
    start,
    end,
    uri: `${bare ? 'https://' : ''}${text.slice(start, end)}`,
  }));
  const at = shown === undefined || shown.shown === '' ? -1 : text.lastIndexOf(shown.shown);
  if (shown !== undefined && at >= 0) {
    spans.push({ kind: 'link', start: at, end: at + shown.shown.length, uri: shown.uri });
  }
  for (const { 0: tag, index } of text.includes('#') ? text.matchAll(TAG) : [])
    spans.push({ kind: 'hashtag', start: index, end: index + tag.length });
  for (const { 0: name, index } of text.includes('@') ? text.matchAll(MENTION) : []) {
    spans.push({ kind: 'mention', start: index, end: index + name.length });
  }
  return withBytes(text, apart(spans));
}

/** Of spans that overlap the first stands, and of two that start together the longer. */
function apart(spans: Span[]): Span[] {
  const sorted = spans.sort((a, b) => a.start - b.start || b.end - a.end);
  let end = 0;
  return sorted.filter((span) => {
    if (span.start < end) return false;
    end = span.end;
    return true;
  });
}

function withBytes(text: string, spans: readonly Span[]): Entity[] {
  let at = 0;
  let bytes = 0;
  return spans.map((span) => {
    const byteStart = bytes + utf8Bytes(text, at, span.start);
    bytes = byteStart + utf8Bytes(text, span.start, span.end);
    at = span.end;
    return { ...span, text: text.slice(span.start, span.end), byteStart, byteEnd: bytes };
  });
}
