const isSpace = (code: number): boolean => code === 32 || (code >= 9 && code <= 13) || code === 0xa0;
const isDigit = (code: number): boolean => code >= 48 && code <= 57;
const NONE = Number.NaN;
const POWERS = Array.from({ length: 16 }, (_, power) => 10 ** power);

/** Reads numbers out of a text one after another. A flood polygon has thousands: a regular expression per pair takes five times as long. */
export class NumberScan {
  at = 0;

  constructor(private readonly text: string) {}

  /** Moves behind white space; false at the end of the text. */
  skipSpace(): boolean {
    while (isSpace(this.text.charCodeAt(this.at))) this.at += 1;
    return this.at < this.text.length;
  }

  /** Moves behind a comma, if there is one. */
  comma(): boolean {
    if (this.text.charCodeAt(this.at) !== 44) return false;
    this.at += 1;
    return true;
  }

  /** White space or the end. */
  atGap(): boolean {
    return this.at >= this.text.length || isSpace(this.text.charCodeAt(this.at));
  }

  /** A decimal number without an exponent, as xs:decimal writes it; NaN when there is none, and the place is then undefined. */
  number(): number {
    const from = this.at;
    const sign = this.text.charCodeAt(this.at);
    if (sign === 45 || sign === 43) this.at += 1;
    let digits = 0;
    let decimals = 0;
    let value = 0;
    for (; isDigit(this.text.charCodeAt(this.at)); this.at += 1, digits += 1) {
      value = value * 10 + this.text.charCodeAt(this.at) - 48;
    }
    if (this.text.charCodeAt(this.at) === 46) {
      this.at += 1;
      for (; isDigit(this.text.charCodeAt(this.at)); this.at += 1, decimals += 1) {
        value = value * 10 + this.text.charCodeAt(this.at) - 48;
      }
    }
    if (digits + decimals === 0) return NONE;
    // Up to 15 digits the whole number and the power of ten are exact, so their quotient is the nearest number.
    if (digits + decimals > 15) return Number(this.text.slice(from, this.at));
    const size = value / (POWERS[decimals] ?? 1);
    return sign === 45 ? -size : size;
  }
}
