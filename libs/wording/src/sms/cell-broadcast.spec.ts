import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { holds } from '../testing/holds.js';
import { anyText } from '../testing/written-text.js';
import { cellBroadcastLength, cellBroadcastPages, packSeptets } from './cell-broadcast.js';
import { decodeSms } from './split-sms.js';

const hex = (octets: Uint8Array | undefined) => Buffer.from(octets ?? []).toString('hex');

/** The other way round, written apart: bits in a row, seven at a time. */
function unpack(octets: Uint8Array, count: number): Uint8Array {
  const bits = Array.from(octets, (octet) =>
    octet.toString(2).padStart(8, '0').split('').reverse().join(''),
  ).join('');
  return Uint8Array.from({ length: count }, (_, index) =>
    Number.parseInt(
      bits
        .slice(index * 7, index * 7 + 7)
        .split('')
        .reverse()
        .join(''),
      2,
    ),
  );
}

describe('the pages of a cell broadcast', () => {
  it.each([
    ['93 letters', 'a'.repeat(93), 1],
    ['94 letters', 'a'.repeat(94), 2],
    ['a euro as the 93rd septet moves to page 2', `${'a'.repeat(92)}€`, 2],
    ['91 letters and a euro', `${'a'.repeat(91)}€`, 1],
    ['41 Welsh letters', 'ŵ'.repeat(41), 1],
    ['a wave as the 41st unit moves to page 2', `${'ŵ'.repeat(40)}🌊`, 2],
    ['1,395 letters', 'a'.repeat(1_395), 15],
    ['1,396 letters', 'a'.repeat(1_396), 16],
    ['616 Welsh letters', 'ŵ'.repeat(616), 16],
    ['nothing', '', 1],
    ['46 euros and a letter', `${'€'.repeat(46)}a`, 1],
    ['47 euros: the 93rd septet of a page is lost', '€'.repeat(47), 2],
    ['a bracket as the last two septets of a page', `${'a'.repeat(91)}[`, 1],
    ['20 waves and a letter', `${'🌊'.repeat(20)}a`, 1],
    ['21 waves: the 41st unit of a page is lost', '🌊'.repeat(21), 2],
    ['690 euros fill fifteen pages', '€'.repeat(690), 15],
    ['691 euros do not', '€'.repeat(691), 16],
    ['300 waves fill fifteen pages', '🌊'.repeat(300), 15],
    ['301 waves do not', '🌊'.repeat(301), 16],
    ['615 Welsh letters', 'ŵ'.repeat(615), 15],
  ])('%s', (_, text, pages) => expect(cellBroadcastLength(text).pages).toBe(pages));
});

describe('a cell broadcast as the broadcast centre takes it', () => {
  it('packs septets as the standard does', () => {
    expect(hex(packSeptets(Uint8Array.from('hello', (c) => c.charCodeAt(0))))).toBe('e8329bfd06');
    expect(hex(packSeptets(Uint8Array.from('hellohello', (c) => c.charCodeAt(0))))).toBe(
      'e8329bfd4697d9ec37',
    );
    expect(hex(packSeptets(new Uint8Array(0)))).toBe('');
  });

  it('has pages of 82 octets, filled up with carriage returns', () => {
    const { encoding, pages } = cellBroadcastPages('Leave now.');
    expect([encoding, pages.map((page) => page.length)]).toEqual(['GSM-7', [82]]);
    expect(decodeSms(unpack(pages[0] ?? new Uint8Array(0), 93), 'GSM-7')).toBe(
      `Leave now.${'\r'.repeat(83)}`,
    );
    const welsh = cellBroadcastPages('dŵr');
    expect(hex(welsh.pages[0]).startsWith('006401750072000d000d')).toBe(true);
  });

  it('has no pages at all when sixteen would be needed', () =>
    expect(cellBroadcastPages('a'.repeat(1_396))).toEqual({ encoding: 'GSM-7', pages: [] }));

  it('is read back as it was written', () =>
    holds(
      fc.property(anyText(60), (text) => {
        const { encoding, pages } = cellBroadcastPages(text);
        const read = pages.map((page) =>
          decodeSms(encoding === 'GSM-7' ? unpack(page, 93) : page, encoding).replace(/\r+$/, ''),
        );
        expect(read.join('').replace(/\r/g, '')).toBe(text.replace(/\r/g, ''));
        expect(pages.length).toBe(cellBroadcastLength(text).pages);
      }),
    ));
});
