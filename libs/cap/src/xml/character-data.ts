import type { Wide } from '../intake/source.js';

const PREDEFINED: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };
const reference = /&(?:#([0-9]+);|#x([0-9a-fA-F]+);|(lt|gt|amp|quot|apos);)?/g;

/** The text, or what XML forbids in it. */
export type CharacterData = string | { readonly wrong: string };

/** Character data as written, to the characters that it stands for: line ends first (XML 1.0 §2.11), then references. */
export function readText(raw: string, from: number, wide: Wide): CharacterData {
  if (raw.includes(']]>')) return { wrong: '"]]>" in character data' };
  const decoded = wide(raw, from);
  const lines = decoded.includes('\r') ? decoded.replace(/\r\n?/g, '\n') : decoded;
  return lines.includes('&') ? withReferences(lines) : lines;
}

/** An attribute value as written, normalised as XML 1.0 §3.3.3 wants: white space becomes spaces, references stay themselves. */
export function readValue(raw: string, from: number, wide: Wide): CharacterData {
  const decoded = wide(raw, from);
  const spaced = /[\r\n\t]/.test(decoded) ? decoded.replace(/\r\n|[\r\n\t]/g, ' ') : decoded;
  return spaced.includes('&') ? withReferences(spaced) : spaced;
}

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
