import { describe, expect, it } from '@jest/globals';
import type { Sending } from '#channel';
import { composed, flood, warning } from '#channel/testing';
import { ann, flooding, id, identity } from '../testing/mails.js';
import { composeMail, type Mail, type Personal } from './compose-mail.js';
import { htmlBody } from './html-body.js';

const approved = composed({
  channel: 'email',
  subject: 'EXERCISE Flood',
  texts: ['EXERCISE\n\nLeave <now> & go up: https://gov.example/flood.'],
});
const mail = (to: Partial<Personal> = {}, about: Partial<Sending> = {}): Mail =>
  composeMail(approved, { ...flooding, ...about }, identity, { ...ann, ...to });

describe('a warning’s mail', () => {
  it('has the approved subject and words; what is its own stands below them', () => {
    const { subject, text } = mail();
    expect(subject).toBe('EXERCISE Flood');
    expect(text.startsWith(`${approved.parts[0]?.text ?? ''}\n\n-- \n`)).toBe(true);
  });

  it('has a Message-ID made of its delivery, so that a repeat can be recognised', () =>
    expect(mail().messageId).toBe(`<${id('1')}@agency.example>`));

  it('answers the first mail that this person got', () => {
    expect(mail({ answers: id('2') }).headers).toMatchObject({
      'In-Reply-To': `<${id('2')}@agency.example>`,
      References: `<${flood}@agency.example> <${id('2')}@agency.example>`,
    });
    expect(mail().headers).not.toHaveProperty('In-Reply-To');
  });

  it('stands with every other mail of its incident, of whichever warning', () => {
    const other = mail({}, { warningId: warning(2) }).headers;
    expect([mail().headers['References'], other['References']]).toEqual(
      [1, 2].map(() => `<${flood}@agency.example>`),
    );
  });

  it('can be stopped with one click or one mail, by this person alone', () => {
    const { headers, text, html } = mail();
    const url = `https://warnings.agency.example/v1/unsubscribe/${ann.unsubscribeToken}`;
    expect(headers['List-Unsubscribe']).toBe(
      `<${url}>, <mailto:u+${ann.unsubscribeToken}@bounces.agency.example?subject=unsubscribe>`,
    );
    expect(headers['List-Unsubscribe-Post']).toBe('List-Unsubscribe=One-Click');
    expect(text.endsWith(`Stop these warnings: ${url}\n`)).toBe(true);
    expect(html).toContain(`<a href="${url}"`);
  });

  it('says in Welsh how it can be stopped, to those who read Welsh', () => {
    const welsh = composeMail({ ...approved, language: 'cy-GB' }, flooding, identity, ann);
    expect(welsh.text).toContain('Rhoi’r gorau i’r rhybuddion hyn: https://');
    expect(welsh.headers['Content-Language']).toBe('cy-GB');
  });

  it('tells machines not to answer it', () => {
    expect(mail().headers).toMatchObject({
      'Auto-Submitted': 'auto-generated',
      Precedence: 'bulk',
      'Content-Language': 'en-GB',
    });
  });

  it('is marked important only when it is grave, and an exercise only when it is one', () => {
    expect(mail().headers).toMatchObject({ Importance: 'high', 'X-Larum-Mode': 'exercise' });
    const calm = mail({}, { severity: 'Moderate', mode: 'live' }).headers;
    expect(calm).not.toHaveProperty('Importance');
    expect(calm).not.toHaveProperty('X-Larum-Mode');
  });

  it('keeps a sender’s name from breaking the List-Id', () => {
    expect(mail().headers['List-Id']).toBe('Agency Warnings <warnings.agency.example>');
  });
});

describe('its page', () => {
  const page = htmlBody(approved.parts[0]?.text ?? '', {
    language: 'cy-GB',
    subject: 'A "quoted" <subject>',
    footer: { label: 'Stop', url: 'https://warnings.agency.example/stop' },
  });

  it('says the same words, and none of them is taken for markup', () => {
    expect(page).toContain('Leave &lt;now&gt; &amp; go up:');
    expect(page).not.toContain('<now>');
    expect(page).toContain('<title>A &quot;quoted&quot; &lt;subject&gt;</title>');
  });

  it('links an address without the full stop behind it', () => {
    expect(page).toContain(
      '<a href="https://gov.example/flood" style="color:#1d70b8">https://gov.example/flood</a>.',
    );
  });

  it('says its language to those who listen to it', () => expect(page).toContain('<html lang="cy-GB">'));
});
