/**
 * How a character behaves at the borders of grapheme clusters (Unicode Annex 29), as far as our own counting needs it.
 * `other` = not decided here: conjuncts, jamo, prepended marks and all that is rare in a warning; `Intl.Segmenter` decides.
 */
export const KIND = {
  other: 0,
  /** Joined to nothing unless an extending mark follows. */
  alone: 1,
  /** Joined to nothing at all. */
  control: 2,
  /** Joined to what stands before it. */
  extend: 3,
  joiner: 4,
  regional: 5,
  carriageReturn: 6,
  lineFeed: 7,
} as const;

const table = new Uint8Array(0x20000);

function mark(kind: number, ranges: readonly (readonly [number, number])[]): void {
  for (const [from, to] of ranges) table.fill(kind, from, to + 1);
}

mark(KIND.alone, [
  [0x20, 0x7e], // Latin, Greek, Cyrillic, Armenian
  [0xa0, 0x2ff],
  [0x370, 0x377],
  [0x37a, 0x37f],
  [0x384, 0x482],
  [0x48a, 0x52f],
  [0x531, 0x556],
  [0x561, 0x587],
  [0x5d0, 0x5ea], // Hebrew and Arabic letters
  [0x620, 0x64a],
  [0x660, 0x66f],
  [0x671, 0x6d5],
  [0x10a0, 0x10ff], // Georgian
  [0x1e00, 0x1fff], // Latin and Greek with accents in one piece
  [0x2000, 0x200a], // punctuation, arrows, signs, pictures
  [0x2010, 0x2027],
  [0x202f, 0x205f],
  [0x2070, 0x20cf],
  [0x2100, 0x2bff],
  [0x3000, 0x3029], // Chinese, Japanese, Korean
  [0x3030, 0x3098],
  [0x309b, 0xa48c],
  [0xac00, 0xd7a3],
  [0xd800, 0xfaff], // halves of characters, private use, compatibility
  [0xff01, 0xff9d],
  [0x1d400, 0x1d7ff],
  [0x1f000, 0x1f1e5], // emoji
  [0x1f200, 0x1f3fa],
  [0x1f400, 0x1faff],
]);
mark(KIND.control, [
  [0x00, 0x1f],
  [0x7f, 0x9f],
  [0xad, 0xad],
  [0x200b, 0x200b],
  [0x200e, 0x200f],
  [0x2028, 0x202e],
  [0x2060, 0x206f],
  [0xfeff, 0xfeff],
]);
mark(KIND.extend, [
  [0x300, 0x36f],
  [0x483, 0x489],
  [0x591, 0x5bd],
  [0x64b, 0x65f],
  [0x200c, 0x200c],
  [0x20d0, 0x20f0],
  [0x3099, 0x309a],
  [0xfe00, 0xfe0f],
  [0xff9e, 0xff9f],
  [0x1f3fb, 0x1f3ff],
]);
mark(KIND.joiner, [[0x200d, 0x200d]]);
mark(KIND.regional, [[0x1f1e6, 0x1f1ff]]);
mark(KIND.carriageReturn, [[0x0d, 0x0d]]);
mark(KIND.lineFeed, [[0x0a, 0x0a]]);

/** The kind of a code point. */
export function kindOf(point: number): number {
  if (point < 0x20000) return table[point] ?? KIND.other;
  if (point <= 0x3134f) return KIND.alone; // further Chinese
  return (point >= 0xe0020 && point <= 0xe007f) || (point >= 0xe0100 && point <= 0xe01ef)
    ? KIND.extend
    : KIND.other;
}
