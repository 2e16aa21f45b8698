import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { aReceipt } from '../testing/scripted-smsc.js';
import { TLV } from '../smpp/protocol.js';
import { isReceipt, plainId, readReceipt } from './delivery-receipt.js';

const words = (text: string, more = {}) => ({
  ...aReceipt(1, ''),
  message: Buffer.from(text, 'latin1'),
  ...more,
});
const tlvs = (id: string, state: number) =>
  new Map([
    [TLV.receiptedMessageId, Buffer.from(id)],
    [TLV.messageState, Uint8Array.of(state)],
  ] as [number, Uint8Array][]);

describe('a receipt', () => {
  it.each([
    [0x04, true],
    [0x20, true],
    [0x44, true], // with a header as well
    [0x00, false],
    [0x08, false], // a reader's own acknowledgement
    [0x40, false],
  ])('is told by its esm_class alone: %i', (esmClass, is) => expect(isReceipt({ esmClass })).toBe(is));

  it.each([
    [
      'id:0123456789 sub:001 dlvrd:001 submit date:2611211000 done date:2611211001 stat:DELIVRD err:000 text:Flood',
      '0123456789',
      'delivered',
      '000',
    ],
    [
      'id:7f3a sub:001 dlvrd:000 submit date:261121100000 done date:261121100142 stat:UNDELIV err:034 text:',
      '7f3a',
      'undeliverable',
      '034',
    ],
    ['ID: 42 STAT:EXPIRED ERR:1', '42', 'expired', '1'],
    ['id:42 stat:ACCEPTD err:000 text:stat:DELIVRD', '42', 'accepted', '000'],
    ['id:42 stat:DELIVERED', '42', 'delivered', ''],
    ['id:42 stat:SOMETHING', '42', 'unknown', ''],
    ['id:42 stat:2 err:000', '42', 'delivered', '000'], // the number in place of the word
    ['id:42 stat:5', '42', 'undeliverable', ''],
    ['id:42 stat:', '42', 'unknown', ''],
    ['id:42 stat: err:017 text:', '42', 'unknown', '017'],
    ['id:42 err: stat:DELIVRD', '42', 'delivered', ''],
    ['id:aa:bb-01 stat:REJECTD', 'aa:bb-01', 'rejected', ''], // some ids hold colons
    ['sub:001 dlvrd:001 stat:DELIVRD err:000 id:42', '42', 'delivered', '000'], // in an order of its own
    ['id:42\r\nstat:DELIVRD\r\nerr:000', '42', 'delivered', '000'],
    [
      'id:42 sub:001 dlvrd:001 submit date:26112110000 done date:26-11-21 10:00 stat:DELIVRD',
      '42',
      'delivered',
      '',
    ],
  ])('is read from its text: %s', (text, messageId, state, error) => {
    expect(readReceipt(words(text), 'text')).toEqual({ messageId, state, error });
  });

  it('is read from its parameters first', () => {
    const both = words('id:wrong stat:UNDELIV err:5', { tlvs: tlvs('right\0', 2) });
    expect(readReceipt(both, 'text')).toEqual({ messageId: 'right', state: 'delivered', error: '5' });
  });

  it('is read from its parameters alone', () => {
    const error = new Map([...tlvs('a1', 5), [TLV.networkErrorCode, Uint8Array.of(3, 0x01, 0x02)]] as [
      number,
      Uint8Array,
    ][]);
    expect(readReceipt(words('', { tlvs: error }), 'text')).toEqual({
      messageId: 'a1',
      state: 'undeliverable',
      error: '258',
    });
  });

  it('is read from its text where its parameter is empty', () => {
    const empty = words('id:42 stat:EXPIRED err:9', {
      tlvs: new Map([[TLV.receiptedMessageId, Uint8Array.of(0)]]),
    });
    expect(readReceipt(empty, 'text')).toEqual({ messageId: '42', state: 'expired', error: '9' });
  });

  it('is read from its word where its state is no state of SMPP 3.4', () => {
    expect(readReceipt(words('stat:DELIVRD', { tlvs: tlvs('42', 9) }), 'text')).toMatchObject({
      state: 'delivered',
    });
    expect(readReceipt(words('', { tlvs: tlvs('42', 0) }), 'text')).toMatchObject({ state: 'unknown' });
  });

  it('may be written in UCS-2, behind a header, or as a payload', () => {
    const text = 'id:7f3a stat:DELIVRD err:000';
    const wide = Buffer.from(text, 'utf16le').swap16();
    const headed = Buffer.concat([Uint8Array.of(5, 0, 3, 1, 1, 1), Buffer.from(text)]);
    const payload = new Map([[TLV.messagePayload, Buffer.from(text)]]);
    for (const odd of [
      { message: wide, dataCoding: 8 },
      { message: wide.subarray(0, -1), dataCoding: 8 }, // half a character is missing
      { message: headed, esmClass: 0x44 },
      { message: new Uint8Array(), tlvs: payload },
    ])
      expect(readReceipt({ ...aReceipt(1, ''), ...odd }, 'text')).toMatchObject({
        messageId: '7f3a',
        state: 'delivered',
      });
  });

  it('by data_sm is read from its parameters', () => {
    const { message: _, ...rest } = aReceipt(1, '', 'DELIVRD', tlvs('00ff', 3));
    expect(readReceipt({ ...rest, command: 'data_sm' }, 'hex')).toMatchObject({
      messageId: '255',
      state: 'expired',
    });
  });

  it('whose id is empty is about nothing, not about the next field', () => {
    expect(readReceipt(words('id: sub:001 dlvrd:001 stat:DELIVRD'), 'text')).toBeUndefined();
    expect(readReceipt(words('id:'), 'text')).toBeUndefined();
  });

  it('on the way without a state is on the way', () => {
    expect(readReceipt(words('id:1', { esmClass: 0x20 }), 'text')).toMatchObject({ state: 'en-route' });
  });

  // A database holds no zero: one such receipt would keep every receipt that is written with it from being stored.
  it.each([
    ['id:42 stat:DELIVRD err:000\0', '000'],
    ['id:42 stat:DELIVRD err:0\x0000\0\0', '0'],
    ['id:42\0stat:DELIVRD\0', ''],
  ])('ends its words at a zero, as C does: %j', (text, error) => {
    expect(readReceipt(words(text), 'text')).toEqual({ messageId: '42', state: 'delivered', error });
  });

  it('with an id that no answer can have given is about nothing of ours', () => {
    expect(readReceipt(words(`id:${'7'.repeat(3_000)} stat:DELIVRD`), 'text')).toBeUndefined();
    expect(readReceipt(words(`id:${'f'.repeat(64)} stat:DELIVRD`), 'hex')).toMatchObject({
      state: 'delivered',
    });
  });

  it('that names no message is none', () => {
    expect(readReceipt(words('your message was delivered'), 'text')).toBeUndefined();
  });

  it('never breaks on what a gateway writes', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 120 }),
        fc.constantFrom(0, 8),
        fc.constantFrom(4, 0x44),
        (text, dataCoding, esmClass) => {
          expect(() => readReceipt(words(text, { dataCoding, esmClass }), 'hex')).not.toThrow();
        },
      ),
      { seed: 20261121 },
    );
  });
});

describe('a message id', () => {
  it('is the same number in hexadecimal and in decimal', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 2n ** 64n }), (id) => {
        expect(plainId(id.toString(16).toUpperCase(), 'hex')).toBe(
          plainId(id.toString().padStart(10, '0'), 'decimal'),
        );
      }),
      { seed: 20261121 },
    );
  });

  it('that is not of the announced form stays as it is', () => {
    expect(plainId('b7-x', 'hex')).toBe('b7-x');
    expect(plainId('7f', 'decimal')).toBe('7f');
    expect(plainId(' 007 ', 'text')).toBe('007');
  });
});
