import { BrokenPdu, cString, readCStrings } from './pdu.js';

/** Optional parameters (§5.3.2) that we read or write. */
export const TLV = {
  receipted_message_id: 0x001e,
  user_message_reference: 0x0204,
  sar_msg_ref_num: 0x020c,
  sar_total_segments: 0x020e,
  sar_segment_seqnum: 0x020f,
  message_payload: 0x0424,
  message_state: 0x0427,
} as const;

/** The body of submit_sm and deliver_sm, which are alike (§4.4.1, §4.6.1). Only what we use has a name. */
export type ShortMessage = {
  source: string;
  sourceTon: number;
  destination: string;
  destinationTon: number;
  esmClass: number;
  registeredDelivery: number;
  dataCoding: number;
  message: Buffer;
  tlvs: ReadonlyMap<number, Buffer>;
};

/** Throws `BrokenPdu` when the fields do not fit into the body. */
export function readShortMessage(body: Buffer): ShortMessage {
  const service = readCStrings(body, 0, 1);
  const sourceTon = octet(body, service.end);
  const source = readCStrings(body, service.end + 2, 1);
  const destinationTon = octet(body, source.end);
  const destination = readCStrings(body, source.end + 2, 1);
  const esmClass = octet(body, destination.end);
  const times = readCStrings(body, destination.end + 3, 2);
  const registeredDelivery = octet(body, times.end);
  const dataCoding = octet(body, times.end + 2);
  const length = octet(body, times.end + 4);
  const start = times.end + 5;
  if (start + length > body.length) throw new BrokenPdu('sm_length is longer than the message');
  const tlvs = readTlvs(body.subarray(start + length));
  return {
    source: source.texts[0] ?? '',
    sourceTon,
    destination: destination.texts[0] ?? '',
    destinationTon,
    esmClass,
    registeredDelivery,
    dataCoding,
    message: tlvs.get(TLV.message_payload) ?? body.subarray(start, start + length),
    tlvs,
  };
}

export function writeShortMessage(each: ShortMessage): Buffer {
  return Buffer.concat([
    cString(''),
    Buffer.from([each.sourceTon, 1]),
    cString(each.source),
    Buffer.from([each.destinationTon, 1]),
    cString(each.destination),
    Buffer.from([each.esmClass, 0, 0]),
    cString(''),
    cString(''),
    Buffer.from([each.registeredDelivery, 0, each.dataCoding, 0, each.message.length]),
    each.message,
    ...[...each.tlvs].map(([tag, value]) => {
      const head = Buffer.alloc(4);
      head.writeUInt16BE(tag, 0);
      head.writeUInt16BE(value.length, 2);
      return Buffer.concat([head, value]);
    }),
  ]);
}

function readTlvs(rest: Buffer): Map<number, Buffer> {
  const tlvs = new Map<number, Buffer>();
  for (let at = 0; at + 4 <= rest.length;) {
    const end = at + 4 + rest.readUInt16BE(at + 2);
    if (end > rest.length) throw new BrokenPdu('an optional parameter is longer than the message');
    tlvs.set(rest.readUInt16BE(at), rest.subarray(at + 4, end));
    at = end;
  }
  return tlvs;
}

function octet(body: Buffer, at: number): number {
  const value = body[at];
  if (value === undefined) throw new BrokenPdu('the message ends too early');
  return value;
}
