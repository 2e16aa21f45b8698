import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { holds } from '../testing/holds.js';
import { anyText } from '../testing/written-text.js';
import { isGsm } from './gsm-alphabet.js';
import { adviseSms, transliterateForSms } from './transliterate.js';

describe('plain marks for typographic ones', () => {
  it('make an English text cheaper', () => {
    const written = '“Don’t go back” – leave\u00a0now… \u200bToday';
    expect(transliterateForSms(written).text).toBe('"Don\'t go back" - leave now... Today');
    expect(transliterateForSms(written).changes[1]).toEqual({ at: 4, from: '’', to: "'" });
  });

  it('change nothing when a letter keeps the message UCS-2 anyway', () =>
    expect(transliterateForSms('“Peidiwch â mynd”')).toEqual({ text: '“Peidiwch â mynd”', changes: [] }));

  it('change nothing in a text that is GSM already', () =>
    expect(transliterateForSms('€5 [now]')).toEqual({ text: '€5 [now]', changes: [] }));

  it('never touch a letter or a figure, and never write "?"', () =>
    holds(
      fc.property(anyText(), (text) => {
        const { text: plain, changes } = transliterateForSms(text);
        const spoken = (some: string) => some.replace(/[^\p{L}\p{N}]/gu, '');
        expect(spoken(plain)).toBe(spoken(text));
        expect(plain.split('?')).toHaveLength(text.split('?').length);
        if (changes.length > 0) expect(isGsm(plain)).toBe(true);
        else expect(plain).toBe(text);
      }),
      600,
    ));
});

describe('what the author is told about a text message', () => {
  it('names what makes it dear, what would change and what that saves', () => {
    expect(adviseSms(`It’s ${'a'.repeat(140)}`)).toEqual({
      encoding: 'UCS-2',
      units: 145,
      parts: 3,
      forcing: [{ character: '’', count: 1 }],
      changes: [{ at: 2, from: '’', to: "'" }],
      partsSaved: 2,
    });
  });

  it('offers nothing where only a letter is dear', () => {
    expect(adviseSms('dŵr dŵr 🌊')).toMatchObject({
      forcing: [
        { character: 'ŵ', count: 2 },
        { character: '🌊', count: 1 },
      ],
      changes: [],
      partsSaved: 0,
    });
  });
});

describe('each typographic mark', () => {
  it.each([
    ...Array.from('\u2018\u2019\u201a\u201b\u2032\u00b4`', (mark) => [mark, "'"]),
    ...Array.from('\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb', (mark) => [mark, '"']),
    ...Array.from('\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u2022', (mark) => [mark, '-']),
    ...Array.from('\t\u00a0\u2000\u2002\u2003\u2009\u200a\u202f\u205f\u3000', (mark) => [mark, ' ']),
    ...Array.from('\u00ad\u200b\u200c\u200d\u2060\ufeff', (mark) => [mark, '']),
    ['\u2026', '...'],
  ] as [string, string][])('%j becomes %j, and only when nothing else is dear', (mark, plain) => {
    expect(transliterateForSms(`a${mark}b`)).toEqual({
      text: `a${plain}b`,
      changes: [{ at: 1, from: mark, to: plain }],
    });
    expect(transliterateForSms(`a${mark}ŵ`).changes).toEqual([]);
    expect(transliterateForSms(`🌊${mark}`).changes).toEqual([]);
  });

  it.each(Array.from('áíóúçñŵŷ½°†‡™©®→✓٣①'))(
    '%s has none: a letter, figure or sign is never replaced',
    (character) =>
      expect(transliterateForSms(`${character}“`).changes.filter(({ from }) => from === character)).toEqual(
        [],
      ),
  );

  it.each([
    ['one part stays one part', 'It’s late', { parts: 1, partsSaved: 0, changes: 1 }],
    ['two parts become one', `It’s ${'a'.repeat(100)}`, { parts: 2, partsSaved: 1, changes: 1 }],
    [
      'an ellipsis costs two septets more and still saves',
      `${'a'.repeat(150)}…`,
      { parts: 3, partsSaved: 2, changes: 1 },
    ],
    [
      'three dots may need one part more than they save',
      `${'a'.repeat(66)}…`,
      { parts: 1, partsSaved: 0, changes: 1 },
    ],
    [
      'a letter beside it saves nothing',
      `It’s dŵr ${'a'.repeat(100)}`,
      { parts: 2, partsSaved: 0, changes: 0 },
    ],
  ])('%s', (_, text, { parts, partsSaved, changes }) => {
    const advice = adviseSms(text);
    expect([advice.parts, advice.partsSaved, advice.changes.length]).toEqual([parts, partsSaved, changes]);
  });

  it('saves what a reference of 16 bits leaves to save', () => {
    expect(adviseSms(`It’s ${'a'.repeat(148)}`, 16).partsSaved).toBe(2);
    expect(adviseSms('dŵr', 16)).toMatchObject({ encoding: 'UCS-2', parts: 1, partsSaved: 0 });
  });

  it('is named once, however often it stands there', () =>
    expect(adviseSms('🌊🌊 dŵr 🌊').forcing).toEqual([
      { character: '🌊', count: 3 },
      { character: 'ŵ', count: 1 },
    ]));
});
