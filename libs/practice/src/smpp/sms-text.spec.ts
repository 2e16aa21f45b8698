import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { TLV, type ShortMessage } from './short-message.js';
import { readText, writeText } from './sms-text.js';

const message = (octets: readonly number[] | Buffer, more: Partial<ShortMessage> = {}): ShortMessage => ({
  source: '1',
  sourceTon: 1,
  destination: '2',
  destinationTon: 1,
  esmClass: 0,
  registeredDelivery: 0,
  dataCoding: 0,
  message: Buffer.from(octets),
  tlvs: new Map(),
  ...more,
});
const ucs2 = (text: string) => Buffer.from(text, 'utf16le').swap16();

describe('what a telephone shows', () => {
  it('reads GSM octets, with the letters that ASCII has elsewhere', () => {
    expect(readText(message([0x00, 0x02, 0x41, 0x1b, 0x65, 0x35]))).toEqual({
      read: 'text',
      text: '@$A€5',
      encoding: 'gsm7',
    });
  });

  it('reads brackets and braces only behind the escape', () => {
    const octets = [
      0x1b, 0x3c, 0x1b, 0x3e, 0x1b, 0x28, 0x1b, 0x29, 0x1b, 0x2f, 0x1b, 0x3d, 0x1b, 0x40, 0x1b, 0x14,
    ];
    expect(readText(message(octets))).toMatchObject({ text: '[]{}\\~|^' });
    expect(readText(message(Buffer.from('[act now]', 'latin1')))).toMatchObject({ text: 'Äact nowÑ' });
  });

  it('reads UCS-2, Welsh and emoji with it', () => {
    expect(readText(message(ucs2('dŵr 🌊'), { dataCoding: 8 }))).toEqual({
      read: 'text',
      text: 'dŵr 🌊',
      encoding: 'ucs2',
    });
  });

  it.each<[string, ShortMessage]>([
    ['an octet over 127 under coding 0', message([0x41, 0xe9])],
    ['an escape with nothing after it', message([0x41, 0x1b])],
    ['an escape before a letter that has no second meaning', message([0x1b, 0x41])],
    ['UCS-2 with an odd number of octets', message([0x00, 0x41, 0x00], { dataCoding: 8 })],
    ['half of a pair of surrogates', message(ucs2('🌊').subarray(0, 2), { dataCoding: 8 })],
    ['a coding that nobody speaks', message([0x41], { dataCoding: 4 })],
    ['a header longer than the message', message([0x20, 0x00], { esmClass: 0x40 })],
  ])('does not take %s', (_, bad) => {
    expect(readText(bad).read).toBe('undecodable');
  });

  const header = Buffer.from([5, 0, 3, 7, 2, 1]);
  const joined = (words: Buffer, dataCoding = 0) =>
    message(Buffer.concat([header, words]), { esmClass: 0x40, dataCoding });
  it.each<[string, ShortMessage, string]>([
    ['160 septets', message(Buffer.alloc(160, 0x41)), 'text'],
    ['161 septets', message(Buffer.alloc(161, 0x41)), 'too-long'],
    ['153 septets after a header', joined(Buffer.alloc(153, 0x41)), 'text'],
    ['154 septets after a header', joined(Buffer.alloc(154, 0x41)), 'too-long'],
    ['70 units of UCS-2', message(ucs2('ŵ'.repeat(70)), { dataCoding: 8 }), 'text'],
    ['71 units of UCS-2', message(ucs2('ŵ'.repeat(71)), { dataCoding: 8 }), 'too-long'],
    ['67 units after a header', joined(ucs2('ŵ'.repeat(67)), 8), 'text'],
    ['68 units after a header', joined(ucs2('ŵ'.repeat(68)), 8), 'too-long'],
  ])('measures %s', (_, given, read) => {
    expect(readText(given).read).toBe(read);
  });

  it('takes any length in message_payload', () => {
    const payload = Buffer.alloc(400, 0x41);
    expect(readText(message(payload, { tlvs: new Map([[TLV.message_payload, payload]]) })).read).toBe('text');
  });

  it('knows a part by its header, with a short or a long reference, and by the SAR parameters', () => {
    expect(readText(joined(Buffer.from('x')))).toMatchObject({ joined: { reference: 7, of: 2, number: 1 } });
    const long = message([6, 8, 4, 1, 0, 3, 2, 0x41], { esmClass: 0x40 });
    expect(readText(long)).toMatchObject({ text: 'A', joined: { reference: 256, of: 3, number: 2 } });
    const tlvs = new Map([
      [TLV.sar_msg_ref_num, Buffer.from([1, 1])],
      [TLV.sar_total_segments, Buffer.from([4])],
      [TLV.sar_segment_seqnum, Buffer.from([3])],
    ] as [number, Buffer][]);
    expect(readText(message([0x41], { tlvs }))).toMatchObject({
      joined: { reference: 257, of: 4, number: 3 },
    });
  });

  it.each([
    ['the third of two', [5, 0, 3, 7, 2, 3]],
    ['the part before the first', [5, 0, 3, 7, 2, 0]],
    ['a part of none', [5, 0, 3, 7, 0, 0]],
    ['a part of none, with a long reference', [6, 8, 4, 1, 0, 0, 1]],
    ['a header cut short', [4, 0, 2, 7, 2]],
  ])('shows alone what cannot be a part: %s (3GPP TS 23.040 §9.2.3.24.1)', (_, header) => {
    const read = readText(message([...header, 0x41], { esmClass: 0x40 }));
    expect(read).toEqual({ read: 'text', text: 'A', encoding: 'gsm7' });
  });

  it('shows alone a part whose SAR parameters cannot be', () => {
    const sar = (number: number, of: number) =>
      new Map([
        [TLV.sar_msg_ref_num, Buffer.from([0, 7])],
        [TLV.sar_total_segments, Buffer.from([of])],
        [TLV.sar_segment_seqnum, Buffer.from([number])],
      ] as [number, Buffer][]);
    expect(readText(message([0x41], { tlvs: sar(2, 2) }))).toHaveProperty('joined');
    for (const tlvs of [sar(3, 2), sar(0, 2), sar(1, 0)])
      expect(readText(message([0x41], { tlvs }))).not.toHaveProperty('joined');
  });

  it('skips other things in the header', () => {
    expect(readText(message([9, 0x05, 2, 1, 1, 0, 3, 9, 2, 2, 0x41], { esmClass: 0x40 }))).toMatchObject({
      text: 'A',
      joined: { reference: 9, of: 2, number: 2 },
    });
  });

  it('reads back whatever it wrote', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 30 }), (text) => {
        const { dataCoding, message: octets } = writeText(text);
        const payload = new Map([[TLV.message_payload as number, octets]]);
        const read = readText(message(octets, { dataCoding, tlvs: payload }));
        expect(read).toMatchObject({ read: 'text', text });
      }),
      { seed: 20261121 },
    );
  });
});
