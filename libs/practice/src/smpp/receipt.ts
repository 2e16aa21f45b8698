import type { OwedFact } from '../record/facts.js';
import { TLV, cString, writeShortMessage } from './pdu.js';
import { writeText } from './sms-text.js';

/** Final states of a message (SMPP 3.4 §5.2.28) under the words that receipts use for them (Appendix B). */
export const STATES = { DELIVRD: 2, EXPIRED: 3, UNDELIV: 5 } as const;
export type State = keyof typeof STATES;

/** esm_class of a receipt (§5.2.12): "SMSC Delivery Receipt". */
const IS_RECEIPT = 0x04;
const INTERNATIONAL = 1;

/** The body of the deliver_sm that settles a debt: a receipt, or what a telephone wrote. */
export function deliverBody(owed: OwedFact, now: number): Buffer {
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
  const delivered = owed.what === 'DELIVRD';
  const words = [
    `id:${owed.about} sub:001 dlvrd:${delivered ? '001' : '000'}`,
    `submit date:${shortDate(owed.dueAt)} done date:${shortDate(now)}`,
    `stat:${owed.what} err:${delivered ? '000' : '027'} text:`,
  ].join(' ');
  const tlvs = new Map<number, Buffer>([
    [TLV.receipted_message_id, cString(owed.about)],
    [TLV.message_state, Buffer.from([STATES[owed.what]])],
  ]);
  return writeShortMessage({
    ...addresses,
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
