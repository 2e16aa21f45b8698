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

/** One protocol unit: the header's numbers and the octets after it. */
export type Pdu = { command: number; status: number; sequence: number; body: Buffer };

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
