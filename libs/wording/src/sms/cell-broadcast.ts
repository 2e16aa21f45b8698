import { cuts, smsUnits } from './sms-length.js';
import type { SmsEncoding } from './sms-length.js';

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
