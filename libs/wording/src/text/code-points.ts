/** Whether a UTF-16 unit is the first half of a character outside the basic plane. */
export const isHighSurrogate = (unit: number): boolean => unit >= 0xd800 && unit <= 0xdbff;

/** Whether a UTF-16 unit is the second half of a character outside the basic plane. */
export const isLowSurrogate = (unit: number): boolean => unit >= 0xdc00 && unit <= 0xdfff;

/** UTF-16 units that the character at `at` takes: 2 for a surrogate pair, else 1, also for half of one. */
export function unitsAt(text: string, at: number): 1 | 2 {
  return isHighSurrogate(text.charCodeAt(at)) && isLowSurrogate(text.charCodeAt(at + 1)) ? 2 : 1;
}

/** Unicode code points; half of a surrogate pair counts as one. */
export function countCodePoints(text: string): number {
  let count = 0;
  for (let at = 0; at < text.length; at += unitsAt(text, at)) count += 1;
  return count;
}

/**
 * Bytes in UTF-8 of `text` from `from` to before `to` (UTF-16 positions). Half of a surrogate pair counts 3,
 * as the replacement character that an encoder writes for it.
 */
export function utf8Bytes(text: string, from = 0, to: number = text.length): number {
  let bytes = 0;
  for (let at = from; at < to; at += 1) {
    const unit = text.charCodeAt(at);
    if (unit < 0x80) bytes += 1;
    else if (unit < 0x800) bytes += 2;
    else if (isHighSurrogate(unit) && at + 1 < to && isLowSurrogate(text.charCodeAt(at + 1))) {
      bytes += 4;
      at += 1;
    } else bytes += 3;
  }
  return bytes;
}
