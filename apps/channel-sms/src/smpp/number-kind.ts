/** Type and numbering plan of a number (SMPP 3.4 §5.2.5, §5.2.6). */
export type NumberKind = { ton: number; npi: number };

/** A telephone number with its country code. */
export const INTERNATIONAL: NumberKind = { ton: 1, npi: 1 };
const NETWORK_SPECIFIC: NumberKind = { ton: 3, npi: 0 };
const ALPHANUMERIC: NumberKind = { ton: 5, npi: 0 };
/** Longest short code; a telephone number has more digits. */
const SHORT_CODE_DIGITS = 6;

/** The kind of a sender by its look: a name, a short code of the network, or a telephone number. */
export function kindOf(sender: string): NumberKind {
  if (!/^\+?\d+$/.test(sender)) return ALPHANUMERIC;
  return sender.length <= SHORT_CODE_DIGITS ? NETWORK_SPECIFIC : INTERNATIONAL;
}
