import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { holds } from '../testing/holds.js';
import { decodeGsm, ESCAPE, gsmCost, gsmSeptet, isGsm } from './gsm-alphabet.js';

/** 3GPP TS 23.038 §6.2.1, column by column as the standard prints it: the row is the low hexadecimal digit of the septet. */
const COLUMNS: readonly (readonly string[])[] = [
  ['@', '£', '$', '¥', 'è', 'é', 'ù', 'ì', 'ò', 'Ç', '\n', 'Ø', 'ø', '\r', 'Å', 'å'],
  ['Δ', '_', 'Φ', 'Γ', 'Λ', 'Ω', 'Π', 'Ψ', 'Σ', 'Θ', 'Ξ', 'ESC', 'Æ', 'æ', 'ß', 'É'],
  [' ', '!', '"', '#', '¤', '%', '&', "'", '(', ')', '*', '+', ',', '-', '.', '/'],
  ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', ':', ';', '<', '=', '>', '?'],
  ['¡', 'A', 'B', 'C', 'D', 'E', 'F', 'G', 'H', 'I', 'J', 'K', 'L', 'M', 'N', 'O'],
  ['P', 'Q', 'R', 'S', 'T', 'U', 'V', 'W', 'X', 'Y', 'Z', 'Ä', 'Ö', 'Ñ', 'Ü', '§'],
  ['¿', 'a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j', 'k', 'l', 'm', 'n', 'o'],
  ['p', 'q', 'r', 's', 't', 'u', 'v', 'w', 'x', 'y', 'z', 'ä', 'ö', 'ñ', 'ü', 'à'],
];
const TABLE = COLUMNS.flatMap((column, high) =>
  column.map((character, low): [number, string] => [high * 16 + low, character]),
).filter(([, character]) => character !== 'ESC');

/** 3GPP TS 23.038 §6.2.1.1: what follows the escape. */
const EXTENSION: readonly (readonly [number, string])[] = [
  [0x0a, '\f'],
  [0x14, '^'],
  [0x28, '{'],
  [0x29, '}'],
  [0x2f, '\\'],
  [0x3c, '['],
  [0x3d, '~'],
  [0x3e, ']'],
  [0x40, '|'],
  [0x65, '€'],
];

describe('the default alphabet', () => {
  it('has 127 characters beside the escape', () => expect(TABLE).toHaveLength(127));

  it.each(TABLE)('septet 0x%x is %j', (septet, character) => {
    expect([gsmCost(character.charCodeAt(0)), gsmSeptet(character.charCodeAt(0))]).toEqual([1, septet]);
    expect(decodeGsm(Uint8Array.of(septet))).toBe(character);
  });
});

describe('the extension table', () => {
  it.each(EXTENSION)('escape and 0x%x are %j', (septet, character) => {
    expect([gsmCost(character.charCodeAt(0)), gsmSeptet(character.charCodeAt(0))]).toEqual([2, septet]);
    expect(decodeGsm(Uint8Array.of(ESCAPE, septet))).toBe(character);
  });

  it('shows the default character for a code that it does not have, as a phone would', () => {
    const known = new Set(EXTENSION.map(([septet]) => septet));
    for (const [septet, character] of TABLE)
      if (!known.has(septet)) expect(decodeGsm(Uint8Array.of(ESCAPE, septet))).toBe(character);
  });

  it('says nothing where an escape stands alone or twice', () => {
    expect(decodeGsm(Uint8Array.of(0x41, ESCAPE))).toBe('A');
    expect(decodeGsm(Uint8Array.of(ESCAPE, ESCAPE, 0x41))).toBe('A');
  });
});

describe('every character of Unicode', () => {
  const inside = new Set([...TABLE, ...EXTENSION].map(([, character]) => character));

  it('is in one of the tables or is not GSM at all', () => {
    const wrong: string[] = [];
    for (let unit = 0; unit <= 0xffff; unit += 1) {
      const character = String.fromCharCode(unit);
      if (gsmCost(unit) > 0 !== inside.has(character)) wrong.push(character);
    }
    expect(wrong).toEqual([]);
  });

  it('that looks like one of them is another character', () => {
    for (const other of [
      '’',
      '‘',
      '“',
      '–',
      '…',
      '\u00a0',
      '`',
      '\t',
      'ç',
      'Ώ',
      'А',
      'Α',
      'µ',
      '₤',
      '＠',
      '｜',
      'ǹ',
      '∆',
      '\u2126',
    ])
      expect([other, isGsm(other)]).toEqual([other, false]);
  });

  it('comes back from its septets', () =>
    holds(
      fc.property(fc.array(fc.constantFrom(...inside)), (some) => {
        const text = some.join('');
        const octets = some.flatMap((character) => {
          const unit = character.charCodeAt(0);
          return gsmCost(unit) === 2 ? [ESCAPE, gsmSeptet(unit)] : [gsmSeptet(unit)];
        });
        expect(decodeGsm(Uint8Array.from(octets))).toBe(text);
      }),
    ));
});
