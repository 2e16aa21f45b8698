const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' });

const CR = 0x0d;
const LF = 0x0a;

/**
 * Whether a UTF-16 unit stands for itself: never joined to a neighbour unless the neighbour asks for it.
 * Latin, its accents in one piece, and common punctuation; Unicode Annex 29 gives them the class Other or Control.
 */
function standsAlone(unit: number): boolean {
  return unit < 0x300 ? unit !== CR && unit !== LF : unit >= 0x2010 && unit <= 0x2027;
}

/**
 * How many characters a reader sees: extended grapheme clusters of Unicode Annex 29, as `Intl.Segmenter` finds them.
 * Text of letters that stand alone is counted without it; only the stretches around other characters are segmented.
 */
export function countGraphemes(text: string): number {
  let count = 0;
  let at = 0;
  while (at < text.length) {
    const unit = text.charCodeAt(at);
    if (standsAlone(unit) && (at + 1 === text.length || standsAlone(text.charCodeAt(at + 1)))) {
      count += 1;
      at += 1;
      continue;
    }
    const end = endOfStretch(text, at);
    for (const _ of segmenter.segment(text.slice(at, end))) count += 1;
    at = end;
  }
  return count;
}

/** Where two characters that stand alone meet, after `at`: a boundary whatever came before them. */
function endOfStretch(text: string, at: number): number {
  for (let next = at + 1; next + 1 < text.length; next += 1) {
    if (standsAlone(text.charCodeAt(next)) && standsAlone(text.charCodeAt(next + 1))) return next + 1;
  }
  return text.length;
}

/** The clusters themselves, in order. For what must be shown or cut one by one. */
export function* graphemes(text: string): Generator<string> {
  for (const { segment } of segmenter.segment(text)) yield segment;
}
