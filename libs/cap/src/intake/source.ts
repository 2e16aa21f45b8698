import { isAscii, isUtf8 } from 'node:buffer';
import { holdsControlCharacter } from './control-characters.js';
import { XmlRefused } from './refusal.js';

/**
 * A document made ready for reading: `bytes` in an encoding in which markup is ASCII, so that it is found without decoding and
 * every position is a byte offset. `wide` turns a piece of it, given with one character per byte and with the place where it
 * stands, into the characters that it stands for: only the pieces that are kept are decoded.
 */
export type Source = {
  readonly bytes: Buffer;
  /** Where the XML declaration or the first element begins: after a byte-order mark. */
  readonly start: number;
  readonly wide: Wide;
};

/** A piece with one character per byte, and the offset of its first byte where it is known. */
export type Wide = (piece: string, from?: number) => string;

/** 1 MB for a lone alert (a real one with embedded audio had 459 kB), 16 MB for a feed, in UTF-8 as well as in its own encoding. */
export const MOST_BYTES = { alert: 1_048_576, feed: 16_777_216 } as const;
/** So many bytes of a rare encoding are decoded at a time. */
const PIECE = 65_536;

/** The refusal of a document or an alert that is larger than `MOST_BYTES`. */
export const tooLarge = (what: keyof typeof MOST_BYTES): XmlRefused =>
  new XmlRefused('too-large', `The ${what} is larger than ${MOST_BYTES[what] / 1_048_576} MB.`);

const same: Wide = (piece) => piece;

/** The encoding that an XML declaration names (XML 1.0 §4.3.3). */
const declaredEncoding =
  /^<\?xml[ \t\r\n][^>]*?[ \t\r\n]encoding[ \t\r\n]*=[ \t\r\n]*(?:"([A-Za-z][A-Za-z0-9._-]{0,40})"|'([A-Za-z][A-Za-z0-9._-]{0,40})')/;

/**
 * Finds the encoding of `bytes` (byte-order mark, then XML declaration, then UTF-8) and checks every byte against it.
 * Throws `XmlRefused` with `encoding`, `empty`, `too-large` or `not-well-formed` (a forbidden control character).
 */
export function openSource(bytes: Uint8Array): Source {
  if (bytes.length === 0) throw new XmlRefused('empty', 'The document is empty.');
  if (bytes.length > MOST_BYTES.feed) throw tooLarge('feed');
  const whole = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const wideLabel = sixteenBits(whole);
  if (wideLabel !== undefined) return fromLabel(whole, wideLabel);
  const marked = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
  const label = marked ? 'utf-8' : encodingLabel(whole);
  switch (label) {
    case 'utf-8':
    case 'utf8':
    case 'utf_8':
      return utf8(whole, marked ? 3 : 0);
    case 'us-ascii':
    case 'ascii':
      if (!isAscii(whole))
        throw new XmlRefused('encoding', 'The document says US-ASCII and holds other bytes.');
      return checked({ bytes: whole, start: 0, wide: same });
    case 'iso-8859-1':
    case 'iso_8859-1':
    case 'latin1':
    case 'latin-1': // Registered nowhere; libxml2 reads it.
      // Not TextDecoder: for it, ISO-8859-1 is another name of windows-1252.
      return checked({ bytes: whole, start: 0, wide: same });
    case 'windows-1252':
    case 'cp1252':
      return checked({ bytes: whole, start: 0, wide: fromWindows1252 });
    case 'utf-16':
    case 'utf-16le':
    case 'utf-16be':
      throw new XmlRefused(
        'encoding',
        'The document says that it is UTF-16 and is written in single bytes. Ask the sender to declare UTF-8, if that is what it sends.',
      );
    default:
      return fromLabel(whole, label);
  }
}

/** What windows-1252 has at 0x80 to 0x9F, where ISO-8859-1 has control characters (WHATWG Encoding §9); the five gaps stay these. */
const WINDOWS_1252 = '€\x81‚ƒ„…†‡ˆ‰Š‹Œ\x8dŽ\x8f\x90‘’“”•–—˜™š›œ\x9džŸ';

/** Not TextDecoder: that of Node 20 and 22 takes windows-1252 for ISO-8859-1, and quotation marks become control characters. */
const fromWindows1252: Wide = (piece) =>
  piece.replace(/[\x80-\x9f]/g, (each) => WINDOWS_1252[each.charCodeAt(0) - 0x80] ?? each);

