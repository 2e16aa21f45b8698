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

  it.each([
    ['07700900123', 2, '+447700900123'], // in the national form, which the import takes for British as well
    ['07700 900123', 0, '+447700900123'],
    ['7700900123', 2, '+447700900123'],
    ['353851234567', 1, '+353851234567'],
    ['0035385123456', 0, '+35385123456'],
  ])(
    'comes from whom the list knows, so that STOP takes effect: %s of type %i',
    (source, sourceTon, from) => {
      expect(readIncoming(came(Buffer.from('STOP'), { source, sourceTon }), 'gsm').from).toBe(from);
    },
  );

  it.each([
    ['a name', 'Operator', 5],
    ['a short code', '80818', 3],
    ['nobody', '', 0],
  ])('that comes from %s keeps what stands there: it is no number of a person', (_, source, sourceTon) => {
    expect(readIncoming(came(Buffer.from('x'), { source, sourceTon }), 'gsm').from).toBe(source);
  });

  it.each([0x18, 0x19, 0xe0])(
    'is read in UCS-2 also when its class or a waiting message is told with it: %i',
    (dataCoding) => {
      expect(readIncoming(came(utf16('dŵr'), { dataCoding }), 'gsm').text).toBe('dŵr');
    },
  );

  // 3GPP TS 23.040 §9.2.3.24.1 says so of the header; kept as a part of nothing, it would never be shown.
  it.each([
    [2, 0],
    [2, 3],
    [0, 1],
  ])('that says it is of %i parts and has the number %i is a text by itself', (total, number) => {
    const tlvs = new Map([
      [TLV.sarReference, Uint8Array.of(1, 2)],
      [TLV.sarTotal, Uint8Array.of(total)],
      [TLV.sarNumber, Uint8Array.of(number)],
    ]);
    expect(readIncoming(came(Buffer.from('help'), { tlvs }), 'gsm')).toEqual({
      from: expect.any(String),
      text: 'help',
    });
  });

  it('with a header that is longer than the text is still shown', () => {
    expect(readIncoming(came(Buffer.from('~ help'), { esmClass: 0x40 }), 'latin1').text).toBe('~ help');
  });

  it('always comes out as something that can be stored and shown', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 140 }),
        fc.constantFrom(0, 1, 3, 8, 4, 0x18, 0xf5),
        fc.constantFrom(0, 0x40),
        (octets, dataCoding, esmClass) => {
          const { text } = readIncoming(came(octets, { dataCoding, esmClass }), 'gsm');
          expect(text.isWellFormed()).toBe(true);
          expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f]/);
        },
      ),
      { seed: 20261121 },
    );
  });
});
