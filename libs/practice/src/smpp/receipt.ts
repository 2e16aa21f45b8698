import type { OwedFact } from '../record/facts.js';
import { cString } from './pdu.js';
import { TLV, writeShortMessage } from './short-message.js';
import { writeText } from './sms-text.js';

/** Final states of a message (SMPP 3.4 §5.2.28) under the words that receipts use for them (Appendix B). */
export const STATES = { DELIVRD: 2, EXPIRED: 3, UNDELIV: 5 } as const;
export type State = keyof typeof STATES;

/** esm_class of a receipt (§5.2.12): "SMSC Delivery Receipt". */
const IS_RECEIPT = 0x04;
const INTERNATIONAL = 1;

/** Where a receipt says what it is about, and how. Networks differ in all three, and clients must cope with each. */
export type ReceiptForm = {
  idIn: 'both' | 'text' | 'tlv';
  /** The id that submit_sm_resp gave in hexadecimal is written in decimal. */
  decimal: boolean;
  /** Source and destination as in the text that was sent, not turned round. */
  asSent: boolean;
};
/** The plainest form. */
export const RECEIPT_FORM: ReceiptForm = { idIn: 'both', decimal: false, asSent: false };

/** The body of the deliver_sm that settles a debt: a receipt, or what a telephone wrote. */
export function deliverBody(owed: OwedFact, now: number, form: ReceiptForm): Buffer {
  const addresses = {
    source: owed.from,
    sourceTon: INTERNATIONAL,
    destination: owed.to,
    destinationTon: INTERNATIONAL,
    registeredDelivery: 0,
  };
  if (!isState(owed.what)) {
    return writeShortMessage({ ...addresses, ...writeText(owed.about), esmClass: 0, tlvs: new Map() });
  }
  const turned = form.asSent ? { ...addresses, source: owed.to, destination: owed.from } : addresses;
  const id = form.decimal ? String(parseInt(owed.about, 16)) : owed.about;
  const delivered = owed.what === 'DELIVRD';
  const words = [
    `${form.idIn === 'tlv' ? '' : `id:${id} `}sub:001 dlvrd:${delivered ? '001' : '000'}`,
    `submit date:${shortDate(owed.dueAt)} done date:${shortDate(now)}`,
    `stat:${owed.what} err:${delivered ? '000' : '027'} text:`,
  ].join(' ');
  const tlvs = new Map<number, Buffer>();
  if (form.idIn !== 'text') {
    tlvs.set(TLV.receipted_message_id, cString(id));
    tlvs.set(TLV.message_state, Buffer.from([STATES[owed.what]]));
  }
  return writeShortMessage({
    ...turned,
    esmClass: IS_RECEIPT,
    dataCoding: 0,
    message: Buffer.from(words),
    tlvs,
  });
}

function isState(what: string): what is State {
  return what in STATES;
}

/** YYMMDDhhmm, as Appendix B has it. */
function shortDate(ms: number): string {
  return new Date(ms).toISOString().replace(/\D/g, '').slice(2, 12);
}
