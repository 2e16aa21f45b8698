import { describe, expect, it } from '@jest/globals';
import PostalMime from 'postal-mime';
import type { OwedFact } from '../../record/facts.js';
import { returnMail } from './bounce.js';

const NOON = Date.parse('2026-11-21T12:00:00.000Z');
const warning = Buffer.from(
  ['Message-ID: <dlv_1@larum.example>', 'Subject: FLOOD', 'To: ann@example.org', '', 'Leave now.', ''].join(
    '\r\n',
  ),
);
const owed = (what: string, more: Partial<OwedFact> = {}): OwedFact => ({
  fact: 'owed',
  channel: 'email',
  id: 'M0-0',
  what,
  dueAt: NOON,
  to: 'b+dlv_1@bounce.example',
  from: 'ann@example.org',
  about: 'dlv_1',
  ...more,
});

/** The mail as a reader that somebody else wrote finds it. */
async function parts(mail: string) {
  const read = await new PostalMime({ attachmentEncoding: 'utf8', forceRfc822Attachments: true }).parse(mail);
  const byType = new Map(read.attachments.map((part) => [part.mimeType, String(part.content)]));
  return {
    read,
    report: byType.get('message/delivery-status') ?? '',
    headers: byType.get('text/rfc822-headers') ?? '',
  };
}

describe('what comes back', () => {
  it.each([
    ['bounces-unknown', 'failed', '5.1.1', 'smtp; 550 5.1.1 User unknown'],
    ['bounces-full', 'failed', '5.2.2', 'smtp; 552 5.2.2 Mailbox full'],
    ['delivered', 'delivered', '2.0.0', 'smtp; 250 2.0.0 Ok'],
  ])('is a report of RFC 3464 when the address %s', async (what, action, status, diagnostic) => {
    const { read, report } = await parts(returnMail(owed(what), warning, NOON));
    expect(read.headers.find(({ key }) => key === 'content-type')?.value).toContain(
      'report-type=delivery-status',
    );
    const fields = new Map(
      report
        .split('\n')
        .flatMap((line) => (line.includes(': ') ? [line.trim().split(/: (.*)/) as [string, string]] : [])),
    );
    expect(fields.get('Action')).toBe(action);
    expect(fields.get('Status')).toBe(status);
    expect(fields.get('Diagnostic-Code')).toBe(diagnostic);
    expect(fields.get('Final-Recipient')).toBe('rfc822; ann@example.org');
    expect(fields.get('Original-Envelope-Id')).toBe('dlv_1');
    expect(fields.get('Reporting-MTA')).toBe('dns; mx.practice.example');
  });

  it('names the message that it is about, and tells no word of it', async () => {
    const mail = returnMail(owed('bounces-unknown'), warning, NOON);
    expect((await parts(mail)).headers).toContain('Message-ID: <dlv_1@larum.example>');
    expect(mail).not.toContain('Leave now.');
  });

  it('says that a machine sent it, to whom, and when', async () => {
    const { read } = await parts(returnMail(owed('bounces-unknown'), warning, NOON));
    expect(read.to?.[0]?.address).toBe('b+dlv_1@bounce.example');
    expect(read.headers).toContainEqual(
      expect.objectContaining({ key: 'auto-submitted', value: 'auto-replied' }),
    );
    expect(read.date).toBe('2026-11-21T12:00:00.000Z');
  });

  it('leaves out an envelope id that nobody gave', async () => {
    const { report } = await parts(returnMail(owed('bounces-unknown', { about: '' }), warning, NOON));
    expect(report).not.toContain('Original-Envelope-Id');
  });

  it('is a plain note from the person when somebody is away', async () => {
    const { read, report } = await parts(returnMail(owed('away'), warning, NOON));
    expect(report).toBe('');
    expect(read.from?.address).toBe('ann@example.org');
    expect(read.inReplyTo).toBe('<dlv_1@larum.example>');
    expect(read.text).toContain('I am away until Monday');
  });

  it('has lines that a mail may have (RFC 5321 §4.5.3.1.6), also when the message had none', () => {
    for (const what of ['bounces-unknown', 'delivered', 'away']) {
      const mail = returnMail(owed(what), Buffer.from('no headers at all'), NOON);
      expect(mail.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
      expect(Math.max(...mail.split('\r\n').map((line) => line.length))).toBeLessThan(998);
    }
  });

  it('is never made up for a habit that sends nothing back', () => {
    expect(() => returnMail(owed('takes'), warning, NOON)).toThrow(/no report for "takes"/);
  });
});
