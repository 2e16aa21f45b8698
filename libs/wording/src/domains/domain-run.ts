import { ASCII_DOMAINS, INTERNATIONAL_DOMAINS } from './top-level-domains.js';

const set = (characters: string) => new Set(Array.from(characters, (c) => c.charCodeAt(0)));

/** Characters that end a domain: ASCII punctuation (`.`, `-` and `_` have a meaning of their own), spaces, directional marks. */
const PUNCTUATION = set("!'#%&()*+,\\-./:;<=>?@[]^_{|}~$");
const OUTSIDE = set(
  '\u0085\u00a0\u1680\u180e\u2028\u2029\u202f\u205f\u3000\u061c\u200e\u200f\ufffe\ufeff\uffff',
);
const ASCII_INSIDE = Uint8Array.from({ length: 0x80 }, (_, unit) =>
  unit !== 0x20 && !(unit >= 0x09 && unit <= 0x0d) && !PUNCTUATION.has(unit) ? 1 : 0,
);
const DOT = 0x2e;
const HYPHEN = 0x2d;
const UNDERSCORE = 0x5f;

/** A letter, digit or other mark that may begin and end a label of a domain; any script. */
export function isDomainCharacter(unit: number): boolean {
  if (unit < 0x80) return ASCII_INSIDE[unit] === 1;
  if (unit >= 0x2000 && unit <= 0x200a) return false;
  if ((unit >= 0x202a && unit <= 0x202e) || (unit >= 0x2066 && unit <= 0x2069)) return false;
  return !OUTSIDE.has(unit);
}

const inRun = (unit: number) =>
  unit === DOT || unit === HYPHEN || unit === UNDERSCORE || isDomainCharacter(unit);

/** A figure or a letter of ours. */
export const isAsciiWord = (unit: number): boolean =>
  (unit >= 0x30 && unit <= 0x39) || (unit >= 0x41 && unit <= 0x5a) || (unit >= 0x61 && unit <= 0x7a);

const PUNYCODE = /xn--[-0-9a-z]+/iy;
const LONGEST_NAME = 24;

/** Where a top-level domain that starts at `at` ends, or -1. `end` bounds what is looked at. */
export function topLevelEnd(text: string, at: number, end: number): number {
  let stop = at;
  while (stop < end && stop - at <= LONGEST_NAME && isAsciiWord(text.charCodeAt(stop))) stop += 1;
  if (stop > at && !blocks(text, stop, end) && ASCII_DOMAINS.has(text.slice(at, stop).toLowerCase()))
    return stop;
  const unit = text.charCodeAt(at);
  if (unit === 0x78 || unit === 0x58) {
    PUNYCODE.lastIndex = at;
    if (PUNYCODE.test(text)) return Math.min(PUNYCODE.lastIndex, end);
  }
  const names = INTERNATIONAL_DOMAINS.get(text.charAt(at).toLowerCase().charCodeAt(0));
  if (names === undefined) return -1;
  const label = text.slice(at, Math.min(end, at + LONGEST_NAME)).toLowerCase();
  const name = names.find((n) => label.startsWith(n) && !blocks(text, at + n.length, end));
  return name === undefined ? -1 : at + name.length;
}

/** A top-level domain is none when the word goes on. */
function blocks(text: string, at: number, end: number): boolean {
  if (at >= end) return false;
  const unit = text.charCodeAt(at);
  return isAsciiWord(unit) || unit === 0x40 || unit === 0x2b || unit === HYPHEN;
}

/**
 * One unbroken stretch of domain characters, looked at once, so that every start inside it is answered in constant time
 * and a hostile text costs no more than its length.
 */
export class DomainRun {
  private readonly dots: number[] = [];
  private readonly topLevel: number[] = [];
  private readonly underscoreBefore: number[] = [];
  private readonly chainEnd: number[] = [];
  private readonly best: number[] = [];
  private cursor = 0;
  /** The last position asked for; only later ones can be answered. */
  asked: number;
  readonly end: number;

  constructor(
    private readonly text: string,
    readonly start: number,
  ) {
    let end = start;
    while (end < text.length && inRun(text.charCodeAt(end))) end += 1;
    this.end = end;
    this.asked = start;
    let underscore = -1;
    for (let at = start; at < end; at += 1) {
      const unit = text.charCodeAt(at);
      if (unit === UNDERSCORE) underscore = at;
      if (unit !== DOT) continue;
      this.dots.push(at);
      this.topLevel.push(topLevelEnd(text, at + 1, text.length));
      this.underscoreBefore.push(underscore);
    }
    this.linkLabels();
  }

  private linkLabels(): void {
    const { dots } = this;
    for (let index = dots.length - 1; index >= 0; index -= 1) {
      const goesOn = index + 1 < dots.length && this.isLabel(this.dot(index) + 1, this.dot(index + 1));
      this.chainEnd[index] = goesOn ? (this.chainEnd[index + 1] ?? index + 1) : index;
    }
    let best = -1;
    for (let index = 0; index < dots.length; index += 1) {
      const labelStart = index === 0 ? this.start : this.dot(index - 1) + 1;
      const named = (this.underscoreBefore[index] ?? -1) < labelStart;
      if (named && (this.topLevel[index] ?? -1) >= 0) best = index;
      this.best[index] = best;
    }
  }

  private dot(index: number): number {
    return this.dots[index] ?? this.end;
  }

  private isLabel(from: number, to: number): boolean {
    return (
      from < to &&
      isDomainCharacter(this.text.charCodeAt(from)) &&
      isDomainCharacter(this.text.charCodeAt(to - 1))
    );
  }

  /** Where the longest domain that starts at `at` ends, or -1. Must be asked with rising `at`. */
  domainEnd(at: number): number {
    this.asked = at;
    while (this.cursor < this.dots.length && this.dot(this.cursor) < at) this.cursor += 1;
    const first = this.cursor;
    if (first >= this.dots.length || !this.isLabel(at, this.dot(first))) return -1;
    const last = this.best[this.chainEnd[first] ?? first] ?? -1;
    if (last > first) return this.topLevel[last] ?? -1;
    return (this.underscoreBefore[first] ?? -1) < at ? (this.topLevel[first] ?? -1) : -1;
  }
}
