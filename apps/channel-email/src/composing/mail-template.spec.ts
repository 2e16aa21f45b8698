import PostalMime from 'postal-mime';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { composed, flood } from '#channel/testing';
import type { ComposedText } from '#contracts';
import { textHash } from '#runtime';
import { NotWhatWasApproved } from './approved-inside.js';
import { BELOW_THE_TEXT } from './compose-mail.js';
import { MailTemplate } from './mail-template.js';
import { ann, flooding, id, identity } from '../testing/mails.js';

const text = (subject: string, body: string): ComposedText =>
  composed({ channel: 'email', subject, texts: [body] });
const formed = (of: ComposedText, isAnswer = false) => MailTemplate.of(of, flooding, identity, isAnswer);
/** As a person's program reads it. */
const read = (mail: string) => PostalMime.parse(Buffer.from(mail.replaceAll(/^\.\./gm, '.'), 'latin1'));

describe('a mail that was formed once for everybody', () => {
  it('is each person’s own when it is filled: to them, under their delivery, with their own way to stop it', async () => {
    const template = await formed(text('EXERCISE Flood', 'Leave now.'));
    const other = { ...ann, to: 'bob@example.org', deliveryId: id('2'), unsubscribeToken: 'b2'.repeat(24) };
    for (const person of [ann, other]) {
      const mail = await read(template.mailFor(person));
      expect(mail.to).toEqual([{ name: '', address: person.to }]);
      expect(mail.messageId).toBe(`<${person.deliveryId}@agency.example>`);
      expect(mail.date).toBe('2026-11-21T10:00:00.000Z');
      const stop = `https://warnings.agency.example/v1/unsubscribe/${person.unsubscribeToken}`;
      expect(mail.text).toContain(stop);
      expect(mail.html).toContain(`href="${stop}"`);
      expect(mail.headers.find(({ key }) => key === 'list-unsubscribe')?.value).toContain(
        `<mailto:u+${person.unsubscribeToken}@bounces.agency.example`,
      );
    }
  });

  it('says nothing of one person to another', async () => {
    const mail = (await formed(text('Flood', 'Leave now.'))).mailFor({ ...ann, to: 'bob@example.org' });
    expect(mail).not.toMatch(/slot\.invalid|1970|ann@/);
  });

  it('answers the first mail of the warning where there was one', async () => {
    const mail = await read(
      (await formed(text('Flood', 'Water falls.'), true)).mailFor({ ...ann, answers: id('9') }),
    );
    const first = `<${id('9')}@agency.example>`;
    expect(mail.inReplyTo).toBe(first);
    expect(mail.references).toBe(`<${flood}@agency.example> ${first}`);
  });

  it('does not take an answer for a first mail, nor the other way round', async () => {
    const first = await formed(text('Flood', 'Leave now.'));
    expect(() => first.mailFor({ ...ann, answers: id('9') })).toThrow(
      'an answer needs a template of its own',
    );
    const answer = await formed(text('Flood', 'Leave now.'), true);
    expect(() => answer.mailFor(ann)).toThrow('an answer needs a template of its own');
  });

  it.each([
    ['to', 'ann@example.org\r\nBcc: evil@example.net'],
    ['to', 'ann@example.org, evil@example.net'],
    ['date', 'Thu, 01 Jan 1970 00:00:00 +0000\r\nBcc: evil@example.net'],
    ['deliveryId', 'dlv_1>\r\nX: '],
    ['deliveryId', `dlv_${'A'.repeat(32)}`],
    ['unsubscribeToken', `${'a'.repeat(47)}\n`],
    ['unsubscribeToken', 'a'.repeat(49)],
  ])('refuses a value that could break out of its slot: %s %j', async (slot, value) => {
    const template = await formed(text('Flood', 'Leave now.'));
    expect(() => template.mailFor({ ...ann, [slot]: value })).toThrow(
      `the ${slot} of a mail is not of its shape`,
    );
  });

  it('has no line that a mail server could take for its end, or for a command', async () => {
    const template = await formed(text('Flood', '.\n..\n.hidden\nQUIT\nRCPT TO:<evil@example.net>'));
    const mail = template.mailFor(ann);
    expect(mail.split('\r\n').filter((line) => line === '.' || /^\.[^.]/.test(line))).toEqual([]);
    expect((await read(mail)).text).toContain('.\n..\n.hidden\nQUIT\nRCPT TO:<evil@example.net>\n');
  });
});

describe('what stands in the finished mail', () => {
  const written = fc
    .array(
      fc.oneof(
        fc.string({ unit: 'grapheme', maxLength: 120 }),
        fc.constantFrom('\n', '\n\n', ' ', '.', '=', '-- '),
      ),
      {
        minLength: 1,
        maxLength: 12,
      },
    )
    .map((parts) =>
      parts
        .join('')
        .normalize('NFC')
        .replaceAll(/[^\P{C}\n]/gu, '')
        .trim(),
    )
    .filter((body) => body !== '' && body.isWellFormed());
  const headline = fc
    .string({ unit: 'grapheme', minLength: 1, maxLength: 200 })
    .map((line) => line.normalize('NFC').replaceAll(/\p{C}/gu, '').replaceAll(/\s+/g, ' ').trim())
    .filter((line) => line !== '' && line.isWellFormed());

  it('is what was approved, octet by octet, whatever was written', () =>
    fc.assert(
      fc.asyncProperty(headline, written, async (subject, body) => {
        const mail = await read((await formed(text(subject, body))).mailFor(ann));
        expect(mail.subject).toBe(subject);
        expect(
          mail.text?.replaceAll('\r\n', '\n').split(BELOW_THE_TEXT).slice(0, -1).join(BELOW_THE_TEXT),
        ).toBe(body);
      }),
      { numRuns: 60, seed: 5 },
    ));

  it.each([
    ['a text', { parts: [{ text: 'Stay at home.', sha256: textHash('Leave now.') }] }],
    ['a subject', { subject: 'All clear' }],
    ['no subject', { subject: undefined }],
    ['a second text', { parts: [1, 2].map(() => ({ text: 'Leave now.', sha256: textHash('Leave now.') })) }],
  ])('is refused when it is not: %s that nobody approved', async (_, changed) => {
    const approved = text('Flood', 'Leave now.');
    await expect(formed({ ...approved, ...changed } as ComposedText)).rejects.toBeInstanceOf(
      NotWhatWasApproved,
    );
  });
});
