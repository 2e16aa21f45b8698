import { cuts, smsUnits } from './sms-length.js';
import type { SmsEncoding } from './sms-length.js';
import { encodeSms } from './split-sms.js';

/** 3GPP TS 23.041 §9.4.2.2.5 and TS 23.038 §5: a page is 82 octets, 93 septets or 41 UTF-16 units; 15 pages at most. */
const PAGE = { 'GSM-7': 93, 'UCS-2': 41 } as const;
/** Pages of one cell-broadcast message. */
export const MAX_PAGES = 15;

/** Units and pages of a text as a cell broadcast, and the most that 15 pages hold in its encoding. */
export function cellBroadcastLength(text: string): {
  encoding: SmsEncoding;
  units: number;
  pages: number;
  max: number;
} {
  const { encoding, units } = smsUnits(text);
  const pages = cuts(text, encoding, PAGE[encoding]).length;
  return { encoding, units, pages, max: MAX_PAGES * PAGE[encoding] };
}

const CARRIAGE_RETURN = 0x0d;
/** TS 23.041 §9.4.2.2.5: octets of a page. */
const PAGE_OCTETS = 82;

/** Septets packed into octets, the first in the lowest bits (TS 23.038 §6.1.2.1). */
export function packSeptets(septets: Uint8Array): Uint8Array {
  const octets = new Uint8Array(Math.ceil((septets.length * 7) / 8));
  septets.forEach((septet, index) => {
    const bit = index * 7;
    const at = bit >> 3;
    const shift = bit & 7;
    octets[at] = (octets[at] ?? 0) | ((septet << shift) & 0xff);
    if (shift > 1) octets[at + 1] = (octets[at + 1] ?? 0) | (septet >> (8 - shift));
  });
  return octets;
}

/**
 * The pages of a cell broadcast, 82 octets each, as a broadcast centre takes them; what the text leaves free is filled with
 * carriage returns (TS 23.038 §6.1.2.3.1). Empty when the text needs more than 15 pages: nothing is cut.
 */
export function cellBroadcastPages(text: string): { encoding: SmsEncoding; pages: Uint8Array[] } {
  const { encoding } = smsUnits(text);
  const starts = cuts(text, encoding, PAGE[encoding]);
  if (starts.length > MAX_PAGES) return { encoding, pages: [] };
  const pages = starts.map((start, index) => {
    const piece = encodeSms(text.slice(start, starts[index + 1] ?? text.length), encoding);
    const filled = new Uint8Array(encoding === 'GSM-7' ? PAGE['GSM-7'] : PAGE_OCTETS);
    if (encoding === 'GSM-7') filled.fill(CARRIAGE_RETURN);
    else for (let at = 1; at < filled.length; at += 2) filled[at] = CARRIAGE_RETURN;
    filled.set(piece);
    if (encoding === 'UCS-2') return filled;
    const page = new Uint8Array(PAGE_OCTETS);
    page.set(packSeptets(filled));
    return page;
  });
  return { encoding, pages };
}
