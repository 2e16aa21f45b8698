import { describe, expect, it } from '@jest/globals';
import { readBounce, type BounceKind } from './read-bounce.js';

type Told = { status: string; diagnostic: string; action?: string; text?: string };

/** A report in the form of Postfix 3.7.11: notice, fields of mail and recipient, and what was sent. */
function report({ status, diagnostic, action = 'failed', text = diagnostic }: Told, returned: string[] = []) {
  const isLate = action === 'delayed';
  return Buffer.from(
    [
      'Received: by relay.example (Postfix)',
      '\tid 84BCC9DA013; Sat, 21 Nov 2026 17:44:21 +0000 (UTC)',
      'From: Mail Delivery System <MAILER-DAEMON@relay.example>',
      `Subject: ${isLate ? 'Delayed Mail (still being retried)' : 'Undelivered Mail Returned to Sender'}`,
      'To: b+0192@bounces.agency.example',
      'Auto-Submitted: auto-replied',
      'MIME-Version: 1.0',
      'Content-Type: multipart/report; report-type=delivery-status;',
      '\tboundary="7AC5D9DA07C.1795283061/relay.example"',
      'Content-Transfer-Encoding: 8bit',
      '',
      '--7AC5D9DA07C.1795283061/relay.example',
      'Content-Description: Notification',
      'Content-Type: text/plain; charset=utf-8',
      '',
      isLate ? 'Your mail is not delivered yet and will be tried again.' : 'Your mail was not delivered.',
      '',
      `<ann@gone.example> (expanded from <ann@mail.example>): ${text}`,
      '',
      '--7AC5D9DA07C.1795283061/relay.example',
      'Content-Description: Delivery report',
      'Content-Type: message/delivery-status',
      '',
      'Reporting-MTA: dns; relay.example',
      'Original-Envelope-Id: dlv_0192',
      'X-Postfix-Queue-ID: 7AC5D9DA07C',
      'X-Postfix-Sender: rfc822; b+0192@bounces.agency.example',
      'Arrival-Date: Sat, 21 Nov 2026 17:44:21 +0000 (UTC)',
      '',
      'Final-Recipient: rfc822; ann@gone.example',
      'Original-Recipient: rfc822;ann@mail.example',
      `Action: ${action}`,
      `Status: ${status}`,
      `Diagnostic-Code: ${diagnostic}`,
      ...(isLate ? ['Will-Retry-Until: Sun, 22 Nov 2026 17:44:21 +0000 (UTC)'] : []),
      '',
      '--7AC5D9DA07C.1795283061/relay.example',
      `Content-Type: ${returned.includes('') ? 'message/rfc822' : 'text/rfc822-headers'}`,
      '',
      'Message-ID: <dlv_0192@agency.example>',
      ...returned,
      '',
      '--7AC5D9DA07C.1795283061/relay.example--',
      '',
    ].join('\r\n'),
  );
}

/** Every way in which it gave a mail up, or put it off, when it was asked to. */
const SEEN: readonly (readonly [status: string, diagnostic: string, BounceKind])[] = [
  ['5.1.1', 'X-Postfix; no such user here', 'hard'],
  ['5.1.1', 'smtp; 550 5.1.1 <ann@far.example>: no such mailbox here', 'hard'],
  ['5.1.2', 'X-Postfix; host or domain name not found', 'hard'],
  ['5.4.4', 'X-Postfix; unable to look up host', 'hard'],
  ['5.0.0', 'smtp; 550 no such user', 'hard'],
  ['5.2.2', 'X-Postfix; mailbox full', 'soft'],
  ['5.2.2', 'smtp; 552 5.2.2 mailbox is full', 'soft'],
  ['5.2.1', 'X-Postfix; this mailbox is disabled', 'soft'],
  ['4.2.0', 'smtp; 450 4.2.0 greylisted', 'soft'],
  ['4.2.2', 'smtp; 452 4.2.2 quota exceeded', 'soft'],
  ['4.4.1', 'X-Postfix; connect to mx.far.example[192.0.2.9]:25: Connection refused', 'soft'],
  ['5.4.6', 'smtp; 554 5.4.6 too many hops', 'soft'],
  ['5.3.2', 'smtp; 521 5.3.2 host does not take mail', 'soft'],
  ['5.0.0', 'X-Postfix; Address is undeliverable', 'soft'],
  ['5.7.1', 'X-Postfix; we take no mail from you', 'policy'],
  ['5.0.0', 'smtp; 550 Blocked by our policy', 'policy'],
  [
    '5.7.26',
    'smtp; 550-5.7.26 This mail is unauthenticated, which poses a security risk\r\n    550 5.7.26 DMARC',
    'policy',
  ],
];

describe('a report of Postfix', () => {
  it.each(SEEN)('with %s and "%s" is %s', async (status, diagnostic, kind) =>
    expect(await readBounce(report({ status, diagnostic }))).toMatchObject({ kind, status }),
  );

  it.each([
    ['4.4.1', 'X-Postfix; connect to mx.far.example[192.0.2.9]:25: Connection refused'],
    ['4.2.0', 'smtp; 450 4.2.0 greylisted'],
    ['4.1.1', 'smtp; 450 4.1.1 user unknown'],
  ])('that it still tries, with %s, is no failure', async (status, diagnostic) =>
    expect((await readBounce(report({ status, diagnostic, action: 'delayed' }))).kind).toBe('delayed'),
  );

  it.each([
    ['5.1.8', 'smtp; 550 5.1.8 <b+0192@bounces.agency.example>: Sender address rejected: Domain not found'],
    [
      '5.1.0',
      'smtp; 550 5.1.0 <b+0192@bounces.agency.example>: Sender address rejected: User unknown in relay recipient table',
    ],
    [
      '5.7.1',
      'smtp; 550 5.7.1 <relay.example[192.0.2.1]>: Client host rejected: cannot find your reverse hostname',
    ],
    ['5.0.0', 'smtp; 550-Called: 192.0.2.4 550-Response: 550 no such user 550 Sender verify failed'],
  ])('that it was we who were refused, with %s, ends nobody’s mails: %s', async (status, diagnostic) =>
    expect((await readBounce(report({ status, diagnostic }))).kind).toBe('policy'),
  );

  it('is not judged by the words of the warning that it brings back', async () => {
    const warning = [
      'Subject: Flood',
      '',
      'No such user of the road may pass: it is blocked. Spam, mailbox full.',
    ];
    const told = { status: '5.3.0', diagnostic: 'X-Postfix; something', text: 'something' };
    expect((await readBounce(report(told, warning))).kind).toBe('soft');
  });
});