/**
 * UTF-16 by its byte-order mark, or without one by the `<?` of an XML declaration (XML 1.0 appendix F.1). Without either it could
 * be anything: XML 1.0 §4.3.3 demands the mark.
 */
function sixteenBits(bytes: Buffer): 'utf-16le' | 'utf-16be' | undefined {
  const [a, b, c, d] = bytes;
  if (a === 0xfe && b === 0xff) return 'utf-16be';
  if (a === 0xff && b === 0xfe) return 'utf-16le';
  if (a === 0x3c && b === 0 && c === 0x3f && d === 0) return 'utf-16le';
  if (a === 0 && b === 0x3c && c === 0 && d === 0x3f) return 'utf-16be';
  if (a === 0 || b === 0) {
    throw new XmlRefused(
      'encoding',
      'The document looks like UTF-16 or UTF-32 and does not begin with a byte-order mark or an XML declaration. Ask the sender for UTF-8.',
    );
  }
  return undefined;
}

function encodingLabel(bytes: Buffer): string {
  // A declaration begins with "<?": most documents without one are told so at once.
  if (bytes[1] !== 0x3f) return 'utf-8';
  const end = bytes.indexOf('>');
  const found = declaredEncoding.exec(bytes.toString('latin1', 0, end < 0 ? 0 : end));
  return (found?.[1] ?? found?.[2] ?? 'utf-8').toLowerCase();
}

function utf8(bytes: Buffer, start: number): Source {
  if (isAscii(start === 0 ? bytes : bytes.subarray(start))) return checked({ bytes, start, wide: same });
  if (!isUtf8(bytes)) {
    throw new XmlRefused(
      'encoding',
      'The document is not valid UTF-8. Ask the sender to declare the encoding that it uses.',
    );
  }
  // U+FFFE and U+FFFF are the only code points that valid UTF-8 can hold and XML 1.0 §2.2 forbids.
  if (bytes.includes('\xef\xbf\xbe', 0, 'latin1') || bytes.includes('\xef\xbf\xbf', 0, 'latin1')) {
    throw new XmlRefused('not-well-formed', 'The document holds U+FFFE or U+FFFF, which XML forbids.');
  }
  return checked({ bytes, start, wide: fromUtf8(bytes) });
}

/** Long pieces are looked at by Node itself, which takes a tenth of the time of a regular expression. */
function fromUtf8(bytes: Buffer): Wide {
  const highByte = /[\x80-\xff]/;
  return (piece, from) => {
    if (from === undefined) return Buffer.from(piece, 'latin1').toString('utf8');
    const to = from + piece.length;
    const ascii = piece.length > 500 ? isAscii(bytes.subarray(from, to)) : !highByte.test(piece);
    return ascii ? piece : bytes.toString('utf8', from, to);
  };
}

/** Every other encoding is turned into UTF-8 first; positions then count bytes of that. */
function fromLabel(bytes: Buffer, label: string): Source {
  try {
    return utf8(inUtf8(bytes, new TextDecoder(label, { fatal: true })), 0);
  } catch (error) {
    if (error instanceof XmlRefused) throw error;
    throw new XmlRefused(
      'encoding',
      `The encoding "${label}" is not known here, or the bytes are not valid in it.`,
    );
  }
}

/** Piece by piece: at once, a decoder takes eleven times the size of the document. No byte becomes more than three. */
function inUtf8(bytes: Buffer, decoder: InstanceType<typeof TextDecoder>): Buffer {
  // Not zeroed: what is not written to takes no memory.
  const written = Buffer.allocUnsafeSlow(Math.min(3 * bytes.length, MOST_BYTES.feed) + 3 * PIECE);
  let length = 0;
  for (let at = 0; at < bytes.length; at += PIECE) {
    const end = at + PIECE;
    length += written.write(decoder.decode(bytes.subarray(at, end), { stream: end < bytes.length }), length);
    if (length > MOST_BYTES.feed) throw tooLarge('feed');
  }
  return written.subarray(0, length);
}

function checked(source: Source): Source {
  if (holdsControlCharacter(source.bytes)) {
    throw new XmlRefused('not-well-formed', 'The document holds a control character, which XML forbids.');
  }
  return source;
}
