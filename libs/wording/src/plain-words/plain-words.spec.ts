import { describe, expect, it } from '@jest/globals';
import { findJargon, mendFor } from './find-plain-words.js';
import { languageWords, wordsOf, wordsThatAreNotWelsh } from './languages.js';
import { PLAIN_WORDS } from './plain-words.js';
import { countWords, readingAge } from './readability.js';

const said = (text: string) =>
  findJargon(text).map(({ start, end, instead }) => `${text.slice(start, end)} → ${instead}`);

describe('plain words', () => {
  it('are more than two hundred, each once, none explained by itself', () => {
    expect(PLAIN_WORDS.length).toBeGreaterThanOrEqual(200);
    expect(new Set(PLAIN_WORDS.map(({ jargon }) => jargon)).size).toBe(PLAIN_WORDS.length);
    for (const { jargon, instead } of PLAIN_WORDS) {
      expect([jargon, instead.length > 0 && !jargon.includes('=') && !instead.includes('=')]).toEqual([
        jargon,
        true,
      ]);
      expect(instead.toLowerCase()).not.toBe(jargon.toLowerCase());
    }
  });

  it('are each found where they are said', () => {
    const silent = PLAIN_WORDS.filter(
      ({ jargon }) => !findJargon(`Now ${jargon} here`).some((found) => found.jargon === jargon),
    );
    expect(silent.map(({ jargon }) => jargon)).toEqual([]);
  });

  it.each([
    ['the longest phrase', 'People in the vicinity of the mill', ['in the vicinity of → near']],
    ['a phrase at the start of a sentence', 'Prior to leaving', ['Prior to → before']],
    ['initials only in capitals', 'The ip address and an IP', ['IP → injured person']],
    ['no phrase over a full stop', 'He went prior. To leave is good.', []],
    ['no part of a word', 'Males Road is a dwellingplace', ['Males → men']],
    ['with dots inside', 'Take food, e.g. bread', ['e.g. → for example']],
  ])('%s', (_, text, found) => expect(said(text)).toEqual(found));

  it('keep the capital of what they replace, and do not replace what they only explain', () => {
    const [first, second] = findJargon('Commence now. Police activity near Town.');
    expect(first && mendFor(first, 'Commence')).toBe('Start');
    expect(second && mendFor(second, 'Police activity')).toBeUndefined();
  });
});

describe('how hard a text is to read', () => {
  it('is a figure only for enough English', () => {
    expect(readingAge('Leave now.')).toBeUndefined();
    expect(countWords('Call 0345 988 1188 at 9.30am')).toBe(6);
    expect(countWords('')).toBe(0);
  });

  it('rises with long words and long sentences', () => {
    const easy =
      readingAge('Leave now. Go to the high school. Do not go back for your things. '.repeat(3)) ?? 0;
    const hard =
      readingAge(
        `${'Inhabitants necessitating accommodation should immediately communicate with authorities '.repeat(5)}.`,
      ) ?? 0;
    expect(easy).toBeLessThan(9);
    expect(hard).toBeGreaterThan(18);
  });
});

describe('Welsh and English', () => {
  it('are told apart by their words', () => {
    expect(languageWords('Mae llifogydd yn yr ardal. Gadewch nawr.')).toMatchObject({ english: 0, welsh: 7 });
    expect(languageWords('The river is high. Leave the area now.')).toMatchObject({ welsh: 0 });
  });

  it('do not share k, q, v, x and z, but for names, links and postcodes', () => {
    const names = wordsOf(['Knighton, SK23']);
    expect(wordsThatAreNotWelsh('Byddwch yn Vogel yn Knighton, SK23 7LX, gov.uk, 5 km', names)).toEqual([
      { word: 'Vogel', start: 11 },
    ]);
  });
});
