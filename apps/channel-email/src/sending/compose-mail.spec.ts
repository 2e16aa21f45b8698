import { describe, expect, it } from '@jest/globals';
import type { ListRecipient, Sending } from '#channel';
import { composed, flood, warning } from '#channel/testing';
import { toInstant, type DeliveryId } from '#contracts';
import { MailTokens } from '../return-path/mail-tokens.js';
import { composeMail, type Mail } from './compose-mail.js';
import { htmlBody } from './html-body.js';

const tokens = new MailTokens('k'.repeat(32), 'bounces.agency.example');
const identity = {
  from: { name: 'Agency "Warnings"', address: 'warnings@agency.example' },
  domain: 'agency.example',
  publicUrl: 'https://warnings.agency.example/',
};
const id = (digit: string) => `dlv_${digit.repeat(32)}` as DeliveryId;

const sending: Sending = {
  mode: 'exercise',
  incidentId: flood,
  warningId: warning(1),
  version: 1,
  act: 'issue',
  issuedAt: toInstant('2026-11-21T10:00:00.000Z'),
  sendUntil: toInstant('2026-11-21T16:00:00.000Z'),
  message: 'first',
  severity: 'Severe',
  urgency: 'Immediate',
};
const ann: ListRecipient = {
  deliveryId: id('1'),
  subscriberId: `sub_${'a'.repeat(32)}`,
  address: 'ann@example.org',
  text: composed({
    channel: 'email',
    subject: 'EXERCISE Flood',
    texts: ['EXERCISE\n\nLeave <now> & go up: https://gov.example/flood.'],
  }),
  attempt: 1,
  answers: null,
};
const mail = (to: Partial<ListRecipient> = {}, about: Partial<Sending> = {}): Mail =>
  composeMail({ ...ann, ...to }, { ...sending, ...about }, identity, tokens);

describe('a warning’s mail', () => {
  it('has the approved subject and words; what is its own stands below them', () => {
    const { subject, text } = mail();
    expect(subject).toBe('EXERCISE Flood');
    expect(text.startsWith(`${ann.text.parts[0]?.text ?? ''}\n\n-- \n`)).toBe(true);
  });

  it('has the same Message-ID at every attempt, made of its delivery', () => {
    expect(mail({ attempt: 1 }).messageId).toBe(mail({ attempt: 2 }).messageId);
    expect(mail().messageId).toBe(`<${id('1')}@agency.example>`);
  });

  it('comes back, if it does, on a path that names its delivery', () => {
    expect(tokens.readReturnPath(mail().envelope.from)).toBe(id('1'));
  });

  it('answers the first mail that this person got', () => {
    expect(mail({ answers: id('2') }).headers).toMatchObject({
      'In-Reply-To': `<${id('2')}@agency.example>`,
      References: `<${id('2')}@agency.example>`,
    });
    expect(mail().headers).not.toHaveProperty('In-Reply-To');
  });

  it('can be stopped with one click or one mail, by this person alone', () => {
    const { headers } = mail();
    const [, url, address] =
      /^<https:\/\/warnings\.agency\.example\/v1\/unsubscribe\/([0-9a-f]+)>, <mailto:([^?]+)\?subject=unsubscribe>$/.exec(
        headers['List-Unsubscribe'] ?? '',
      ) ?? ['', '', ''];
    expect(tokens.readUnsubscribeToken(url ?? '')).toBe(ann.subscriberId);
    expect(tokens.readStopAddress(address ?? '')).toBe(ann.subscriberId);
    expect(headers['List-Unsubscribe-Post']).toBe('List-Unsubscribe=One-Click');
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
  const page = htmlBody(ann.text.parts[0]?.text ?? '', {
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
