const MARKS = new Set('.!?\u2026');
const CLOSERS = new Set('"\'\u201d\u2019)]');
const LOWER = /^\s+\p{Ll}/u;
/** Short forms that end in a full stop within a sentence. */
const SHORT_FORM =
  /(?:^|[\s("'])(?:[A-Za-z]|e\.g|i\.e|etc|approx|no|nos|st|rd|dr|mr|mrs|ms|prof|sgt|insp|pc|tel|min|hr|hrs|jan|feb|mar|apr|jun|jul|aug|sep|sept|oct|nov|dec|a\.m|p\.m)\.$/i;
/** Longest short form with what stands before it. */
const LOOK_BACK = 9;

/** The sentences of a text, trimmed, in order; nothing is lost but the space between them. A line end also ends one. */
export function sentences(text: string): string[] {
  const found: string[] = [];
  let start = 0;
  const take = (end: number) => {
    const sentence = text.slice(start, end).trim();
    if (sentence !== '') found.push(sentence);
    start = end;
  };
  // Only at white space may a sentence end: `9.30am` and `gov.uk` have none.
  for (let at = 0; at < text.length; at += 1) {
    if (isSpace(text.charCodeAt(at)) && (text.charAt(at) === '\n' || endsAt(text, start, at))) take(at);
  }
  take(text.length);
  return found;
}

/** White space as `\\s` has it. */
function isSpace(unit: number): boolean {
  if (unit < 0x80) return unit === 0x20 || (unit >= 0x09 && unit <= 0x0d);
  return (unit === 0xa0 || unit >= 0x1680) && /\s/.test(String.fromCharCode(unit));
}

/** Whether the words before the white space at `at` end a sentence that began at or after `start`. */
function endsAt(text: string, start: number, at: number): boolean {
  let mark = at - 1;
  while (mark > start && CLOSERS.has(text.charAt(mark))) mark -= 1;
  if (mark < start || !MARKS.has(text.charAt(mark))) return false;
  if (LOWER.test(text.slice(at, at + 4))) return false;
  return !SHORT_FORM.test(text.slice(Math.max(start, mark - LOOK_BACK), mark + 1));
}

const END_MARKS = new Set('.!?:;\u2026');

/** The text as a sentence: with a full stop, unless it ends in a mark, or in a link that the stop would join. */
export function asSentence(text: string): string {
  const trimmed = text.trim();
  let last = trimmed.length - 1;
  while (last > 0 && CLOSERS.has(trimmed.charAt(last))) last -= 1;
  if (
    trimmed === '' ||
    END_MARKS.has(trimmed.charAt(last)) ||
    /^(?:https?:\/\/|www\.)/i.test(lastWord(trimmed))
  ) {
    return trimmed;
  }
  return `${trimmed}.`;
}

function lastWord(text: string): string {
  let start = text.length;
  while (start > 0 && text.charAt(start - 1).trim() !== '') start -= 1;
  return text.slice(start);
}

/** The text without the full stops and colons at its end. */
export function withoutStop(text: string): string {
  let end = text.length;
  while (end > 0 && /[.:\s]/.test(text.charAt(end - 1))) end -= 1;
  return text.slice(0, end);
}

/** The lines of a text on one line, each end of a line a space (or what is handed in). */
export function onOneLine(text: string, between = ' '): string {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .join(between);
}

const RUN = /\b(?:RUN|RHEDWCH)\b/;
const HIDE = /\b(?:HIDE|CUDDIWCH)\b/;
const TELL = /\b(?:TELL|DWEUDWCH|DYWEDWCH)\b/;
const LIST_ITEM = /^(?:[-*•–]|\d+[.)])\s/;

/**
 * Sentences as shortening may separate them: what ends in a colon stays with what it announces, a list with its items, and
 * RUN, HIDE, TELL with each other, because that wording is fixed and only whole.
 */
export function inseparable(all: readonly string[]): string[] {
  const units: string[] = [];
  for (const sentence of all) {
    const last = units.at(-1);
    if (last !== undefined && (last.endsWith(':') || LIST_ITEM.test(sentence))) {
      units[units.length - 1] = `${last} ${sentence}`;
    } else units.push(sentence);
  }
  const first = units.findIndex((unit) => RUN.test(unit));
  const last = units.findLastIndex((unit) => TELL.test(unit));
  if (first < 0 || last <= first) return units;
  const drill = units.slice(first, last + 1).join(' ');
  return HIDE.test(drill) ? [...units.slice(0, first), drill, ...units.slice(last + 1)] : units;
}
