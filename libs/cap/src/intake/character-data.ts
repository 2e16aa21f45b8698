import type { Wide } from './source.js';

const PREDEFINED: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };
const reference = /&(?:#([0-9]+);|#x([0-9a-fA-F]+);|(lt|gt|amp|quot|apos);)?/g;

/** The text, or what XML forbids in it. */
export type CharacterData = string | { readonly wrong: string };

/** How a piece of a document becomes the characters that it stands for. */
export type ReadPiece = (raw: string, from: number, wide: Wide) => CharacterData;

/** Character data as written, to the characters that it stands for: line ends first (XML 1.0 §2.11), then references. */
export function readText(raw: string, from: number, wide: Wide): CharacterData {
  if (raw.includes(']]>')) return { wrong: '"]]>" in character data' };
  const lines = readLines(raw, from, wide);
  return lines.includes('&') ? withReferences(lines) : lines;
}

/** An attribute value as written, normalised as XML 1.0 §3.3.3 wants: white space becomes spaces, references stay themselves. */
export function readValue(raw: string, from: number, wide: Wide): CharacterData {
  if (raw.includes('<')) return { wrong: '"<" inside an attribute value' };
  const decoded = wide(raw, from);
  const spaced = /[\r\n\t]/.test(decoded) ? decoded.replace(/\r\n|[\r\n\t]/g, ' ') : decoded;
  return spaced.includes('&') ? withReferences(spaced) : spaced;
}

/** What a comment, an instruction or CDATA holds: line ends as XML 1.0 §2.11 wants them, and nothing else changed. */
export function readLines(raw: string, from: number, wide: Wide): string {
  const decoded = wide(raw, from);
  return decoded.includes('\r') ? decoded.replace(/\r\n?/g, '\n') : decoded;
}

/**
 * The last place up to `to` where a long text can be cut in two and both parts be read alone: not within a character of several
 * bytes, a line end, a reference or "]]>". `from` when there is none.
 */
export function placeToCut(text: string, from: number, to: number): number {
  let at = to;
  while (at > from && isTorn(text.charCodeAt(at - 1), text.charCodeAt(at))) at -= 1;
  const reference = text.lastIndexOf('&', at - 1);
  if (reference < from || at <= from) return Math.max(at, from);
  const end = text.indexOf(';', reference);
  return end !== -1 && end < at ? at : reference;
}

/** Whether two bytes belong together, whatever the encoding: a byte of 80 to BF goes on with a letter of UTF-8. */
const isTorn = (before: number, behind: number): boolean =>
  (behind >= 0x80 && behind < 0xc0) ||
  (before === 13 && behind === 10) ||
  (before === 93 && (behind === 93 || behind === 62));

function withReferences(text: string): CharacterData {
  let wrong: string | undefined;
  const resolved = text.replace(reference, (whole, decimal?: string, hex?: string, named?: string) => {
    if (named !== undefined) return PREDEFINED[named] ?? '';
    const code = decimal === undefined ? (hex === undefined ? -1 : parseInt(hex, 16)) : parseInt(decimal, 10);
    if (isXmlCharacter(code)) return String.fromCodePoint(code);
    wrong ??=
      whole === '&'
        ? 'an entity that is not declared, or a bare "&"'
        : 'a reference to a forbidden character';
    return '';
  });
  return wrong === undefined ? resolved : { wrong };
}

/** XML 1.0 §2.2. */
function isXmlCharacter(code: number): boolean {
  if (code < 0x20) return code === 9 || code === 10 || code === 13;
  return code <= 0xd7ff || (code >= 0xe000 && code <= 0xfffd) || (code >= 0x10000 && code <= 0x10ffff);
}
