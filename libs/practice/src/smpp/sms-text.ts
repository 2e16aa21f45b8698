import { TLV, type ShortMessage } from './short-message.js';

/** 3GPP TS 23.038 §6.2.1, by septet. U+001B stands where the escape is. */
const BASIC =
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\u001bÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?' +
  '¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà';
/** TS 23.038 §6.2.1.1, after the escape. */
const EXTENSION: Record<number, string> = {
  0x0a: '\f',
  0x14: '^',
  0x28: '{',
  0x29: '}',
  0x2f: '\\',
  0x3c: '[',
  0x3d: '~',
  0x3e: ']',
  0x40: '|',
  0x65: '€',
};
const ESCAPE = 0x1b;
const SEPTETS = new Map<string, readonly number[]>([
  ...[...BASIC].map((letter, n) => [letter, [n]] as const),
  ...Object.entries(EXTENSION).map(([n, letter]) => [letter, [ESCAPE, Number(n)]] as const),
]);

export type Encoding = 'gsm7' | 'ucs2' | 'latin1';
/** Which part of how many: `number` counts from 1. */
export type Joined = { reference: number; number: number; of: number };
export type Read =
  | { read: 'text'; text: string; encoding: Encoding; joined?: Joined }
  | { read: 'undecodable' | 'too-long'; why: string };

/** Data codings (SMPP 3.4 §5.2.19). 0 is this SMSC's default alphabet, which is GSM 03.38. */
const ENCODINGS: Record<number, Encoding> = { 0: 'gsm7', 3: 'latin1', 8: 'ucs2' };
const SEPTETS_PER_TEXT = 160;
const OCTETS_PER_TEXT = 140;

/** What a telephone would show, or why it could not: a text that a real network would garble is not taken. */
export function readText(message: ShortMessage): Read {
  const encoding = ENCODINGS[message.dataCoding];
  if (encoding === undefined)
    return { read: 'undecodable', why: `data_coding ${message.dataCoding} is not spoken here` };
  const hasHeader = (message.esmClass & 0x40) !== 0;
  const headerOctets = hasHeader ? (message.message[0] ?? 0) + 1 : 0;
  if (headerOctets > message.message.length)
    return { read: 'undecodable', why: 'the header is longer than the message' };
  const words = message.message.subarray(headerOctets);
  if (!message.tlvs.has(TLV.message_payload) && !fits(encoding, headerOctets, words.length)) {
    return { read: 'too-long', why: `${words.length} octets after a header of ${headerOctets}` };
  }
  const text = decode(words, encoding);
  if (text === undefined) return { read: 'undecodable', why: `these octets are no ${encoding}` };
  const joined = hasHeader
    ? joinedByHeader(message.message.subarray(1, headerOctets))
    : joinedByTlv(message.tlvs);
  return { read: 'text', text, encoding, ...(joined && { joined }) };
}

/** A text from a telephone: GSM where it can be, else UCS-2. */
export function writeText(text: string): { dataCoding: number; message: Buffer } {
  const septets = [...text].map((letter) => SEPTETS.get(letter));
  if (septets.every((each) => each !== undefined))
    return { dataCoding: 0, message: Buffer.from(septets.flat()) };
  return { dataCoding: 8, message: Buffer.from(text, 'utf16le').swap16() };
}

// A header takes the room of whole septets (TS 23.040 §9.2.3.24).
function fits(encoding: Encoding, headerOctets: number, words: number): boolean {
  if (encoding === 'gsm7') return Math.ceil((headerOctets * 8) / 7) + words <= SEPTETS_PER_TEXT;
  return headerOctets + words <= OCTETS_PER_TEXT;
}

function decode(words: Buffer, encoding: Encoding): string | undefined {
  if (encoding === 'latin1') return words.toString('latin1');
  if (encoding === 'gsm7') return decodeGsm(words);
  if (words.length % 2 !== 0) return undefined;
  const text = Buffer.from(words).swap16().toString('utf16le');
  return text.isWellFormed() ? text : undefined; // a surrogate that two parts share
}

function decodeGsm(septets: Buffer): string | undefined {
  let text = '';
  for (let n = 0; n < septets.length; n += 1) {
    const septet = septets[n] ?? 0;
    const letter = septet === ESCAPE ? EXTENSION[septets[(n += 1)] ?? -1] : BASIC[septet];
    if (letter === undefined) return undefined; // an octet over 127, a lone or an unknown escape
    text += letter;
  }
  return text;
}

function joinedByHeader(elements: Buffer): Joined | undefined {
  for (let at = 0; at + 1 < elements.length; at += 2 + (elements[at + 1] ?? 0)) {
    const id = elements[at];
    const value = elements.subarray(at + 2, at + 2 + (elements[at + 1] ?? 0));
    if (id === 0x00 && value.length === 3)
      return possible({ reference: value.readUInt8(0), of: value.readUInt8(1), number: value.readUInt8(2) });
    if (id === 0x08 && value.length === 4)
      return possible({
        reference: value.readUInt16BE(0),
        of: value.readUInt8(2),
        number: value.readUInt8(3),
      });
  }
  return undefined;
}

function joinedByTlv(tlvs: ReadonlyMap<number, Buffer>): Joined | undefined {
  const reference = tlvs.get(TLV.sar_msg_ref_num);
  const number = tlvs.get(TLV.sar_segment_seqnum)?.[0];
  const of = tlvs.get(TLV.sar_total_segments)?.[0];
  if (reference?.length !== 2 || number === undefined || of === undefined) return undefined;
  return possible({ reference: reference.readUInt16BE(0), number, of });
}

/** A part that cannot be, such as the third of two, is no part: the telephone shows it alone (3GPP TS 23.040 §9.2.3.24.1). */
function possible(joined: Joined): Joined | undefined {
  return joined.number >= 1 && joined.number <= joined.of ? joined : undefined;
}
