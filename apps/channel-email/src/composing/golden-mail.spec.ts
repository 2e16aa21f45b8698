import { readFileSync } from 'node:fs';
import PostalMime from 'postal-mime';
import { describe, expect, it } from '@jest/globals';
import { composed } from '#channel/testing';
import { ann, flooding, id, identity } from '../testing/mails.js';
import { MailTemplate } from './mail-template.js';

const sample = (name: string): string =>
  readFileSync(new URL(`../../samples/${name}`, import.meta.url), 'latin1').replaceAll(/\r?\n/g, '\r\n');
/** The boundary is another in every mail. */
const settled = (mail: string): string => mail.replaceAll(/(?<=_NmP-)[0-9a-f]{16}/g, 'boundary');

const english = composed({
  channel: 'email',
  subject: 'EXERCISE: severe flood warning for Wainfleet',
  texts: [
    'EXERCISE\n\nThe river Steeping is over its banks at Wainfleet. Leave now & go to the school <up the hill>.\n\n.Do not drive through water.\nMore: https://gov.example/flood.',
  ],
});
const welsh = composed({
  channel: 'email',
  language: 'cy-GB',
  variant: 'thread',
  subject: 'YMARFER: rhybudd llifogydd difrifol – diweddariad',
  texts: ['YMARFER\n\nMae’r dŵr yn gostwng. Peidiwch â mynd yn ôl eto.'],
});

describe('the mail that a person gets', () => {
  it('is the one in samples/first.eml: a changed file is a changed promise', async () => {
    const template = await MailTemplate.of(english, flooding, identity, false);
    expect(settled(template.mailFor(ann))).toBe(sample('first.eml'));
  });

  it('in Welsh, as an answer to the first, is the one in samples/answer-cy.eml', async () => {
    const template = await MailTemplate.of(welsh, { ...flooding, severity: 'Moderate' }, identity, true);
    expect(settled(template.mailFor({ ...ann, answers: id('9') }))).toBe(sample('answer-cy.eml'));
  });

  it.each(['first.eml', 'answer-cy.eml'])('has every header of a warning once: %s', async (name) => {
    const { headers } = await PostalMime.parse(Buffer.from(sample(name), 'latin1'));
    const keys = headers.map(({ key }) => key);
    expect(new Set(keys).size).toBe(keys.length);
    expect(keys).toEqual(
      expect.arrayContaining([
        'from',
        'to',
        'subject',
        'date',
        'message-id',
        'auto-submitted',
        'precedence',
        'list-id',
        'list-unsubscribe',
        'list-unsubscribe-post',
        'content-language',
        'x-warning-id',
        'mime-version',
      ]),
    );
  });

  it('fits the lines that mail servers want: none over 78, but what cannot be folded', () => {
    const long = sample('first.eml')
      .split('\r\n')
      .filter((line) => line.length > 78);
    expect(long.every((line) => /^ ?<(https|mailto):/.test(line))).toBe(true);
  });
});
