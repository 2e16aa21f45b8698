import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Language, Link, publicText, Reason, writtenText } from './index.js';

const why = (
  schema: { safeParse(value: unknown): { error?: { issues: readonly { message: string }[] } | undefined } },
  value: unknown,
) => schema.safeParse(value).error?.issues.map(({ message }) => message) ?? [];

describe('a text for the public', () => {
  const text = publicText(20);

  it.each([
    ['line ends of Windows', 'one\r\ntwo', 'one\ntwo'],
    ['line ends of old', 'one\rtwo', 'one\ntwo'],
    ['letters in two pieces', 'W\u0302y', 'Ŵy'],
    ['nothing to mend', 'Ŵy 👨‍👩‍👧', 'Ŵy 👨‍👩‍👧'],
  ])('with %s has one form', (_, written, kept) => expect(text.parse(written)).toBe(kept));

  it.each([
    ['a null character', 'a\u0000b'],
    ['a tab', 'a\tb'],
    ['a bell', 'a\u0007b'],
    ['an escape', 'a\u001b[2Jb'],
    ['a delete', 'a\u007fb'],
    ['a C1 control', 'a\u0085b'],
  ])('with %s is refused', (_, written) =>
    expect(why(text, written)).toEqual(['contains a control character']),
  );

  it.each(['\ud83d', 'a\ude00', '\ude00\ud83d'])('with half of a character is refused: %j', (written) =>
    expect(why(text, written)).toContain('contains half of a character'),
  );

  it('is as long as it may be, and no longer, in what a database and a limit count', () => {
    expect(why(text, 'x'.repeat(20))).toEqual([]);
    expect(why(text, 'x'.repeat(21))).toEqual(['is longer than 20 characters']);
    expect(why(text, '👪'.repeat(10))).toEqual([]);
    expect(why(text, '👪'.repeat(11))).toEqual(['is longer than 20 characters']);
  });

  it('is counted in the form in which it is kept', () => {
    expect(why(text, 'e\u0301'.repeat(20))).toEqual([]);
    expect(why(text, '\r\n'.repeat(20))).toEqual([]);
  });

  it('is the same when it is read again: hashes and lengths are of one form', () =>
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 30 }), (written) => {
        const read = text.safeParse(written);
        if (!read.success) return;
        expect(text.parse(read.data)).toBe(read.data);
        expect(read.data.isWellFormed()).toBe(true);
        expect(read.data).toBe(read.data.normalize('NFC'));
      }),
      { numRuns: 500, seed: 20261121 },
    ));

  it('may be empty; a written one may not, nor be of what nobody sees: spaces, joiners, fillers', () => {
    expect(why(text, '')).toEqual([]);
    for (const blank of [
      '',
      ' ',
      '\n \n',
      '\u00a0\u2003',
      '\u200b',
      '\u00ad\u2060',
      '\u3164',
      '\u2800',
      '\ufe0f',
    ])
      expect(why(writtenText(20), blank)).toEqual(['must not be empty']);
    for (const seen of [' x ', '\u200bŵ', '👨‍👩‍👧', '☎\ufe0f']) expect(writtenText(20).parse(seen)).toBe(seen);
  });

  it.each([7, null, undefined, ['x'], { text: 'x' }])('is none of %p', (value) =>
    expect(why(text, value)).toHaveLength(1),
  );
});

describe('a reason', () => {
  it('is at most 500 characters, and something', () => {
    expect(why(Reason, 'x'.repeat(500))).toEqual([]);
    expect(why(Reason, 'x'.repeat(501))).toHaveLength(1);
    for (const blank of ['   ', '\u200b']) expect(why(Reason, blank)).toHaveLength(1);
  });
});

describe('a language', () => {
  it.each(['en', 'en-GB', 'cy-GB', 'gd-GB', 'pl', 'ckb'])('may be %s', (tag) =>
    expect(why(Language, tag)).toEqual([]),
  );
  it.each(['', 'English', 'EN-GB', 'en-gb', 'en_GB', 'en-GB-oed', 'e', 'en-', '__proto__', ' en'])(
    'is not %j',
    (tag) => expect(why(Language, tag)).toHaveLength(1),
  );
});

describe('a link', () => {
  it.each([
    'https://www.gov.uk/flood',
    'http://127.0.0.1:8080/page?x=1#y',
    'https://llanrwst.cymru/llifogydd',
  ])('may be %s', (link) => expect(why(Link, link)).toEqual([]));
  it.each([
    'javascript:alert(1)',
    'data:text/html,x',
    'file:///etc/passwd',
    'ftp://example.org',
    'www.gov.uk',
    '//gov.uk',
    'https://',
    '',
    `https://gov.uk/${'x'.repeat(500)}`,
  ])('is not %s', (link) => expect(why(Link, link).length).toBeGreaterThan(0));
});
