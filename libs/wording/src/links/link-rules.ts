/** What a platform takes for a link, where platforms differ. Each test looks at one UTF-16 unit. */
export type LinkRules = {
  /** Sticky; what may stand before the domain. */
  protocol: RegExp;
  /** Whether a domain without protocol (`gov.uk`) becomes a link. */
  bare: boolean;
  /** Characters inside a path, parentheses aside. */
  inPath: (unit: number) => boolean;
  /** Those of them that may end a path: not a full stop, which belongs to the sentence. */
  endsPath: (unit: number) => boolean;
  /** Whether parentheses that close may end a path after any character, or only where it could have ended before them. */
  closesAnywhere: boolean;
  inQuery: (unit: number) => boolean;
  endsQuery: (unit: number) => boolean;
};

const asciiSet = (characters: string) => {
  const allowed = new Set(Array.from(characters, (character) => character.charCodeAt(0)));
  return (unit: number) => allowed.has(unit);
};

const WORD = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const LATIN_ACCENTS =
  /[\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u0253\u0254\u0256\u0257\u0259\u025b\u0263\u0268\u026f\u0272\u0289\u028b\u02bb\u1e00-\u1eff]/;

/** Letters with accents (and the accents alone) that X lets stand in paths and in domains without protocol. */
export const isLatinAccent = (unit: number): boolean =>
  unit >= 0xc0 &&
  unit <= 0x1eff &&
  ((unit >= 0x300 && unit <= 0x36f) || LATIN_ACCENTS.test(String.fromCharCode(unit)));
const isOtherPathLetter = (unit: number) => isLatinAccent(unit) || (unit >= 0x400 && unit <= 0x4ff);

const xPath = asciiSet(`${WORD}!*';:=+,.$/%#[]-_~@|&\u2013`);
const xPathEnd = asciiSet(`${WORD}+-=_#/`);

/** Links as X makes them: with `http(s)://` or bare (twitter-text configuration v3). */
export const X_LINKS: LinkRules = {
  protocol: /https?:\/\//iy,
  bare: true,
  inPath: (unit) => xPath(unit) || isOtherPathLetter(unit),
  endsPath: (unit) => xPathEnd(unit) || isOtherPathLetter(unit),
  closesAnywhere: false,
  inQuery: asciiSet(`${WORD}!?*'@();:&=+$/%#[]-_.,~|`),
  endsQuery: asciiSet(`${WORD}-_&=#/`),
};

const SPACES = asciiSet(
  '\t\n\u000b\f\r \u0085\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000',
);
const NOT_IN_PATH = asciiSet('<>()?');
const NOT_AT_PATH_END = asciiSet('()?!*"\'\u300c\u300d<>;:=,.$%[]~&|@');
const query = asciiSet(`${WORD}!?*'();:&=+$/%#[]-_.,~|@^`);
const queryEnd = asciiSet(`${WORD}_&=#/-`);

/** Links as Mastodon makes them: a protocol is needed, and paths take any script (its `twitter_regex` initializer). */
export const MASTODON_LINKS: LinkRules = {
  protocol: /(?:https?|dat|dweb|ipfs|ipns|ssb|gopher|gemini):\/\//iy,
  bare: false,
  inPath: (unit) => !SPACES(unit) && !NOT_IN_PATH(unit),
  endsPath: (unit) => !SPACES(unit) && !NOT_AT_PATH_END(unit),
  closesAnywhere: true,
  inQuery: (unit) => unit >= 0xa0 || query(unit),
  endsQuery: (unit) => unit >= 0xa0 || queryEnd(unit),
};
