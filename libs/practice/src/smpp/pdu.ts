/** Command ids of SMPP 3.4 §5.1.2.1; an answer has the top bit set. */
export const COMMAND = {
  bind_receiver: 0x01,
  bind_transmitter: 0x02,
  query_sm: 0x03,
  submit_sm: 0x04,
  deliver_sm: 0x05,
  unbind: 0x06,
  bind_transceiver: 0x09,
  enquire_link: 0x15,
} as const;
export const ANSWER = 0x80000000;
/** generic_nack is an answer to nothing in particular. */
export const GENERIC_NACK = 0x80000000;

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

/** One protocol unit: the header's numbers and the octets after it. */
export type Pdu = { command: number; status: number; sequence: number; body: Buffer };

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

const HEADER = 16;
const MOST = 64 * 1024;

/** The stream is no longer a stream of units: whoever reads it answers generic_nack and drops the link. */
export class BrokenPdu extends Error {}

/** Cuts a byte stream into units. Throws `BrokenPdu` for a length that cannot be. */
export class PduReader {
  private rest: Buffer = Buffer.alloc(0);

  *read(chunk: Buffer): Generator<Pdu> {
    this.rest = this.rest.length === 0 ? chunk : Buffer.concat([this.rest, chunk]);
    while (this.rest.length >= 4) {
      const length = this.rest.readUInt32BE(0);
      if (length < HEADER || length > MOST) throw new BrokenPdu(`a unit of ${length} octets`);
      if (this.rest.length < length) return;
      const unit = this.rest.subarray(0, length);
      this.rest = this.rest.subarray(length);
      yield {
        command: unit.readUInt32BE(4),
        status: unit.readUInt32BE(8),
        sequence: unit.readUInt32BE(12),
        body: unit.subarray(HEADER),
      };
    }
  }
}

export function writePdu({ command, status, sequence, body }: Pdu): Buffer {
  const header = Buffer.alloc(HEADER);
  header.writeUInt32BE(HEADER + body.length, 0);
  header.writeUInt32BE(command >>> 0, 4);
  header.writeUInt32BE(status >>> 0, 8);
  header.writeUInt32BE(sequence >>> 0, 12);
  return Buffer.concat([header, body]);
}

/** A text ended by a zero octet. */
export function cString(text: string): Buffer {
  return Buffer.from(`${text}\0`, 'latin1');
}

/** Reads `count` such texts from the start of a body, and where they end. Throws `BrokenPdu` when one has no end. */
export function readCStrings(body: Buffer, from: number, count: number): { texts: string[]; end: number } {
  const texts: string[] = [];
  let at = from;
  for (let n = 0; n < count; n += 1) {
    const end = body.indexOf(0, at);
    if (end === -1) throw new BrokenPdu('a text without an end');
    texts.push(body.toString('latin1', at, end));
    at = end + 1;
  }
  return { texts, end: at };
}

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
