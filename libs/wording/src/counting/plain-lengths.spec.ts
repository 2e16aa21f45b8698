import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { holds } from '../testing/holds.js';
import { anyText } from '../testing/written-text.js';
import { differentLinks, escapeForLinkedin, linkedinLength, threadsLength } from './plain-lengths.js';

describe('the length of a post on Threads', () => {
  it.each([
    ['nothing', '', 0],
    ['letters', 'Leave now.', 10],
    ['Welsh letters count one each', 'ŵŷâ', 3],
    ['Chinese as well', '水道', 2],
    ['an accent by itself is a character', 'e\u0301', 2],
    ['a wave', '🌊', 4],
    ['a warning sign with a selector', '⚠️', 6],
    ['a warning sign without', '⚠', 3],
    ['a family of four', '👨‍👩‍👧‍👦', 25],
    ['a flag', '🇬🇧', 8],
    ['the flag of Wales', '🏴󠁧󠁢󠁷󠁬󠁳󠁿', 28],
    ['a keycap', '1️⃣', 7],
    ['a thumb with a skin tone', '👍🏽', 8],
    ['a sign that may be shown as a picture', '©', 2],
    ['figures are no pictures', '#1*', 3],
    ['a dash and quotes', '–“”’…', 5],
    ['a line end', 'a\nb', 3],
    ['half of a character', '\ud83c', 1],
    ['a link counts in full', 'https://gov.uk/flood', 20],
    ['words between pictures', 'a 🌊 b 🌊', 13],
  ])('%s', (_, text, length) => expect(threadsLength(text)).toBe(length));

  it('is never less than the characters, nor more than the bytes', () =>
    holds(
      fc.property(anyText(), (text) => {
        const length = threadsLength(text);
        expect(length).toBeGreaterThanOrEqual(Array.from(text).length);
        expect(length).toBeLessThanOrEqual(Buffer.byteLength(text));
      }),
      400,
    ));
});

describe('the different links of a post', () => {
  it.each([
    ['none', 'Leave now.', []],
    ['one, twice', 'https://gov.uk/a and https://gov.uk/a', ['https://gov.uk/a']],
    [
      'two that differ in their path',
      'https://gov.uk/a https://gov.uk/b',
      ['https://gov.uk/a', 'https://gov.uk/b'],
    ],
    [
      'two that differ in their protocol',
      'http://gov.uk https://gov.uk',
      ['http://gov.uk', 'https://gov.uk'],
    ],
    ['a bare domain is one, the strict reading', 'gov.uk', ['gov.uk']],
    ['an address of a mailbox is none', 'flood@gov.uk', []],
  ])('%s', (_, text, links) => expect(differentLinks(text)).toEqual(links));
});

describe('a post on LinkedIn', () => {
  it.each(Array.from('\\|{}@[]()<>#*_~'))('escapes %s wherever it stands', (reserved) => {
    expect(escapeForLinkedin(reserved)).toBe(`\\${reserved}`);
    expect(escapeForLinkedin(`a${reserved}b`)).toBe(`a\\${reserved}b`);
    expect(escapeForLinkedin(`${reserved}${reserved}`)).toBe(`\\${reserved}\\${reserved}`);
    expect(linkedinLength(`a${reserved}${reserved}b`)).toBe(6);
  });

  it.each(Array.from('-.,:;!?\'"/&%$£€+=^`0aŵ \n'))('leaves %j as it is', (plain) => {
    expect(escapeForLinkedin(plain)).toBe(plain);
    expect(linkedinLength(plain)).toBe(1);
  });

  it.each([
    ['Stay away (river rising)', 'Stay away \\(river rising\\)'],
    ['flood@gov.uk #Flood', 'flood\\@gov.uk \\#Flood'],
    ['C:\\flood', 'C:\\\\flood'],
    ['<b>', '\\<b\\>'],
    ['', ''],
  ])('%s goes out as %s', (text, wire) => {
    expect(escapeForLinkedin(text)).toBe(wire);
    expect(linkedinLength(text)).toBe(wire.length);
  });

  it('counts a character outside the basic plane once', () => {
    expect(linkedinLength('🌊')).toBe(1);
    expect(linkedinLength('(🌊)')).toBe(5);
  });

  it('has on the wire what is counted, and is read back by taking the backslashes away', () =>
    holds(
      fc.property(anyText(), (text) => {
        const wire = escapeForLinkedin(text);
        expect(linkedinLength(text)).toBe(Array.from(wire).length);
        expect(wire.replace(/\\([^])/g, '$1')).toBe(text);
      }),
      400,
    ));
});
