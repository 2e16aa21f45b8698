import { describe, expect, it } from '@jest/globals';
import { cidOf, dagCbor } from './cid.js';

describe('the content id of a record', () => {
  // Ids that the whole IPLD world knows for these two values.
  it.each([
    [{}, 'bafyreigbtj4x7ip5legnfznufuopl4sg4knzc2cof6duas4b3q2fy6swua'],
    [{ hello: 'world' }, 'bafyreidykglsfhoixmivffc5uwhcgshx4j465xwqntbmu43nb2dzqwfvae'],
  ])('of %j is the one that every other implementation computes', (record, cid) => {
    expect(cidOf(record)).toBe(cid);
  });

  it('does not depend on the order in which the fields were written', () => {
    expect(cidOf({ text: 'FLOOD', langs: ['en'] })).toBe(cidOf({ langs: ['en'], text: 'FLOOD' }));
  });

  it('changes when one letter does', () => {
    expect(cidOf({ text: 'FLOOD' })).not.toBe(cidOf({ text: 'FLOOd' }));
  });
});

describe('DAG-CBOR', () => {
  it.each<[unknown, string]>([
    [0, '00'],
    [23, '17'],
    [24, '1818'],
    [1000, '1903e8'],
    [1_000_000, '1a000f4240'],
    [1_000_000_000_000, '1b000000e8d4a51000'],
    [-1, '20'],
    [-1000, '3903e7'],
    [null, 'f6'],
    [[true, false], '82f5f4'],
    ['ŵ', '62c5b5'],
    [{ $bytes: 'AQID' }, '43010203'],
    [{ bb: 1, a: 2 }, 'a261610262626201'],
  ])('writes %j as RFC 8949 does', (value, hex) => {
    expect(dagCbor(value).toString('hex')).toBe(hex);
  });

  it('writes a link as tag 42 over the id in binary', () => {
    const cid = cidOf({});
    expect(dagCbor({ $link: cid }).subarray(0, 9).toString('hex')).toBe('d82a58250001711220');
    expect(dagCbor({ $link: cid })).toHaveLength(41);
  });

  it('refuses a fraction, which a record cannot hold', () => {
    expect(() => dagCbor({ level: 4.2 })).toThrow(/fraction/);
  });
});
