import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { mailData, NotMailData } from './mail-data.js';

const line = fc.string({ unit: fc.constantFrom('.', 'a', ' ', '=', '\t'), maxLength: 8 });

describe('a mail as it follows DATA', () => {
  it('never holds the end of a mail, and says the same once its dots are single again', () =>
    fc.assert(
      fc.property(fc.array(line, { minLength: 1, maxLength: 8 }), (lines) => {
        const mail = `${lines.join('\r\n')}\r\n`;
        const data = mailData(mail);
        expect(`\r\n${data}`).not.toContain('\r\n.\r\n');
        expect(data.replaceAll(/^\.\./gm, '.')).toBe(mail);
        expect(data.split('\r\n').every((sent) => !sent.startsWith('.') || sent.startsWith('..'))).toBe(true);
      }),
      { seed: 20261121 },
    ));

  it('ends its last line', () => expect(mailData('a\r\nb')).toBe('a\r\nb\r\n'));

  it.each([
    ['a bare LF', 'a\nb\r\n'],
    ['a bare CR', 'a\rb\r\n'],
    [
      'the end of a mail, as some servers read it, and a second mail behind',
      'a\n.\r\nMAIL FROM:<evil@example.net>\r\n',
    ],
    ['the same with CR', 'a\r.\r\nMAIL FROM:<evil@example.net>\r\n'],
    ['LF before CR', 'a\n\rb\r\n'],
    ['a line of 999', `${'x'.repeat(999)}\r\n`],
    ['an octet that a relay without 8BITMIME breaks', 'caf\u00e9\r\n'],
    ['a NUL', 'a\0b\r\n'],
  ])('is refused with %s', (_, mail) => expect(() => mailData(mail)).toThrow(NotMailData));

  it('may have lines of 998', () => {
    const mail = `${'x'.repeat(998)}\r\n`;
    expect(mailData(mail)).toBe(mail);
  });
});
