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
