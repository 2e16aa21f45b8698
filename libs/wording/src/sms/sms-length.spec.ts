import { describe, expect, it } from '@jest/globals';
import { SegmentedMessage } from 'sms-segments-calculator';
import fc from 'fast-check';
import { holds } from '../testing/holds.js';
import { anyText } from '../testing/written-text.js';
import { gsmCost, isGsm } from './gsm-alphabet.js';
import { smsCapacity, smsLength } from './sms-length.js';

const a = (count: number) => 'a'.repeat(count);
const w = (count: number) => 'ŵ'.repeat(count);

describe('the GSM alphabet', () => {
  it.each(Array.from('@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ÄÖÑÜ§¿äöñüàazAZ'))(
    '%j costs one septet',
    (character) => expect(gsmCost(character.charCodeAt(0))).toBe(1),
  );

  it.each(Array.from('^{}\\[~]|€\f'))('%j costs two', (character) =>
    expect(gsmCost(character.charCodeAt(0))).toBe(2),
  );

  it.each(Array.from('ç`\t’“”–…\u00a0\u001b\u0000áíóúâêîôûŵŷÀÈÌÒÙëï'))('%j is not in it', (character) =>
    expect(gsmCost(character.charCodeAt(0))).toBe(0),
  );

  it('has these Welsh letters and no others', () => {
    const welsh = 'àáâäèéêëìíîïòóôöùúûüẁẃŵẅỳýŷÿÀÁÂÄÈÉÊËÌÍÎÏÒÓÔÖÙÚÛÜẀẂŴẄỲÝŶŸ';
    expect(Array.from(welsh).filter(isGsm).join('')).toBe('àäèéìòöùüÄÉÖÜ');
  });
});

describe('the parts of a text message', () => {
  it.each([
    ['nothing', '', 1],
    ['160 letters', a(160), 1],
    ['161 letters', a(161), 2],
    ['306 letters', a(306), 2],
    ['307 letters', a(307), 3],
    ['158 letters and a euro', `${a(158)}€`, 1],
    ['159 letters and a euro', `${a(159)}€`, 2],
    ['a euro that would lie on both sides of a cut', `${a(152)}€${a(152)}`, 3],
    ['70 Welsh letters', w(70), 1],
    ['71 Welsh letters', w(71), 2],
    ['134 Welsh letters', w(134), 2],
    ['135 Welsh letters', w(135), 3],
    ['an emoji that would lie on both sides of a cut', `${w(66)}🌊${w(66)}`, 3],
    ['35 waves', '🌊'.repeat(35), 1],
    ['36 waves', '🌊'.repeat(36), 2],
    ['150 Welsh letters', w(150), 3],
  ])('%s', (_, text, parts) => expect(smsLength(text, 8).parts).toBe(parts));

  it('hold less beside a reference of 16 bits', () => {
    expect(smsLength(a(304), 16).parts).toBe(2);
    expect(smsLength(a(305), 16).parts).toBe(3);
    expect(smsLength(w(132), 16).parts).toBe(2);
    expect(smsLength(w(133), 16).parts).toBe(3);
    expect(smsCapacity('GSM-7', 3, 16)).toBe(456);
    expect(smsCapacity('UCS-2', 1, 16)).toBe(70);
  });

  it('are as many as sms-segments-calculator 1.3.0 counts', () => {
    const piece = fc.constantFrom(
      a(40),
      a(149),
      w(33),
      w(60),
      '€',
      '[',
      '🌊',
      'é',
      '\n',
      '\f',
      '`',
      '\t',
      '’',
      'e\u0301',
      '👨‍👩‍👧‍👦',
      '|',
    );
    const text = fc.oneof(
      anyText(),
      fc.array(piece, { maxLength: 8 }).map((pieces) => pieces.join('')),
    );
    holds(
      fc.property(text, (written) => {
        const theirs = new SegmentedMessage(written, 'auto');
        const ours = smsLength(written, 8);
        expect([ours.encoding, ours.parts]).toEqual([theirs.encodingName, theirs.segmentsCount]);
      }),
      800,
    );
  });
});
