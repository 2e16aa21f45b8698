import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { placeToCut, readLines, type ReadPiece, readText, readValue } from './character-data.js';

/** One character per byte, as the reader sees a document in UTF-8. */
const asBytes = (text: string): string => Buffer.from(text).toString('latin1');
const decoded = (piece: string): string => Buffer.from(piece, 'latin1').toString('utf8');
const read = (how: ReadPiece, text: string) => how(asBytes(text), 0, decoded);

describe('character data', () => {
  it.each([
    ['the five that XML knows', '&lt;&gt;&amp;&quot;&apos;', `<>&"'`],
    ['by number', '&#65;&#x41;&#x1F30A;&#0065;', 'AA🌊A'],
    ['that come of no second reading', '&amp;lt;', '&lt;'],
    ['to a carriage return, which stays one', 'a&#13;\r\nb', 'a\r\nb'],
    [
      'at the borders of what XML allows',
      '&#9;&#xD7FF;&#xE000;&#xFFFD;&#x10FFFF;',
      '\t\ud7ff\ue000\ufffd\u{10ffff}',
    ],
  ])('has references %s', (_, written, meant) => expect(read(readText, written)).toBe(meant));

  it.each([
    ['&nbsp;', 'an entity that is not declared'],
    ['a & b', 'a bare "&"'],
    ['&#65', 'a bare "&"'],
    ['&LT;', 'an entity that is not declared'],
    ['&#8;', 'a forbidden character'],
    ['&#xB;', 'a forbidden character'],
    ['&#xD800;', 'a forbidden character'],
    ['&#xDFFF;', 'a forbidden character'],
    ['&#xFFFE;', 'a forbidden character'],
    ['&#x110000;', 'a forbidden character'],
    ['&#99999999999999999999;', 'a forbidden character'],
    [']]>', '"]]>"'],
  ])('is refused with %s', (written, why) =>
    expect(read(readText, written)).toEqual({ wrong: expect.stringContaining(why) }),
  );

  it('has one line end for each of the three ways to write one (XML 1.0 §2.11)', () => {
    expect(read(readText, 'a\r\nb\rc\nd\r\r\n')).toBe('a\nb\nc\nd\n\n');
    expect(read(readLines, 'a\r\nb\rc &amp; ]]>')).toBe('a\nb\nc &amp; ]]>');
  });

  it('has a space for each white space in an attribute, but not for one by number (XML 1.0 §3.3.3)', () => {
    expect(read(readValue, 'a\r\nb\tc\nd\re&#10;f&#9;]]>')).toBe('a b c d e\nf\t]]>');
    expect(read(readValue, 'a < b')).toEqual({ wrong: '"<" inside an attribute value' });
  });
});

describe('a text that is cut in two', () => {
  it.each([
    ['at a letter', 'abcdef', 3, 3],
    ['before a letter of two bytes', 'abécd', 3, 2],
    ['before one of four', 'ab🌊cd', 4, 2],
    ['before a Windows line end', 'ab\r\ncd', 3, 2],
    ['before what may be "]]>"', 'ab]]>cd', 4, 2],
    ['before a reference', 'ab&amp;cd', 5, 2],
    ['behind a reference that is whole', 'ab&amp;cd', 7, 7],
    ['nowhere within a reference alone', '&amp;', 3, 0],
    ['nowhere within a letter alone', '🌊', 2, 0],
    ['nowhere between brackets alone', ']]]]]]', 4, 0],
  ])('is cut %s', (_, text, to, place) => expect(placeToCut(asBytes(text), 0, to)).toBe(place));

  it('does not look in front of its own beginning', () => {
    expect(placeToCut('&amp;abc', 3, 5)).toBe(5);
    expect(placeToCut('\n\n\n', 2, 2)).toBe(2);
  });

  it('says in parts what it says whole, wherever it is cut', () => {
    const pieces = [
      'a',
      ' ',
      'é',
      '€',
      '🌊',
      '\r',
      '\n',
      '\r\n',
      '\t',
      ']',
      '&amp;',
      '&#x20AC;',
      '&#0000065;',
      '&#13;',
    ];
    const texts = fc
      .array(fc.constantFrom(...pieces), { minLength: 1, maxLength: 30 })
      .map((all) => all.join(''));
    for (const how of [readText, readValue, readLines]) {
      fc.assert(
        fc.property(texts, fc.integer({ min: 1, max: 20 }), (text, step) => {
          const raw = asBytes(text);
          let parts = '';
          for (let at = 0; at < raw.length;) {
            const cut = raw.length - at <= step ? raw.length : placeToCut(raw, at, at + step);
            // The reader takes the rest as one when it finds no place; here the next byte, to try more places.
            const end = cut > at ? cut : raw.length;
            parts += String(how(raw.slice(at, end), at, decoded));
            at = end;
          }
          expect(parts).toBe(String(how(raw, 0, decoded)));
        }),
        { seed: 20261121, numRuns: 400 },
      );
    }
  });

  it('takes as long as it is, whatever stands in it', () => {
    for (const text of [
      '&'.repeat(200_000),
      ']'.repeat(200_000),
      '&amp'.repeat(50_000),
      '\x80'.repeat(200_000),
    ])
      expect(placeToCut(text, 0, 199_999)).toBeLessThan(200_000);
  });
});
