/** The default alphabet in the order of its septets (3GPP TS 23.038 §6.2.1); U+001B marks the escape and stands for no character. */
const DEFAULT =
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\u001bÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?' +
  '¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà';

/** The escape septet, which announces a character of the extension table. */
export const ESCAPE = 0x1b;

/** The extension table (TS 23.038 §6.2.1.1): each costs two septets. */
const EXTENSION: readonly (readonly [string, number])[] = [
  ['\f', 0x0a],
  ['^', 0x14],
  ['{', 0x28],
  ['}', 0x29],
  ['\\', 0x2f],
  ['[', 0x3c],
  ['~', 0x3d],
  [']', 0x3e],
  ['|', 0x40],
  ['€', 0x65],
];

/** Highest UTF-16 unit of either table, the euro sign. */
const HIGHEST = 0x20ac;
const NONE = 0xff;
const EXTENDED = 0x80;

const septets = new Uint8Array(HIGHEST + 1).fill(NONE);
Array.from(DEFAULT).forEach((character, septet) => {
  if (septet !== ESCAPE) septets[character.charCodeAt(0)] = septet;
});
for (const [character, septet] of EXTENSION) septets[character.charCodeAt(0)] = EXTENDED | septet;

const defaultCharacters = Array.from(DEFAULT);
const extensionCharacters = new Map(EXTENSION.map(([character, septet]) => [septet, character]));

/** Septets that a UTF-16 unit costs in GSM-7: 1, 2 with its escape, or 0 when the alphabet does not have it. */
export function gsmCost(unit: number): 0 | 1 | 2 {
  const septet = unit > HIGHEST ? NONE : (septets[unit] ?? NONE);
  if (septet === NONE) return 0;
  return septet & EXTENDED ? 2 : 1;
}

/** The septet of a character that `gsmCost` knows, without its escape. */
export function gsmSeptet(unit: number): number {
  return (septets[unit] ?? 0) & ~EXTENDED;
}

/** Whether every character of the text is in the default alphabet or its extension. */
export function isGsm(text: string): boolean {
  for (let at = 0; at < text.length; at += 1) if (gsmCost(text.charCodeAt(at)) === 0) return false;
  return true;
}

/**
 * The text of unpacked septets. An escape before a code that the extension table lacks shows the character of the
 * default table, as TS 23.038 §6.2.1.1 asks of a phone; a lone escape at the end shows nothing.
 */
export function decodeGsm(octets: Uint8Array): string {
  let text = '';
  for (let at = 0; at < octets.length; at += 1) {
    const septet = (octets[at] ?? 0) & 0x7f;
    if (septet !== ESCAPE) {
      text += defaultCharacters[septet] ?? '';
      continue;
    }
    at += 1;
    const next = octets[at];
    if (next === undefined || next === ESCAPE) continue;
    text += extensionCharacters.get(next) ?? defaultCharacters[next & 0x7f] ?? '';
  }
  return text;
}
