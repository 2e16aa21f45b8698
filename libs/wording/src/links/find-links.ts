import { DomainRun, isAsciiWord, isDomainCharacter, topLevelEnd } from '../domains/domain-run.js';
import { dotWithinWord, hasDotInsideWord } from '../domains/dots.js';
import { isLatinAccent } from './link-rules.js';
import type { LinkRules } from './link-rules.js';
import { endOfPath, endOfQuery } from './url-ends.js';
import { labelOctets } from '../domains/punycode-length.js';

/** A link in a text: UTF-16 positions, end exclusive, and whether it stands there without protocol. */
export type FoundLink = { start: number; end: number; bare: boolean };

/** twitter-text configuration v3: nothing longer becomes a link, its protocol included. */
const MAX_URL_LENGTH = 4096;
/** RFC 1035 §2.3.4. */
const MAX_LABEL_OCTETS = 63;
/** X's own shortener takes no further path, and no slug over 40 characters. */
const SHORTENED = /^https?:\/\/t\.co\/([a-z0-9]+)(?:\?[a-z0-9!?*'@();:&=+$/%#[\]\-_.,~|]*[a-z0-9\-_&=#/])?/i;
const MAX_SLUG = 40;
const PORT = /:[0-9]+/y;
const NOT_BEFORE_A_BARE_LINK = /[-_./]/;

/**
 * The links that a platform makes of a text, in order, without overlap. The rule is the published pattern of
 * twitter-text, which X and (with other paths) Mastodon use; here it is a scan in one direction, so that its cost is
 * linear in the text, whatever stands there.
 */
export function findLinks(text: string, rules: LinkRules): FoundLink[] {
  const found: FoundLink[] = [];
  if (!hasDotInsideWord(text)) return found;
  let run: DomainRun | undefined;
  const domainEnd = (at: number) => {
    if (run === undefined || at < run.asked || at >= run.end) {
      run = isDomainCharacter(text.charCodeAt(at)) ? new DomainRun(text, at) : undefined;
    }
    return run?.domainEnd(at) ?? -1;
  };
  const hasDot = dotWithinWord(text);
  const attempt = (start: number, before: string): number => {
    if (!isDomainCharacter(text.charCodeAt(start)) || !hasDot(start)) return -1;
    rules.protocol.lastIndex = start;
    const domain = rules.protocol.test(text) ? rules.protocol.lastIndex : start;
    const end = domainEnd(domain);
    return end < 0 ? -1 : takeLink({ text, start, domain, domainEnd: end, before }, rules, found);
  };

  for (let at = 0; at < text.length;) {
    let next = mayPrecede(text.charCodeAt(at)) ? attempt(at + 1, text.charAt(at)) : -1;
    if (next < 0 && at === 0) next = attempt(0, '');
    at = next < 0 ? at + 1 : next;
  }
  return found;
}

const NEVER_BEFORE: ReadonlySet<number> = new Set([0x23, 0x24, 0x40, 0xff03, 0xff20, 0xfeff, 0xfffe, 0xffff]);

/** A link begins after anything but a letter or figure of ours, `@`, `#`, `$`, and marks that X refuses. */
function mayPrecede(unit: number): boolean {
  if (unit < 0x80) return !isAsciiWord(unit) && !NEVER_BEFORE.has(unit);
  return unit < 0xfe00 || !NEVER_BEFORE.has(unit);
}

type Candidate = { text: string; start: number; domain: number; domainEnd: number; before: string };

/** Notes the link, if it is one, and says where the search goes on. */
function takeLink(at: Candidate, rules: LinkRules, found: FoundLink[]): number {
  const { text, start, domain, domainEnd } = at;
  PORT.lastIndex = domainEnd;
  const path = PORT.test(text) ? PORT.lastIndex : domainEnd;
  const pathEnd = endOfPath(text, path, rules);
  const end = endOfQuery(text, pathEnd, rules);
  const bare = domain === start;
  const length = (bare ? 'https://'.length : domain - start) + (end - start);
  if (length > MAX_URL_LENGTH || !isValidDomain(text.slice(domain, domainEnd))) return end;
  if (!bare) {
    const linkEnd = endOfShortened(text.slice(start, end));
    if (linkEnd > 0) found.push({ start, end: start + linkEnd, bare });
    return linkEnd > 0 ? Math.max(end, start + linkEnd) : end;
  }
  if (!rules.bare || NOT_BEFORE_A_BARE_LINK.test(at.before)) return end;
  const domains = plainDomains(text, domain, domainEnd);
  const last = domains.at(-1);
  // A path belongs to the domain before it; where other letters stand between, it is text: never less than X counts.
  if (last?.end === domainEnd && pathEnd > path) last.end = end;
  found.push(...domains);
  return end;
}

/** DNS must be able to carry it, and what says that it is Punycode must be written in Latin letters. */
function isValidDomain(domain: string): boolean {
  if (domain.startsWith('xn--') && plainDomains(domain, 0, domain.length).length === 0) return false;
  return domain.split('.').every((label) => {
    const octets = labelOctets(label);
    return octets >= 1 && octets <= MAX_LABEL_OCTETS;
  });
}

function endOfShortened(url: string): number {
  const slug = SHORTENED.exec(url);
  if (slug === null) return url.length;
  return (slug[1] ?? '').length > MAX_SLUG ? 0 : slug[0].length;
}

const isPlainLetter = (unit: number) => unit === 0x2d || isAsciiWord(unit) || isLatinAccent(unit);

/** Without a protocol only the stretches in Latin letters become links: `“gov.uk”` in curly quotes still does. */
function plainDomains(text: string, from: number, to: number): FoundLink[] {
  const links: FoundLink[] = [];
  for (let at = from; at < to;) {
    if (!isPlainLetter(text.charCodeAt(at))) {
      at += 1;
      continue;
    }
    const { end, next } = plainDomain(text, at, to);
    if (end >= 0) links.push({ start: at, end, bare: true });
    at = end >= 0 ? end : next;
  }
  return links;
}

function plainDomain(text: string, start: number, to: number): { end: number; next: number } {
  let end = -1;
  let at = start;
  for (;;) {
    const label = at;
    while (at < to && isPlainLetter(text.charCodeAt(at))) at += 1;
    if (at === label || at >= to || text.charAt(at) !== '.') return { end, next: Math.max(at, start + 1) };
    at += 1;
    const stop = topLevelEnd(text, at, to);
    if (stop >= 0) end = stop;
  }
}
