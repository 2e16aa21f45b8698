import { describe, expect, it } from '@jest/globals';
import { BrokenPdu, COMMAND, PduReader, writePdu } from './pdu.js';
import { TLV, readShortMessage, writeShortMessage, type ShortMessage } from './short-message.js';

const enquiry = (sequence: number) =>
  writePdu({ command: COMMAND.enquire_link, status: 0, sequence, body: Buffer.alloc(0) });
const text: ShortMessage = {
  source: 'LARUM',
  sourceTon: 5,
  destination: '447700900123',
  destinationTon: 1,
  esmClass: 0x40,
  registeredDelivery: 1,
  dataCoding: 8,
  message: Buffer.from([0x01, 0x75]),
  tlvs: new Map([[TLV.user_message_reference, Buffer.from([0x12, 0x34])]]),
};

describe('cutting a stream into units', () => {
  it('finds them wherever the packets were cut', () => {
    const stream = Buffer.concat([enquiry(1), enquiry(2), enquiry(3)]);
    for (let cut = 1; cut < stream.length; cut += 1) {
      const reader = new PduReader();
      const units = [...reader.read(stream.subarray(0, cut)), ...reader.read(stream.subarray(cut))];
      expect(units.map(({ sequence }) => sequence)).toEqual([1, 2, 3]);
    }
  });

  it.each([0, 15, 64 * 1024 + 1, 0xffffffff])('stops at a unit of %d octets', (length) => {
    const head = Buffer.alloc(16);
    head.writeUInt32BE(length);
    expect(() => [...new PduReader().read(head)]).toThrow(BrokenPdu);
  });

  it('writes an answer with the top bit set', () => {
    const bytes = writePdu({
      command: 0x80000015,
      status: 0x58,
      sequence: 0x7fffffff,
      body: Buffer.from('x'),
    });
    expect(bytes.toString('hex')).toBe('0000001180000015000000587fffffff78');
  });
});

describe('a short message', () => {
  it('is read as it was written', () => {
    expect(readShortMessage(writeShortMessage(text))).toEqual(text);
  });

  it('takes its words from message_payload when they are there', () => {
    const payload = Buffer.alloc(300, 0x41);
    const long = {
      ...text,
      message: Buffer.alloc(0),
      tlvs: new Map([[TLV.message_payload as number, payload]]),
    };
    expect(readShortMessage(writeShortMessage(long)).message).toEqual(payload);
  });

  it('is not read when it ends anywhere too early', () => {
    const whole = writeShortMessage({ ...text, tlvs: new Map() });
    for (let end = 0; end < whole.length; end += 1) {
      expect(() => readShortMessage(whole.subarray(0, end))).toThrow(BrokenPdu);
    }
  });

  it('is not read when an optional parameter says it is longer than it is', () => {
    const whole = writeShortMessage(text);
    expect(() => readShortMessage(whole.subarray(0, -1))).toThrow(/optional parameter/);
  });
});
