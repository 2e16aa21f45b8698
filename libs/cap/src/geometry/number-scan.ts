/**
 * A text as bytes, one for each character, in place: where `to` lies there is one byte more, and it is neither a digit nor a
 * space (in a document the `<` of the end tag). Numbers are read from it five times as fast as from a string cut out of a document.
 */
export type Piece = { readonly bytes: Uint8Array; readonly from: number; readonly to: number };

/** The piece that says `text`. What is beyond U+00FF becomes a null, which stands in no number. */
export function pieceOf(text: string): Piece {
  const bytes = new Uint8Array(text.length + 1);
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    bytes[at] = code > 0xff ? 0 : code;
  }
  return { bytes, from: 0, to: text.length };
}

/** The characters of a piece, at most `most` of them. */
export const textOfPiece = ({ bytes, from, to }: Piece, most = Infinity): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset + from, Math.min(to - from, most)).toString('latin1');

const POWERS = Float64Array.from({ length: 16 }, (_, power) => 10 ** power);
/** As many digits as a whole number of 32 bits always holds. */
const SAFE_DIGITS = 9;

/** Reads numbers out of a piece one after another. A flood polygon has thousands: no regular expression and no string per number. */
export class NumberScan {
  at: number;
  /** A line break or tab has been passed. */
  brokeLine = false;
  private readonly bytes: Uint8Array;
  private readonly to: number;

  constructor({ bytes, from, to }: Piece) {
    this.bytes = bytes;
    this.at = from;
    this.to = to;
  }

  /** Moves behind white space; false at the end of the text. */
  skipSpace(): boolean {
    const { bytes } = this;
    let { at } = this;
    for (let code = bytes[at] ?? 0; code <= 32 || code === 0xa0; code = bytes[at] ?? 0) {
      if (code !== 32 && code !== 0xa0) {
        if (code < 9 || code > 13) break;
        this.brokeLine = true;
      }
      at += 1;
    }
    this.at = at;
    return at < this.to;
  }

  /** Moves behind a comma, if there is one. */
  comma(): boolean {
    if (this.bytes[this.at] !== 44) return false;
    this.at += 1;
    return true;
  }

  /** White space or the end. */
  atGap(): boolean {
    const code = this.bytes[this.at] ?? 0;
    return this.at >= this.to || code === 32 || (code >= 9 && code <= 13) || code === 0xa0;
  }

  /** A decimal number without an exponent, as xs:decimal writes it; NaN when there is none, and the place is then undefined. */
  number(): number {
    const { bytes } = this;
    let { at } = this;
    const from = at;
    const sign = bytes[at] ?? 0;
    if (sign === 45 || sign === 43) at += 1;
    const wholeFrom = at;
    let whole = 0;
    let digit = (bytes[at] ?? 0) - 48;
    while (digit >= 0 && digit <= 9) {
      whole = (Math.imul(whole, 10) + digit) | 0;
      at += 1;
      digit = (bytes[at] ?? 0) - 48;
    }
    const digits = at - wholeFrom;
    let decimals = 0;
    let part = 0;
    // The full stop.
    if (digit === -2) {
      at += 1;
      const partFrom = at;
      digit = (bytes[at] ?? 0) - 48;
      while (digit >= 0 && digit <= 9) {
        part = (Math.imul(part, 10) + digit) | 0;
        at += 1;
        digit = (bytes[at] ?? 0) - 48;
      }
      decimals = at - partFrom;
    }
    this.at = at;
    if (digits + decimals === 0) return Number.NaN;
    if (digits > SAFE_DIGITS || decimals > SAFE_DIGITS || digits + decimals > 15) return this.exactly(from);
    // Up to 15 digits the whole number and the power of ten are exact, so their quotient is the nearest number.
    const power = POWERS[decimals] ?? 1;
    const size = (whole * power + part) / power;
    return sign === 45 ? -size : size;
  }

  /** A long number: digits in two halves while both are exact, else as the language reads it. */
  private exactly(from: number): number {
    const { bytes, at } = this;
    let digits = 0;
    let decimals = -1;
    let value = 0;
    for (let place = from; place < at; place += 1) {
      const digit = (bytes[place] ?? 0) - 48;
      if (digit === -2) decimals = 0;
      if (digit < 0) continue;
      value = value * 10 + digit;
      if (value > 0) digits += 1;
      if (decimals >= 0) decimals += 1;
    }
    if (digits > 15 || decimals > 15) return Number(textOfPiece({ bytes, from, to: at }));
    const size = value / (POWERS[Math.max(decimals, 0)] ?? 1);
    return bytes[from] === 45 ? -size : size;
  }
}
