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

  it.each([
    ['304 letters', a(304), 2],
    ['305 letters', a(305), 3],
    ['160 letters stand alone whatever the reference', a(160), 1],
    ['a euro as the 152nd septet moves to the next part', `${a(151)}€${a(151)}`, 3],
    ['a euro as the last two septets of a part stays', `${a(150)}€${a(152)}`, 2],
    ['two euros at two cuts', `${a(151)}€${a(149)}€${a(10)}`, 3],
    ['132 Welsh letters', w(132), 2],
    ['133 Welsh letters', w(133), 3],
    ['a wave as the 66th unit moves to the next part', `${w(65)}🌊${w(65)}`, 3],
    ['a wave as the last two units of a part stays', `${w(64)}🌊${w(66)}`, 2],
    ['half a wave at the cut is a unit like another', `${w(65)}\ud83c${w(66)}`, 2],
  ])('%s, with a reference of 16 bits', (_, text, parts) => expect(smsLength(text, 16).parts).toBe(parts));

  it.each([
    ['a euro as the last two septets of a part stays', `${a(151)}€${a(153)}`, 2],
    ['a bracket as the 153rd septet moves', `${a(152)}[${a(151)}`, 2],
    ['and then fills the next part', `${a(152)}[${a(152)}`, 3],
    ['a part of nothing but euros holds 76 of them', '€'.repeat(152), 2],
    ['and the septet that is left over is lost in each', '€'.repeat(153), 3],
    ['a wave as the last two units of a part stays', `${w(65)}🌊${w(67)}`, 2],
    ['a wave as the 67th unit moves', `${w(66)}🌊${w(65)}`, 2],
    ['a part of nothing but waves holds 33 of them', '🌊'.repeat(66), 2],
    ['and the unit that is left over is lost in each', '🌊'.repeat(67), 3],
    ['a joined emoji may be cut between its characters', '👨‍👩‍👧‍👦'.repeat(7), 2],
    ['a lone high half before a low one that is not its own', `${w(66)}\ud83c\ud83c\udf0a${w(2)}`, 2],
    ['one letter outside the alphabet makes all of it UCS-2', `${a(69)}ŵ`, 1],
    ['and dear', `${a(70)}ŵ`, 2],
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
