import { KIND, kindOf } from './character-kinds.js';
import { isHighSurrogate, isLowSurrogate } from './code-points.js';

const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' });
/** UTF-16 units. Small, because Node 20 hands every segment a copy of the whole input. */
const WINDOW = 64;
const PICTOGRAPH = /^\p{Extended_Pictographic}/u;

/**
 * Finds the characters that a reader sees, extended grapheme clusters of Unicode Annex 29, one after another. The frequent
 * cases are decided here; anything else is handed to `Intl.Segmenter` in small windows. Both agree on every text, but the
 * segmenter of Node 20 alone needs a time that grows with the square of the length: half a second for 20,000 characters.
 */
class GraphemeScan {
  private readonly ready: number[] = [];
  private taken = 0;

  constructor(private readonly text: string) {}

  /** Where the cluster that starts at `at` ends. `at` must be 0 or an end that was given before. */
  endAfter(at: number): number {
    if (this.taken < this.ready.length) return this.ready[this.taken++] ?? this.text.length;
    const { text } = this;
    let point = text.codePointAt(at) ?? 0;
    let kind = kindOf(point);
    let end = at + width(point);
    if (kind === KIND.alone && end < text.length) {
      const unit = text.charCodeAt(end);
      if (unit < 0x300) return end; // nothing below U+0300 joins what stands before it
    }
    if (kind === KIND.control || kind === KIND.lineFeed) return end;
    if (kind === KIND.carriageReturn) return text.charCodeAt(end) === 0x0a ? end + 1 : end;
    if (kind === KIND.other) return this.segment(at);
    let base = kind === KIND.alone ? point : -1;
    let flag = kind === KIND.regional;
    while (end < text.length) {
      point = text.codePointAt(end) ?? 0;
      const last = kind;
      kind = kindOf(point);
      if (kind === KIND.other) return this.segment(at);
      if (kind === KIND.regional && flag) flag = false;
      else if (kind === KIND.alone && last === KIND.joiner && isPictograph(base) && isPictograph(point))
        base = point;
      else if (kind !== KIND.extend && kind !== KIND.joiner) break;
      else if (last === KIND.joiner) base = -1; // a second joiner, or a mark after one, ends the sequence
      if (kind !== KIND.regional) flag = false;
      end += width(point);
    }
    return end;
  }

  /**
   * Asks the segmenter about a window that starts at a border. Its last cluster is not believed, because the window may
   * have cut it; a window that holds but one is doubled. What comes before a border never changes what comes after it.
   */
  private segment(at: number): number {
    const { text, ready } = this;
    ready.length = 0;
    this.taken = 0;
    for (let size = WINDOW; ; size *= 2) {
      let end = Math.min(text.length, at + size);
      // Half of a character would be a cluster of its own, and the border before it one that is not there.
      if (isHighSurrogate(text.charCodeAt(end - 1)) && isLowSurrogate(text.charCodeAt(end))) end += 1;
      for (const { index } of segmenter.segment(text.slice(at, end))) if (index > 0) ready.push(at + index);
      if (end === text.length) ready.push(end);
      if (ready.length > 0) return ready[this.taken++] ?? end;
    }
  }
}

const width = (point: number) => (point > 0xffff ? 2 : 1);
const isPictograph = (point: number) => point >= 0 && PICTOGRAPH.test(String.fromCodePoint(point));

/** How many characters a reader sees. */
export function countGraphemes(text: string): number {
  const scan = new GraphemeScan(text);
  let count = 0;
  for (let at = 0; at < text.length; at = scan.endAfter(at)) count += 1;
  return count;
}

/** The characters themselves, in order. For what must be shown, weighed or cut one by one. */
export function* graphemes(text: string): Generator<string> {
  const scan = new GraphemeScan(text);
  for (let at = 0; at < text.length;) {
    const end = scan.endAfter(at);
    yield text.slice(at, end);
    at = end;
  }
}
