import { isAscii, isUtf8 } from 'node:buffer';
import { XmlRefused } from './refusal.js';

/**
 * A document made ready for reading: one character of `text` per byte, so that every position is a byte offset, and `wide`,
 * which turns a piece of `text` into the characters that it stands for. Markup is ASCII, so it is found without decoding;
 * only the pieces that are kept are decoded, and a 16 MB feed never becomes a 32 MB string.
 */
export type Source = {
  readonly bytes: Uint8Array;
  readonly text: string;
  /** Where the XML declaration or the first element begins: after a byte-order mark. */
  readonly start: number;
  readonly wide: (piece: string) => string;
};

const same = (piece: string): string => piece;
const highByte = /[\x80-\xff]/;
const fromUtf8 = (piece: string): string =>
  highByte.test(piece) ? Buffer.from(piece, 'latin1').toString('utf8') : piece;

/** XML 1.0 §2.2: control characters other than tab, line feed and carriage return are not characters of a document. */
const forbiddenControl = /[\0-\x08\x0b\x0c\x0e-\x1f]/;
/** The encoding that an XML declaration names (XML 1.0 §4.3.3). */
const declaredEncoding =
  /^<\?xml\s[^>]{0,200}?\sencoding\s*=\s*(?:"([A-Za-z][A-Za-z0-9._-]{0,40})"|'([A-Za-z][A-Za-z0-9._-]{0,40})')/;

/**
 * Finds the encoding of `bytes` (byte-order mark, then XML declaration, then UTF-8) and checks every byte against it.
 * Throws `XmlRefused` with `encoding`, `empty` or `not-well-formed` (a forbidden control character).
 */
export function openSource(bytes: Uint8Array): Source {
  if (bytes.length === 0) throw new XmlRefused('empty', 'The document is empty.');
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return fromLabel(bytes, 'utf-16be');
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return fromLabel(bytes, 'utf-16le');
  const marked = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
  const label = marked ? 'utf-8' : encodingLabel(bytes);
  switch (label) {
    case 'utf-8':
    case 'utf8':
      return utf8(bytes, marked ? 3 : 0);
    case 'us-ascii':
    case 'ascii':
      if (!isAscii(bytes))
        throw new XmlRefused('encoding', 'The document says US-ASCII and holds other bytes.');
      return checked({ bytes, text: oneCharacterPerByte(bytes), start: 0, wide: same });
    case 'iso-8859-1':
    case 'iso_8859-1':
    case 'latin1':
      // Not TextDecoder: for it, ISO-8859-1 is another name of windows-1252.
      return checked({ bytes, text: oneCharacterPerByte(bytes), start: 0, wide: same });
    default:
      return fromLabel(bytes, label);
  }
}

function encodingLabel(bytes: Uint8Array): string {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, 300)).toString('latin1');
  const found = declaredEncoding.exec(head);
  return (found?.[1] ?? found?.[2] ?? 'utf-8').toLowerCase();
}

const oneCharacterPerByte = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');

function utf8(bytes: Uint8Array, start: number): Source {
  if (isAscii(start === 0 ? bytes : bytes.subarray(start))) {
    return checked({ bytes, text: oneCharacterPerByte(bytes), start, wide: same });
  }
  if (!isUtf8(bytes)) {
    throw new XmlRefused(
      'encoding',
      'The document is not valid UTF-8. Ask the sender to declare the encoding that it uses.',
    );
  }
  const source = checked({ bytes, text: oneCharacterPerByte(bytes), start, wide: fromUtf8 });
  // U+FFFE and U+FFFF are the only code points that valid UTF-8 can hold and XML 1.0 §2.2 forbids.
  if (source.text.includes('\xef\xbf\xbe') || source.text.includes('\xef\xbf\xbf')) {
    throw new XmlRefused('not-well-formed', 'The document holds U+FFFE or U+FFFF, which XML forbids.');
  }
  return source;
}

/** Every other encoding is turned into UTF-8 first; positions then count bytes of that. */
function fromLabel(bytes: Uint8Array, label: string): Source {
  let text: string;
  try {
    text = new TextDecoder(label, { fatal: true }).decode(bytes);
  } catch {
    throw new XmlRefused(
      'encoding',
      `The encoding "${label}" is not known here, or the bytes are not valid in it.`,
    );
  }
  return utf8(Buffer.from(text, 'utf8'), 0);
}

function checked(source: Source): Source {
  if (forbiddenControl.test(source.text)) {
    throw new XmlRefused('not-well-formed', 'The document holds a control character, which XML forbids.');
  }
  return source;
}
