import { TLV, type PduOf } from '../smpp/protocol.js';
import { stateOfCode, stateOfWord, type PartState } from './part-states.js';

/** What a gateway told about one part. `messageId` is as the answer to the submit_sm gave it, after normalising. */
export type DeliveryReceipt = { messageId: string; state: PartState; error: string };

/** How a gateway writes its message ids; many answer in hexadecimal and report in decimal, or the other way round. */
export type IdForm = 'text' | 'hex' | 'decimal';

/** Bits 2–5 of esm_class: a receipt from the gateway, and a notice on the way (SMPP 3.4 §5.2.12). */
const TYPE_BITS = 0x3c;
const RECEIPT = 0x04;
const ON_THE_WAY = 0x20;
/** A user data header stands before the text (SMPP 3.4 §5.2.12). */
const WITH_HEADER = 0x40;
/** data_coding of UCS-2 (SMPP 3.4 §5.2.19). */
const UCS2 = 8;
/** Digits of the longest id that an answer can give: 64 hexadecimal ones (SMPP 3.4 §4.4.2) are 78 in decimal. */
const LONGEST_ID = 78;

/** Whether a deliver_sm or data_sm tells about a text of ours, by its esm_class alone: what its text looks like proves nothing. */
export function isReceipt({ esmClass }: { esmClass: number }): boolean {
  const type = esmClass & TYPE_BITS;
  return type === RECEIPT || type === ON_THE_WAY;
}

/**
 * The same id in one form, however it was written: numbers in decimal, anything else as it stands. An id that is not of the
 * form that was announced stays as it is, so that at least an equal one is found.
 */
export function plainId(id: string, form: IdForm): string {
  const text = id.replaceAll('\0', '').trim();
  if (form === 'hex' && /^[0-9a-f]{1,64}$/i.test(text)) return BigInt(`0x${text}`).toString();
  if (form === 'decimal' && /^\d{1,64}$/.test(text)) return BigInt(text).toString();
  return text;
}

/**
 * Reads a receipt: the parameters first (SMPP 3.4 §5.3.2.12, §5.3.2.35), then the text of appendix B, which gateways write
 * each in its own way. Undefined when it names no message: then nobody can say what it is about.
 */
export function readReceipt(
  pdu: PduOf<'deliver_sm'> | PduOf<'data_sm'>,
  form: IdForm,
): DeliveryReceipt | undefined {
  const words = wordsOf(pdu);
  const named = plainId(Buffer.from(pdu.tlvs.get(TLV.receiptedMessageId) ?? []).toString('latin1'), form);
  const messageId = named === '' ? plainId(field(words, 'id') ?? '', form) : named;
  if (messageId === '' || messageId.length > LONGEST_ID) return undefined;
  const code = pdu.tlvs.get(TLV.messageState)?.[0];
  const word = field(words, 'stat');
  const onTheWay: PartState = (pdu.esmClass & TYPE_BITS) === ON_THE_WAY ? 'en-route' : 'unknown';
  const state = stateOfCode(code) ?? stateOfWord(word) ?? onTheWay;
  return { messageId, state, error: field(words, 'err') ?? networkError(pdu.tlvs.get(TLV.networkErrorCode)) };
}

/** The receipt's text, wherever and in whatever octets it stands; a header before it belongs to no receipt, and a zero ends a word. */
const wordsOf = (pdu: PduOf<'deliver_sm'> | PduOf<'data_sm'>): string => textOf(pdu).replaceAll('\0', ' ');

function textOf(pdu: PduOf<'deliver_sm'> | PduOf<'data_sm'>): string {
  const short = pdu.command === 'deliver_sm' && pdu.message.length > 0 ? pdu.message : undefined;
  const octets = Buffer.from(short ?? pdu.tlvs.get(TLV.messagePayload) ?? []);
  const text = (pdu.esmClass & WITH_HEADER) === 0 ? octets : octets.subarray((octets[0] ?? 0) + 1);
  if (pdu.dataCoding !== UCS2) return text.toString('latin1');
  return Buffer.from(text.subarray(0, text.length - (text.length % 2)))
    .swap16()
    .toString('utf16le');
}

/** The fields of appendix B: a value that begins as one of them is an empty value and the next field. */
const NAMES = '(?:id|sub|dlvrd|submit date|done date|stat|err|text):';

/** One `name:value` of the text; dates and the quoted message may hold spaces, these values never do. */
function field(words: string, name: string): string | undefined {
  return new RegExp(`(?:^|\\s)${name}:\\s?(?!${NAMES})(\\S+)`, 'i').exec(words)?.[1];
}

/** Network type and two octets of code (SMPP 3.4 §5.3.2.31). */
function networkError(octets: Uint8Array | undefined): string {
  if (octets === undefined || octets.length < 3) return '';
  return String((octets[1]! << 8) | octets[2]!);
}
