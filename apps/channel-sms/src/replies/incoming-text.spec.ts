import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { aReceipt } from '../testing/scripted-smsc.js';
import { TLV, type PduOf } from '../smpp/protocol.js';
import { readIncoming } from './incoming-text.js';

const came = (message: Uint8Array, more: Partial<PduOf<'deliver_sm'>> = {}): PduOf<'deliver_sm'> => ({
  ...aReceipt(1, ''),
  esmClass: 0,
  source: '447700900123',
  message,
  ...more,
});
const utf16 = (text: string) => Buffer.from(text, 'utf16le').swap16();

describe('a text from the public', () => {
  it.each([
    ['in the GSM alphabet', came(Uint8Array.of(0x00, 0x1b, 0x65, 0x41)), '@€A'],
    ['in UCS-2', came(utf16('dŵr 🌊'), { dataCoding: 8 }), 'dŵr 🌊'],
    ['in Latin letters', came(Buffer.from('é@', 'latin1'), { dataCoding: 3 }), 'é@'],
    ['in ASCII', came(Buffer.from('a@b'), { dataCoding: 1 }), 'a@b'],
    [
      'as a payload',
      came(new Uint8Array(), { tlvs: new Map([[TLV.messagePayload, Buffer.from('long')]]) }),
      'long',
    ],
  ])('is read %s', (_, pdu, text) =>
    expect(readIncoming(pdu, 'gsm')).toEqual({ from: '+447700900123', text }),
  );

  it('is read in the alphabet of its gateway', () => {
    expect(readIncoming(came(Buffer.from('@', 'latin1')), 'latin1').text).toBe('@');
    expect(readIncoming(came(Buffer.from('@', 'latin1')), 'gsm').text).toBe('¡');
  });

  it('tells where a part of it stands', () => {
    const headed = came(Buffer.concat([Uint8Array.of(5, 0, 3, 9, 3, 2), Buffer.from('two')]), {
      esmClass: 0x40,
    });
    expect(readIncoming(headed, 'gsm')).toMatchObject({
      text: 'two',
      joined: { reference: 9, total: 3, number: 2 },
    });
    const sar: [number, Uint8Array][] = [
      [TLV.sarReference, Uint8Array.of(1, 2)],
      [TLV.sarTotal, Uint8Array.of(2)],
      [TLV.sarNumber, Uint8Array.of(1)],
    ];
    expect(readIncoming(came(Buffer.from('one'), { tlvs: new Map(sar) }), 'gsm').joined).toEqual({
      reference: 258,
      total: 2,
      number: 1,
    });
  });

  it.each(['00447700900123', '+447700900123', '447700900123'])(
    'comes from a number in E.164, however it is written: %s',
    (source) => {
      expect(readIncoming(came(Buffer.from('x'), { source }), 'gsm').from).toBe('+447700900123');
    },
  );

  it('always comes out as something that can be stored and shown', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 140 }),
        fc.constantFrom(0, 1, 3, 8, 4),
        fc.constantFrom(0, 0x40),
        (octets, dataCoding, esmClass) => {
          const { text } = readIncoming(came(octets, { dataCoding, esmClass }), 'gsm');
          expect(text.isWellFormed()).toBe(true);
          expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f]/);
        },
      ),
    );
  });
});
