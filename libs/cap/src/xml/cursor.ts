import { placeToCut } from '../intake/character-data.js';
import { XmlRefused } from '../intake/refusal.js';
import type { Source } from '../intake/source.js';

/**
 * A longer document is looked at through a window of this many bytes: a feed of 16 MB never becomes a text of 16 MB, and texts
 * below 128 kB lie among the short-lived ones, where the engine makes and drops them ten times as fast.
 */
const WINDOW = 65_536;
/** The window never grows beyond this: a whole alert has 1 MB, so nothing in one needs more. */
const LONGEST = 2_097_152;

/** XML 1.0 §2.3, with every byte beyond ASCII taken for a letter: `Scopes` judges the characters. */
const [NAME, NAME_START] = [/[A-Za-z0-9_:.\-\x80-\xff]/, /[A-Za-z_:\x80-\xff]/].map((letters) =>
  Uint8Array.from({ length: 256 }, (_, code) => (letters.test(String.fromCharCode(code)) ? 1 : 0)),
) as [Uint8Array, Uint8Array];

/** White space by XML 1.0 §2.3. */
export const isSpace = (code: number): boolean => code === 32 || code === 10 || code === 13 || code === 9;

/**
 * Where a document is being read. `text` is a window on it with one character per byte, which begins at byte `base`; `at` is the
 * place in the window. Only `slide` moves the window, between two tokens; within one it can only grow.
 */
export class Cursor {
  text = '';
  at = 0;
  base: number;
  /** From here on the window may end within a tag. */
  private safe = 0;

  /** What is always in the window behind a place where a tag may begin. */
  private readonly margin: number;

  constructor(
    private readonly source: Source,
    private readonly window = WINDOW,
  ) {
    this.base = source.start;
    this.margin = window / 16;
    this.show(window);
  }

  /** Bytes in front of the place. */
  get offset(): number {
    return this.base + this.at;
  }

  /** Whether anything is left. Moves the window on, and makes it small again, when the place has come through most of it. */
  more(): boolean {
    if (this.at > this.window - this.margin && this.safe !== Infinity) {
      this.base += this.at;
      this.at = 0;
      this.show(this.window);
    }
    return this.at < this.text.length;
  }

  /** Lets the window grow when the place is near its end, and says whether it could. */
  reach(): boolean {
    if (this.at <= this.safe || this.safe === Infinity) return false;
    this.grow();
    return true;
  }

  /** The character at the place, or `ahead` behind it; NaN at the end. */
  code(ahead = 0): number {
    return this.text.charCodeAt(this.at + ahead);
  }

  skipSpace(): boolean {
    const from = this.at;
    for (;;) {
      while (isSpace(this.text.charCodeAt(this.at))) this.at += 1;
      if (!this.reach()) return this.at > from;
    }
  }

  /** Takes a name as it is written. */
  name(what: string): string {
    const { text } = this;
    let end = this.at;
    if ((NAME_START[text.charCodeAt(end)] ?? 0) === 0) return this.fail(`${what} without a proper name`);
    while (NAME[text.charCodeAt(end)] === 1) end += 1;
    if (end === text.length && this.safe !== Infinity) {
      this.grow();
      return this.name(what);
    }
    const name = text.slice(this.at, end);
    this.at = end;
    return name;
  }

  /** The place in the window where `end` next stands; −1 when it stands nowhere in the rest of the document. */
  search(end: string, from: number): number {
    for (;;) {
      const found = this.text.indexOf(end, from);
      if (found !== -1 || this.safe === Infinity) return found;
      this.grow();
    }
  }

  /**
   * The end of a text that begins at the place: where the next tag begins, or in a longer text the last place of the window where
   * it can be cut.
   */
  endOfText(): number {
    const end = this.text.indexOf('<', this.at);
    if (end !== -1) return end;
    const cut = this.safe === Infinity ? this.at : placeToCut(this.text, this.at, this.text.length - 1);
    return cut > this.at ? cut : this.search('<', this.at);
  }

  /** The place in the window of what must stand there. */
  find(end: string, from: number, what: string): number {
    const found = this.search(end, from);
    return found === -1 ? this.fail(`${what} that is not closed`) : found;
  }

  /** Lets the window grow until it has so many bytes from the place on, if the document does. */
  holds(length: number): void {
    while (this.at + length > this.text.length && this.safe !== Infinity) this.grow();
  }

  fail(what: string): never {
    let line = 1;
    const { bytes } = this.source;
    for (let at = bytes.indexOf(10); at !== -1 && at < this.offset; at = bytes.indexOf(10, at + 1)) line += 1;
    throw new XmlRefused('not-well-formed', `Not well-formed XML at line ${line}: ${what}.`);
  }

  private grow(): void {
    if (this.text.length >= LONGEST) {
      throw new XmlRefused(
        'too-large',
        'A single tag, comment, instruction or CDATA section is larger than 2 MB; a whole alert may have 1 MB.',
      );
    }
    this.show(2 * Math.max(this.text.length, this.window));
  }

  private show(length: number): void {
    const { bytes } = this.source;
    const end = Math.min(bytes.length, this.base + length);
    this.text = bytes.toString('latin1', this.base, end);
    this.safe = end === bytes.length ? Infinity : this.text.length - this.margin;
  }
}
