/** Where a sentence may end: a mark, perhaps closed by quotes or brackets, then space; or a line end. */
const END = /[.!?\u2026]+["'\u201d\u2019)\]]*(?=\s)|\n/g;
/** Short forms that end in a full stop within a sentence. */
const SHORT_FORM =
  /(?:^|[\s("'])(?:[A-Za-z]|e\.g|i\.e|etc|approx|no|nos|st|rd|dr|mr|mrs|ms|prof|sgt|insp|pc|tel|min|hr|hrs|jan|feb|mar|apr|jun|jul|aug|sep|sept|oct|nov|dec|a\.m|p\.m)\.$/i;
const LOWER = /^\s+\p{Ll}/u;
/** Longest short form with what stands before it. */
const LOOK_BACK = 9;

/** The sentences of a text, trimmed, in order, nothing lost but the space between them. A line end also ends one. */
export function sentences(text: string): string[] {
  const found: string[] = [];
  let start = 0;
  for (const match of text.matchAll(END)) {
    const end = match.index + match[0].length;
    const isLineEnd = match[0] === '\n';
    if (!isLineEnd && goesOn(text, match.index, end)) continue;
    push(found, text.slice(start, end));
    start = end;
  }
  push(found, text.slice(start));
  return found;
}

function goesOn(text: string, mark: number, end: number): boolean {
  if (LOWER.test(text.slice(end, end + 4))) return true;
  return SHORT_FORM.test(text.slice(Math.max(0, mark - LOOK_BACK), mark + 1));
}

function push(found: string[], sentence: string): void {
  const trimmed = sentence.trim();
  if (trimmed !== '') found.push(trimmed);
}

const ENDED = /[.!?:;\u2026]["'\u201d\u2019)\]]*$/;
const ENDS_IN_LINK = /(?:https?:\/\/|www\.)\S*$/i;

/** The text as a sentence: with a full stop, unless it ends in a mark or in a link that the stop would join. */
export function asSentence(text: string): string {
  const trimmed = text.trim();
  return trimmed === '' || ENDED.test(trimmed) || ENDS_IN_LINK.test(trimmed) ? trimmed : `${trimmed}.`;
}
