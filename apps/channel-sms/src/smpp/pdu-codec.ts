import { COMMANDS, COMMAND_NAMES, HEADER_OCTETS, type CommandName, type Pdu, type Tlvs } from './protocol.js';

/** The body of a PDU does not hold what its command demands; the frame was whole, so the link may go on. */
export class MalformedPdu extends Error {
  override readonly name = 'MalformedPdu';

  constructor(
    readonly commandId: number,
    readonly sequence: number,
    detail: string,
  ) {
    super(`malformed SMPP PDU 0x${commandId.toString(16)}: ${detail}`);
  }
}

/** A command that this build does not know: answered by generic_nack when it is a request, else ignored. */
export type ForeignPdu = { command: 'foreign'; commandId: number; status: number; sequence: number };

const nameOf = new Map<number, CommandName>(COMMAND_NAMES.map((name) => [COMMANDS[name].id, name]));

/** Whether a command id is that of an answer (SMPP 3.4 §5.1.2: the highest bit). */
export const isAnswer = (commandId: number): boolean => commandId >= 0x8000_0000;

/** Writes one PDU. Throws a `RangeError` where a text is longer than its field or is not ISO 8859-1: that is our defect. */
export function encodePdu(pdu: Pdu): Buffer {
  const pieces: Uint8Array[] = [];
  const values: Readonly<Record<string, unknown>> = pdu;
  for (const field of COMMANDS[pdu.command].fields) {
    const value = values[field.name];
    if (field.kind === 'octet') pieces.push(Uint8Array.of(Number(value)));
    else if (field.kind === 'text') pieces.push(cString(field.name, String(value), field.most));
    else pieces.push(...shortMessage(value as Uint8Array));
  }
  for (const [tag, value] of pdu.tlvs) {
    const head = Buffer.alloc(4);
    head.writeUInt16BE(tag, 0);
    head.writeUInt16BE(value.length, 2);
    pieces.push(head, value);
  }
  const header = Buffer.alloc(HEADER_OCTETS);
  header.writeUInt32BE(
    pieces.reduce((sum, piece) => sum + piece.length, HEADER_OCTETS),
    0,
  );
  header.writeUInt32BE(COMMANDS[pdu.command].id, 4);
  header.writeUInt32BE(pdu.status, 8);
  header.writeUInt32BE(pdu.sequence, 12);
  return Buffer.concat([header, ...pieces]);
}

function cString(name: string, value: string, most: number): Buffer {
  const octets = Buffer.from(value, 'latin1');
  if (octets.length + 1 > most || octets.toString('latin1') !== value || octets.includes(0)) {
    throw new RangeError(`${name} must be at most ${most - 1} ISO 8859-1 characters without a zero`);
  }
  return Buffer.concat([octets, Uint8Array.of(0)]);
}

function shortMessage(octets: Uint8Array): [Uint8Array, Uint8Array] {
  // 254, not 255: SMPP 3.4 §5.2.22 keeps one back. Longer texts go as parts or as message_payload.
  if (octets.length > 254) throw new RangeError(`short_message is ${octets.length} octets, at most 254 fit`);
  return [Uint8Array.of(octets.length), octets];
}

/**
 * Reads one whole frame. Throws `MalformedPdu` when mandatory fields of a request are missing. Answers are read leniently:
 * many gateways leave out the body when the status is an error, and some forget the zero after the last text.
 */
export function decodePdu(frame: Buffer): Pdu | ForeignPdu {
  const commandId = frame.readUInt32BE(4);
  const status = frame.readUInt32BE(8);
  const sequence = frame.readUInt32BE(12);
  const command = nameOf.get(commandId);
  if (command === undefined) return { command: 'foreign', commandId, status, sequence };
  const fail = (detail: string): never => {
    throw new MalformedPdu(commandId, sequence, detail);
  };
  const read = isAnswer(commandId) ? () => undefined : fail;
  const fields: Record<string, string | number | Uint8Array> = {};
  let at = HEADER_OCTETS;
  for (const field of COMMANDS[command].fields) {
    if (at >= frame.length) read(`${field.name} is missing`);
    if (field.kind === 'text') {
      const zero = frame.indexOf(0, at);
      if (zero < 0 && at < frame.length) read(`${field.name} has no end`);
      const end = zero < 0 ? frame.length : zero;
      fields[field.name] = frame.toString('latin1', Math.min(at, frame.length), end);
      at = end + 1;
    } else if (field.kind === 'octet') {
      fields[field.name] = frame[at] ?? 0;
      at += 1;
    } else {
      const length = frame[at] ?? 0;
      if (at + 1 + length > frame.length) fail('short_message is cut off');
      fields[field.name] = Uint8Array.from(frame.subarray(at + 1, at + 1 + length));
      at += 1 + length;
    }
  }
  return { command, status, sequence, ...fields, tlvs: readTlvs(frame, at, read) } as Pdu;
}

function readTlvs(frame: Buffer, from: number, cutOff: (detail: string) => void): Tlvs {
  const tlvs = new Map<number, Uint8Array>();
  let at = from;
  while (at + 4 <= frame.length) {
    const length = frame.readUInt16BE(at + 2);
    const end = at + 4 + length;
    if (end > frame.length) {
      cutOff('an optional parameter is cut off');
      break;
    }
    tlvs.set(frame.readUInt16BE(at), Uint8Array.from(frame.subarray(at + 4, end)));
    at = end;
  }
  return tlvs; // up to three octets may be left over: padding that some gateways add
}
