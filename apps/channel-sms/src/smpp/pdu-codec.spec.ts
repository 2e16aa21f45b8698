import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { aText } from '../testing/scripted-smsc.js';
import { decodePdu, encodePdu, MalformedPdu } from './pdu-codec.js';
import { BadLength, PduFrames } from './pdu-frames.js';
import { COMMAND_NAMES, COMMANDS, TLV, type Pdu } from './protocol.js';

const none: ReadonlyMap<number, Uint8Array> = new Map();

/** Any PDU that the protocol allows, of any command. */
const anyPdu: fc.Arbitrary<Pdu> = fc.constantFrom(...COMMAND_NAMES).chain((command) => {
  const octet = fc.integer({ min: 0, max: 255 });
  const letter = fc.integer({ min: 1, max: 255 }).map((code) => String.fromCharCode(code));
  const fields = Object.fromEntries(
    COMMANDS[command].fields.map((field) => [
      field.name,
      field.kind === 'octet'
        ? octet
        : field.kind === 'text'
          ? fc.string({ unit: letter, maxLength: field.most - 1 })
          : fc.uint8Array({ maxLength: 254 }),
    ]),
  );
  return fc
    .record({
      ...fields,
      command: fc.constant(command),
      status: fc.integer({ min: 0, max: 0xffff_ffff }),
      sequence: fc.integer({ min: 1, max: 0x7fff_ffff }),
      tlvs: fc
        .array(fc.tuple(fc.integer({ min: 1, max: 0xffff }), fc.uint8Array({ maxLength: 600 })), {
          maxLength: 4,
        })
        .map((pairs) => new Map(pairs)),
    })
    .map((pdu) => pdu as unknown as Pdu);
});

describe('a PDU', () => {
  it('comes back from the wire as it was, whatever stands in it', () => {
    fc.assert(
      fc.property(anyPdu, (pdu) => void expect(decodePdu(encodePdu(pdu))).toEqual(pdu)),
      { seed: 20261121 },
    );
  });

  it('is the same wherever the network cut the stream', () => {
    fc.assert(
      fc.property(
        fc.array(anyPdu, { minLength: 1, maxLength: 6 }),
        fc.array(fc.integer({ min: 1, max: 97 }), { minLength: 1 }),
        (pdus, sizes) => {
          const stream = Buffer.concat(pdus.map(encodePdu));
          const frames = new PduFrames();
          const read: unknown[] = [];
          for (let at = 0, n = 0; at < stream.length; n += 1) {
            const size = sizes[n % sizes.length]!;
            for (const frame of frames.push(stream.subarray(at, at + size))) read.push(decodePdu(frame));
            at += size;
          }
          expect(read).toEqual(pdus);
        },
      ),
      { seed: 20261121 },
    );
  });

  it('stands on the wire as SMPP 3.4 §3.2 shows its bind_transmitter', () => {
    const pdu: Pdu = {
      command: 'bind_transmitter',
      status: 0,
      sequence: 1,
      systemId: 'SMPP3TEST',
      password: 'secret08',
      systemType: 'SUBMIT1',
      interfaceVersion: 0x50,
      addrTon: 1,
      addrNpi: 1,
      addressRange: '',
      tlvs: none,
    };
    expect(encodePdu(pdu).toString('hex')).toBe(
      '0000002f000000020000000000000001' +
        '534d5050335445535400' +
        '736563726574303800' +
        '5355424d49543100' +
        '50010100',
    );
  });

  it('keeps an optional parameter that nobody knows yet', () => {
    const tlvs = new Map([[0x1400, Uint8Array.of(1, 2)]]);
    const pdu = { ...aText(), command: 'submit_sm', status: 0, sequence: 9, tlvs } as Pdu;
    expect(decodePdu(encodePdu(pdu)).command === 'submit_sm' && decodePdu(encodePdu(pdu))).toMatchObject({
      tlvs,
    });
  });

  it('of a command that nobody knows is named, not refused', () => {
    const frame = Buffer.from('00000010000001120000000000000007', 'hex');
    expect(decodePdu(frame)).toEqual({ command: 'foreign', commandId: 0x112, status: 0, sequence: 7 });
  });

  it('with a text of 255 octets is our defect, found before it leaves', () => {
    const long = { ...aText('x'.repeat(255)), command: 'submit_sm', status: 0, sequence: 1 } as Pdu;
    expect(() => encodePdu(long)).toThrow(/at most 254/);
  });

  it('with a sender that is too long, or not Latin, or with a zero in it, is our defect as well', () => {
    for (const source of ['x'.repeat(21), 'ŵ', 'a\u0000b']) {
      const wrong = { ...aText(), source, command: 'submit_sm', status: 0, sequence: 1 } as Pdu;
      expect(() => encodePdu(wrong)).toThrow(RangeError);
    }
  });

  it('whose text is cut off is refused by its sequence number', () => {
    const whole = encodePdu({ ...aText('0123456789'), command: 'submit_sm', status: 0, sequence: 5 } as Pdu);
    const cut = whole.subarray(0, whole.length - 4);
    expect(() => decodePdu(cut)).toThrow(MalformedPdu);
    expect(() => decodePdu(cut)).toThrow(/cut off/);
  });

  it('that answers with an error needs no body', () => {
    const frame = Buffer.from('00000010800000040000005800000003', 'hex');
    expect(decodePdu(frame)).toMatchObject({ command: 'submit_sm_resp', status: 0x58, messageId: '' });
  });

  it('that answers without the zero after its message id is still read', () => {
    const frame = Buffer.from(`0000001380000004${'0'.repeat(8)}00000003414243`, 'hex');
    expect(decodePdu(frame)).toMatchObject({ messageId: 'ABC' });
  });

  it('carries a text of 2,000 octets as message_payload', () => {
    const tlvs = new Map([[TLV.messagePayload, new Uint8Array(2_000).fill(65)]]);
    const pdu = { ...aText(''), command: 'submit_sm', status: 0, sequence: 1, tlvs } as Pdu;
    expect((decodePdu(encodePdu(pdu)) as Pdu).tlvs.get(TLV.messagePayload)).toHaveLength(2_000);
  });

  it('never breaks the reader, whatever its octets are', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 12, maxLength: 200 }),
        fc.constantFrom(...COMMAND_NAMES),
        (body, name) => {
          const frame = Buffer.concat([Buffer.alloc(4), body]);
          frame.writeUInt32BE(COMMANDS[name].id, 4);
          try {
            expect(decodePdu(Buffer.concat([frame, Buffer.alloc(4)])).command).toBe(name);
          } catch (error) {
            expect(error).toBeInstanceOf(MalformedPdu);
          }
        },
      ),
      { seed: 20261121 },
    );
  });
});

describe('a stream of PDUs', () => {
  const announcing = (length: number) => {
    const octets = Buffer.alloc(16);
    octets.writeUInt32BE(length, 0);
    return octets;
  };

  it.each([0, 15, 65_537, 0xffff_ffff])('is given up when a PDU of %i octets is announced', (length) => {
    expect(() => [...new PduFrames().push(announcing(length))]).toThrow(BadLength);
  });

  it.each([16, 65_536])('goes on when a PDU of %i octets is announced', (length) => {
    expect(() => [...new PduFrames().push(announcing(length))]).not.toThrow();
  });
});
