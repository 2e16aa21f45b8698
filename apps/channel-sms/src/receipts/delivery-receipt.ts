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
  const octets =
    pdu.command === 'deliver_sm' && pdu.message.length > 0 ? pdu.message : pdu.tlvs.get(TLV.messagePayload);
  const words = Buffer.from(octets ?? []).toString('latin1');
  const named = pdu.tlvs.get(TLV.receiptedMessageId);
  const id = named === undefined ? field(words, 'id') : Buffer.from(named).toString('latin1');
  const messageId = plainId(id ?? '', form);
  if (messageId === '') return undefined;
  const code = pdu.tlvs.get(TLV.messageState)?.[0];
  const word = field(words, 'stat');
  const onTheWay: PartState = (pdu.esmClass & TYPE_BITS) === ON_THE_WAY ? 'en-route' : 'unknown';
  const state = stateOfCode(code) ?? stateOfWord(word) ?? onTheWay;
  return { messageId, state, error: field(words, 'err') ?? networkError(pdu.tlvs.get(TLV.networkErrorCode)) };
}

/** One `name:value` of the text; dates and the quoted message may hold spaces, these values never do. */
function field(words: string, name: string): string | undefined {
  return new RegExp(`(?:^|\\s)${name}:\\s?(\\S+)`, 'i').exec(words)?.[1];
}

/** Network type and two octets of code (SMPP 3.4 §5.3.2.31). */
function networkError(octets: Uint8Array | undefined): string {
  if (octets === undefined || octets.length < 3) return '';
  return String((octets[1]! << 8) | octets[2]!);
}
