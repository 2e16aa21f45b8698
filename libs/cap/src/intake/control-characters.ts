/** XML 1.0 §2.2: tab, line feed and carriage return are characters of a document, the other control characters are not. */
const isForbidden = (code: number): boolean => code < 0x20 && code !== 0x9 && code !== 0xa && code !== 0xd;

/**
 * Whether a document in ASCII, UTF-8 or an 8-bit encoding holds a control character that XML forbids. Four bytes are looked at
 * together: a flood polygon has 170,000 of them, and hardly one is below a space.
 */
export function holdsControlCharacter(bytes: Uint8Array): boolean {
  if (bytes.length < 8) return anyForbidden(bytes, 0, bytes.length);
  const head = (4 - (bytes.byteOffset % 4)) % 4;
  const words = new Uint32Array(bytes.buffer, bytes.byteOffset + head, (bytes.length - head) >>> 2);
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? 0;
    // The highest bit of a byte comes out set when the byte is below 0x20 (Hacker's Delight, §6-1).
    if (((word - 0x20202020) & ~word & 0x80808080) === 0) continue;
    const from = head + 4 * at;
    if (anyForbidden(bytes, from, from + 4)) return true;
  }
  return anyForbidden(bytes, 0, head) || anyForbidden(bytes, head + 4 * words.length, bytes.length);
}

function anyForbidden(bytes: Uint8Array, from: number, to: number): boolean {
  for (let at = from; at < to; at += 1) if (isForbidden(bytes[at] ?? 0)) return true;
  return false;
}
