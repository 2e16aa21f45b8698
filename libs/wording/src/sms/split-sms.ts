import { decodeGsm, ESCAPE, gsmCost, gsmSeptet } from './gsm-alphabet.js';
import { cuts, joinedCapacity, smsLength } from './sms-length.js';
import type { ReferenceBits, SmsEncoding } from './sms-length.js';

/**
 * One short message as it goes to the network. `payload` is what SMPP takes after the header: one septet per octet
 * (GSM-7) or UTF-16BE (UCS-2). `udh` is the joining header with its length octet, absent when the message stands alone.
 */
export type SmsPart = { udh?: Uint8Array; payload: Uint8Array; text: string };

/** A text as short messages. `parts` is empty when even 255 parts, the most a header can count, do not hold it. */
export type SplitSms = { encoding: SmsEncoding; units: number; parts: SmsPart[] };

/** The reference joins the parts of one message: 0–255, or 0–65,535 with `referenceBits` 16. Default 0, 8 bits. */
export type SplitOptions = { reference?: number; referenceBits?: ReferenceBits };

/** TS 23.040 §9.2.3.24.1: the number of parts is one octet. */
const MOST_PARTS = 255;
const JOIN_8 = 0x00;
const JOIN_16 = 0x08;

/** The octets of a text in one encoding. In GSM-7 a character that the alphabet lacks cannot occur: `smsUnits` chose. */
export function encodeSms(text: string, encoding: SmsEncoding): Uint8Array {
  if (encoding === 'UCS-2') {
    const octets = new Uint8Array(text.length * 2);
    for (let at = 0; at < text.length; at += 1) {
      const unit = text.charCodeAt(at);
      octets[2 * at] = unit >> 8;
      octets[2 * at + 1] = unit & 0xff;
    }
    return octets;
  }
  const octets: number[] = [];
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    const cost = gsmCost(unit);
    if (cost === 0)
      throw new RangeError(`${JSON.stringify(text.charAt(at))} is not in the GSM alphabet: use UCS-2`);
    if (cost === 2) octets.push(ESCAPE);
    octets.push(gsmSeptet(unit));
  }
  return Uint8Array.from(octets);
}

/** The text of a payload; total: an odd octet at the end of UCS-2 is ignored. */
export function decodeSms(payload: Uint8Array, encoding: SmsEncoding): string {
  if (encoding === 'GSM-7') return decodeGsm(payload);
  let text = '';
  for (let at = 0; at + 1 < payload.length; at += 2) {
    text += String.fromCharCode(((payload[at] ?? 0) << 8) | (payload[at + 1] ?? 0));
  }
  return text;
}

/** Splits a text into short messages, joined by a header when there is more than one. */
export function splitSms(text: string, options: SplitOptions = {}): SplitSms {
  const bits = options.referenceBits ?? 8;
  const reference = (options.reference ?? 0) & (bits === 8 ? 0xff : 0xffff);
  const { encoding, units, parts } = smsLength(text, bits);
  if (parts > MOST_PARTS) return { encoding, units, parts: [] };
  if (parts === 1) return { encoding, units, parts: [{ payload: encodeSms(text, encoding), text }] };
  const starts = cuts(text, encoding, joinedCapacity(encoding, bits));
  return {
    encoding,
    units,
    parts: starts.map((start, index) => {
      const piece = text.slice(start, starts[index + 1] ?? text.length);
      return {
        udh: header(bits, reference, parts, index + 1),
        payload: encodeSms(piece, encoding),
        text: piece,
      };
    }),
  };
}

function header(bits: ReferenceBits, reference: number, total: number, sequence: number): Uint8Array {
  return bits === 8
    ? Uint8Array.of(5, JOIN_8, 3, reference, total, sequence)
    : Uint8Array.of(6, JOIN_16, 4, reference >> 8, reference & 0xff, total, sequence);
}

/** A short message as it came in: header, octets and encoding. */
export type ReceivedPart = { udh?: Uint8Array; payload: Uint8Array; encoding: SmsEncoding };

/** The whole text, or which parts (1-based) are still awaited. */
export type AssembledSms = { complete: true; text: string } | { complete: false; missing: number[] };

/** What a joining header says, or undefined when there is none or it makes no sense. */
export function readHeader(
  udh: Uint8Array | undefined,
): { reference: number; total: number; sequence: number } | undefined {
  if (udh === undefined) return undefined;
  for (let at = 1; at + 1 < udh.length; at += 2 + (udh[at + 1] ?? 0)) {
    const wide = udh[at] === JOIN_16 && udh[at + 1] === 4;
    if (!wide && !(udh[at] === JOIN_8 && udh[at + 1] === 3)) continue;
    const [high = 0, low = 0] = wide ? [udh[at + 2], udh[at + 3]] : [0, udh[at + 2]];
    const total = udh[at + (wide ? 4 : 3)] ?? 0;
    const sequence = udh[at + (wide ? 5 : 4)] ?? 0;
    return sequence >= 1 && sequence <= total ? { reference: high * 256 + low, total, sequence } : undefined;
  }
  return undefined;
}

/** Joins the parts of one message, in whatever order they came; a part that came twice counts once. */
export function assembleSms(parts: readonly ReceivedPart[]): AssembledSms {
  const [first] = parts;
  if (first === undefined) return { complete: false, missing: [1] };
  const joined = readHeader(first.udh);
  if (joined === undefined) return { complete: true, text: decodeSms(first.payload, first.encoding) };
  const texts = new Map<number, string>();
  for (const { udh, payload, encoding } of parts) {
    const place = readHeader(udh);
    if (place?.reference === joined.reference && place.total === joined.total) {
      texts.set(place.sequence, decodeSms(payload, encoding));
    }
  }
  const sequences = Array.from({ length: joined.total }, (_, index) => index + 1);
  const missing = sequences.filter((sequence) => !texts.has(sequence));
  if (missing.length > 0) return { complete: false, missing };
  return { complete: true, text: sequences.map((sequence) => texts.get(sequence)).join('') };
}
