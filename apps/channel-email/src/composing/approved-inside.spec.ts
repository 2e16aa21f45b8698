import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { composed } from '#channel/testing';
import { ann, flooding, identity } from '../testing/mails.js';
import { assertSaysWhatWasApproved, NotWhatWasApproved } from './approved-inside.js';
import { htmlBody, wordsOf } from './html-body.js';
import { MailTemplate } from './mail-template.js';

const TEXT = 'EXERCISE\n\nLeave <now> & go up the hill: https://gov.example/flood.\nTake medicine with you.';
const approved = composed({ channel: 'email', subject: 'Flood at Wainfleet', texts: [TEXT] });
const mail = async (): Promise<string> =>
  (await MailTemplate.of(approved, flooding, identity, false)).mailFor(ann);
const check = (formed: string) => assertSaysWhatWasApproved(Buffer.from(formed, 'latin1'), approved);

describe('a finished mail', () => {
  it('that says what was approved passes', async () => expect(await check(await mail())).toBeUndefined());

  it.each([
    ['its subject is another', 'Subject: Flood at Wainfleet', 'Subject: Flood at Skegness', 'the subject'],
    ['its subject has gone', 'Subject: Flood at Wainfleet\r\n', '', 'the subject'],
    [
      'a word of its text is another',
      'Take medicine with you.\r\n\r\n--',
      'Take nothing with you.\r\n\r\n--',
      'the text',
    ],
    [
      'its text has one space more',
      'Take medicine with you.\r\n\r\n--',
      'Take medicine with you. \r\n\r\n--',
      'the text',
    ],
    ['the line above the footer is missing', '\r\n--=20\r\n', '\r\n\r\n', 'the text'],
    [
      'a word of its page is another',
      'Take medicine with you.</p>',
      'Take nothing with you.</p>',
      'the page',
    ],
    ['its page says more', 'Take medicine with you.</p>', 'Take medicine with you. Or not.</p>', 'the page'],
    ['its page is empty', /<html[\s\S]*<\/html>/, '<html></html>', 'the page'],
  ])('does not pass when %s', async (_, words, instead, what) => {
    const formed = (await mail()).replaceAll(/=\r\n/g, '');
    const changed = formed.replace(words, instead);
    expect(changed).not.toBe(formed);
    await expect(check(changed)).rejects.toThrow(what);
    await expect(check(changed)).rejects.toBeInstanceOf(NotWhatWasApproved);
  });

  it('that is cut anywhere in its parts does not pass', async () => {
    const formed = await mail();
    const from = formed.indexOf('Leave ');
    const to = formed.indexOf('Stop these warnings', formed.indexOf('<html'));
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: from, max: to }), async (at) => {
        await expect(check(formed.slice(0, at))).rejects.toBeInstanceOf(NotWhatWasApproved);
      }),
      { numRuns: 40, seed: 7 },
    );
  });
});

describe('the words of a page', () => {
  it('are those that it was made of, whatever they look like', () =>
    fc.assert(
      fc.property(
        fc.string({
          unit: fc.constantFrom(
            '<',
            '>',
            '&',
            '"',
            ';',
            'amp',
            'lt',
            'p',
            '/',
            'a',
            ' ',
            '\n',
            'https://x.example/a?b=c&d',
          ),
        }),
        (text) => {
          const footer = { label: 'Stop', url: 'https://x.example/stop' };
          const page = htmlBody(text, { language: 'en-GB', subject: 'S', footer });
          expect(wordsOf(page).replaceAll(/\s+/g, ' ').trim()).toBe(
            `${text} Stop`.replaceAll(/\s+/g, ' ').trim(),
          );
        },
      ),
      { seed: 20261121 },
    ));
});
