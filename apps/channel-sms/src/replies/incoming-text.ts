import { decodeSms, readHeader } from '#wording';
import { TLV, type PduOf } from '../smpp/protocol.js';
import type { TextStyle } from '../sending/sms-form.js';

/** One text that came in, or one part of it. */
export type IncomingText = {
  /** The sender's number in E.164, with its plus; what stands there when it is no telephone number. */
  from: string;
  text: string;
  /** Where this part stands in a longer text. */
  joined?: { reference: number; total: number; number: number };
};

/** esm_class: a user data header stands before the text (SMPP 3.4 §5.2.12). */
const WITH_HEADER = 0x40;
const UCS2 = 8;
/** data_coding: IA5 and ISO 8859-1 (SMPP 3.4 §5.2.19). */
const ASCII = 1;
const LATIN1 = 3;

/** Reads a text from the public. Whatever its octets are, something readable comes out: it may be somebody in danger. */
export function readIncoming(
  pdu: PduOf<'deliver_sm'> | PduOf<'data_sm'>,
  alphabet: TextStyle['alphabet'],
): IncomingText {
  const short = pdu.command === 'deliver_sm' && pdu.message.length > 0 ? pdu.message : undefined;
  const octets = short ?? pdu.tlvs.get(TLV.messagePayload) ?? new Uint8Array();
  const headed = (pdu.esmClass & WITH_HEADER) !== 0 && octets.length > 0 ? octets[0]! + 1 : 0;
  const header = headed > 0 && headed <= octets.length ? octets.subarray(0, headed) : undefined;
  const text = decode(octets.subarray(header === undefined ? 0 : headed), pdu.dataCoding, alphabet);
  const from = senderOf(pdu);
  const place = readHeader(header) ?? bySar(pdu.tlvs);
  if (place === undefined || place.total < 2) return { from, text: clean(text) };
  return {
    from,
    text: clean(text),
    joined: { reference: place.reference, total: place.total, number: place.sequence },
  };
}

/** ton (SMPP 3.4 §5.2.5); the other types say nothing that the digits do not. */
const NATIONAL = 2;
/** Longest short code: nobody's telephone. */
const SHORT_CODE_DIGITS = 6;

/** National numbers are taken as British, as the import of subscribers takes them: else STOP would find nobody. */
function senderOf({ source, sourceTon }: { source: string; sourceTon: number }): string {
  const digits = source.replace(/\D/g, '');
  if (/[a-z]/i.test(source) || digits.length <= SHORT_CODE_DIGITS) return source;
  if (digits.startsWith('00')) return `+${digits.slice(2)}`;
  if (digits.startsWith('0')) return `+44${digits.slice(1)}`;
  return sourceTon === NATIONAL ? `+44${digits}` : `+${digits}`;
}

function decode(octets: Uint8Array, dataCoding: number, alphabet: TextStyle['alphabet']): string {
  if (isUcs2(dataCoding)) return decodeSms(octets, 'UCS-2');
  if (dataCoding === ASCII || dataCoding === LATIN1) return Buffer.from(octets).toString('latin1');
  return alphabet === 'latin1' ? Buffer.from(octets).toString('latin1') : decodeSms(octets, 'GSM-7');
}

/** Beyond the values of SMPP, gateways hand on the network's own coding: bits 3–2 name the alphabet (3GPP TS 23.038 §4). */
const isUcs2 = (dataCoding: number): boolean =>
  dataCoding === UCS2 ||
  (dataCoding >= 0x10 && dataCoding < 0x80 && (dataCoding & 0x0c) === 0x08) ||
  (dataCoding & 0xf0) === 0xe0; // a message is waiting, told in UCS-2

/** The parameters that some gateways use in place of a header (SMPP 3.4 §5.3.2.22–24). */
function bySar(
  tlvs: PduOf<'deliver_sm'>['tlvs'],
): { reference: number; total: number; sequence: number } | undefined {
  const reference = tlvs.get(TLV.sarReference);
  const [total = 0, sequence = 0] = [tlvs.get(TLV.sarTotal)?.[0], tlvs.get(TLV.sarNumber)?.[0]];
  if (reference?.length !== 2 || sequence < 1 || sequence > total) return undefined; // as of a header that makes no sense
  return { reference: (reference[0]! << 8) | reference[1]!, total, sequence };
}

/** What a database and a screen can hold: whole characters, no controls but the line end. */
const clean = (text: string): string =>
  text
    .toWellFormed()
    .replace(/\r\n?/g, '\n')
    .replace(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/g, '')
    .normalize('NFC');
