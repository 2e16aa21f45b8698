import { isHighSurrogate, isLowSurrogate } from '../text/code-points.js';
import { gsmCost } from './gsm-alphabet.js';

/** How a text message is carried: 7-bit default alphabet, or 16-bit units. */
export type SmsEncoding = 'GSM-7' | 'UCS-2';
/** Bits of the reference number that joins the parts (3GPP TS 23.040 §9.2.3.24.1 and §9.2.3.24.8). */
export type ReferenceBits = 8 | 16;

/** Octets of user data in one short message (TS 23.040 §9.2.3.16): 140, which are 160 septets or 70 UTF-16 units. */
const ALONE = { 'GSM-7': 160, 'UCS-2': 70 } as const;
/** What is left beside the joining header of 6 octets (8-bit reference) or 7 (16-bit). */
const JOINED = { 'GSM-7': { 8: 153, 16: 152 }, 'UCS-2': { 8: 67, 16: 66 } } as const;

/** Units (septets or UTF-16 units) that `parts` parts of a message hold. */
export function smsCapacity(encoding: SmsEncoding, parts: number, bits: ReferenceBits): number {
  return parts <= 1 ? ALONE[encoding] : parts * JOINED[encoding][bits];
}

/** Units that one part of a joined message holds. */
export function joinedCapacity(encoding: SmsEncoding, bits: ReferenceBits): number {
  return JOINED[encoding][bits];
}

/** The encoding that a text needs, and its units in it: septets with escapes, or UTF-16 units. */
export function smsUnits(text: string): { encoding: SmsEncoding; units: number } {
  let units = 0;
  for (let at = 0; at < text.length; at += 1) {
    const cost = gsmCost(text.charCodeAt(at));
    if (cost === 0) return { encoding: 'UCS-2', units: text.length };
    units += cost;
  }
  return { encoding: 'GSM-7', units };
}

/**
 * Where the pieces of a text begin when each holds `capacity` units and nothing that belongs together (an escaped
 * septet, a surrogate pair) lies on both sides of a cut. The first piece begins at 0; an empty text is one empty piece.
 */
export function cuts(text: string, encoding: SmsEncoding, capacity: number): number[] {
  const starts = [0];
  let filled = 0;
  for (let at = 0; at < text.length;) {
    const pair = isHighSurrogate(text.charCodeAt(at)) && isLowSurrogate(text.charCodeAt(at + 1));
    const length = pair ? 2 : 1;
    const cost = encoding === 'GSM-7' ? gsmCost(text.charCodeAt(at)) : length;
    if (filled + cost > capacity) {
      starts.push(at);
      filled = 0;
    }
    filled += cost;
    at += length;
  }
  return starts;
}

/** Parts that a text takes as a text message, with its encoding and units. */
export function smsLength(
  text: string,
  bits: ReferenceBits,
): { encoding: SmsEncoding; units: number; parts: number } {
  const { encoding, units } = smsUnits(text);
  if (units <= ALONE[encoding]) return { encoding, units, parts: 1 };
  return { encoding, units, parts: cuts(text, encoding, JOINED[encoding][bits]).length };
}
