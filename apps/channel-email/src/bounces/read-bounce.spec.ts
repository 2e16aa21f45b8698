import { describe, expect, it } from '@jest/globals';
import { ReplyReader, type Reply } from '../smtp/replies.js';
import { readBounce, readRefusal } from './read-bounce.js';

const mail = (headers: string[], ...body: string[]) =>
  Buffer.from([...headers, '', ...body, ''].join('\r\n'));
const plain = (from: string, ...body: string[]) =>
  mail([`From: ${from}`, 'Subject: Your message', 'Content-Type: text/plain; charset=utf-8'], ...body);
/** A report as RFC 3464 wants it, about one recipient. */
const report = (fields: string[], note = 'This is the mail system.', type = 'message/delivery-status') =>
  mail(
    [
      'From: MAILER-DAEMON@mx.example',
      'Subject: Undelivered Mail Returned to Sender',
      'MIME-Version: 1.0',
      'Content-Type: multipart/report; report-type=delivery-status; boundary="b"',
    ],
    '--b',
    'Content-Type: text/plain',
    '',
    note,
    '--b',
    `Content-Type: ${type}`,
    '',
    'Reporting-MTA: dns; mx.example',
    '',
    'Final-Recipient: rfc822; ann@example.org',
    ...fields,
    '',
    '--b--',
  );
const kindOf = async (raw: Uint8Array) => (await readBounce(raw)).kind;

describe('a report that came back', () => {
  it.each([
    ['5.1.1', 'smtp; 550 5.1.1 User unknown', 'hard'],
    ['5.1.2', 'smtp; 550 5.1.2 bad destination system', 'hard'],
    ['5.1.10', 'smtp; 550 5.1.10 RESOLVER.ADR.RecipientNotFound', 'hard'],
    ['5.4.4', 'smtp; 550 host not found', 'hard'],
    ['5.0.0', 'smtp; 550 5.1.1 no such user', 'hard'],
    ['5.0.0', 'smtp; 550 Unrouteable address', 'hard'],
    ['5.7.1', 'smtp; 550 5.7.1 Recipient unknown', 'hard'],
    ['5.2.2', 'smtp; 552 5.2.2 Over quota', 'soft'],
    ['5.1.1', 'smtp; 550 5.1.1 mailbox full', 'soft'],
    ['4.2.2', 'smtp; 452 4.2.2 mailbox full', 'soft'],
    ['4.4.7', 'smtp; 421 delivery time expired', 'soft'],
    ['5.7.1', 'smtp; 550 5.7.1 blocked using a blocklist', 'policy'],
    ['5.7.26', 'smtp; 550 5.7.26 unauthenticated mail: DMARC', 'policy'],
    ['5.1.1', 'smtp; 550 5.1.1 rejected as spam', 'policy'],
  ])('with %s and "%s" is %s', async (status, diagnostic, kind) =>
    expect(
      await kindOf(report(['Action: failed', `Status: ${status}`, `Diagnostic-Code: ${diagnostic}`])),
    ).toBe(kind),
  );

  it.each([
    ['delivered', 'delivered'],
    ['relayed', 'delivered'],
    ['expanded', 'delivered'],
    ['delayed', 'delayed'],
    ['DELAYED', 'delayed'],
  ])('whose action is %s is no failure', async (action, kind) =>
    expect(await kindOf(report([`Action: ${action}`, 'Status: 2.0.0']))).toBe(kind),
  );

  it('is read where its fields are folded, and where its type is the one for other scripts', async () => {
    const fields = [
      'Action: failed',
      'Status: 5.0.0',
      'Diagnostic-Code: smtp;',
      '\t550 5.1.1',
      ' User unknown',
    ];
    expect(await readBounce(report(fields))).toMatchObject({ kind: 'hard', status: '5.1.1' });
    expect(await kindOf(report(fields, '', 'message/global-delivery-status'))).toBe('hard');
  });

  it('says in one short line what it said', async () => {
    const { detail } = await readBounce(
      report(['Action: failed', 'Status: 5.1.1', `Diagnostic-Code: smtp; ${'no  user '.repeat(90)}`]),
    );
    expect(detail.length).toBe(300);
    expect(detail).not.toMatch(/\s\s/);
  });

  it('as a complaint is one, whatever its words are', async () => {
    expect(await kindOf(report(['Feedback-Type: abuse'], 'mailbox full', 'message/feedback-report'))).toBe(
      'complaint',
    );
    const headers = [
      'From: fbl@provider.example',
      'Subject: FW',
      'Content-Type: multipart/report; report-type=feedback-report; boundary="b"',
    ];
    expect(
      await kindOf(mail(headers, '--b', 'Content-Type: text/plain', '', 'This is an abuse report.', '--b--')),
    ).toBe('complaint');
  });
});

describe('a mail that came back without a report', () => {
  it.each([
    [
      'Exim',
      'A message that you sent could not be delivered:\r\n  ann@example.org\r\n    all relevant MX records point to non-existent hosts\r\n    Unrouteable address',
      'hard',
    ],
    [
      'qmail',
      'Hi. This is the qmail-send program at mx.example.\r\n<ann@example.org>:\r\nSorry, no mailbox here by that name. (#5.1.1)',
      'hard',
    ],
    ['Gmail', 'The email account that you tried to reach does not exist. 550 5.1.1', 'hard'],
    ['a full box', '<ann@example.org>: 552 Quota exceeded', 'soft'],
    ['a block list', '554 Service unavailable; Client host blocked using a DNSBL', 'policy'],
    ['nothing that can be understood', 'Something went wrong with your letter.', 'cannot-tell'],
  ])('from %s', async (_, body, kind) =>
    expect(await kindOf(plain('Mail Delivery System <MAILER-DAEMON@mx.example>', body))).toBe(kind),
  );

  it('is read from its page when it has no text', async () => {
    const page = mail(
      ['From: postmaster@mx.example', 'Content-Type: text/html'],
      '<p>550 5.1.1 <b>User unknown</b></p>',
    );
    expect(await kindOf(page)).toBe('hard');
  });

  it.each([
    ['Auto-Submitted: auto-replied'],
    ['Auto-Submitted: auto-generated'], // some say it of an answer too
    ['Auto-Submitted: auto-replied (vacation)'],
    ['X-Autoreply: yes'],
    ['X-Autorespond: vacation'],
    ['Precedence: auto_reply'],
    ['Subject: Automatic reply: Flood at Wainfleet'], // Outlook, without a word in its header
    ['Subject: Out of Office: back on Monday'],
    ['Subject: Ymateb awtomatig: Llifogydd'],
  ])('but with "%s" is a person who is away, whatever they write', async (header) => {
    expect(
      await kindOf(mail(['From: ann@example.org', header], 'My mailbox is full of letters, I am away.')),
    ).toBe('auto-reply');
  });

  it.each([
    ['From: MAILER-DAEMON@mx.example', 'Auto-Submitted: auto-replied'],
    ['From: system@mx.example', 'Auto-Submitted: auto-generated (failure)'], // Sendmail
    ['From: system@mx.example', 'Auto-Submitted: no'],
    ['From: system@mx.example', 'Subject: Your mail about the office is undeliverable'],
  ])('and with "%s" and "%s" is a failure all the same', async (...header) => {
    expect(await kindOf(mail(header, '550 5.1.1 user unknown'))).toBe('hard');
  });

  it.each([[''], ['\0\0\0'], ['Content-Type: multipart/mixed; boundary=\r\n\r\n--'], ['=?utf-8?B?////?=']])(
    'and cannot be read at all is none that ends anybody’s mails: %j',
    async (raw) => expect(['cannot-tell', 'soft']).toContain(await kindOf(Buffer.from(raw))),
  );
});

describe('a mail made to keep us busy', () => {
  const million = (piece: string) => piece.repeat(Math.floor(1_000_000 / piece.length));
  const report = (fields: string) =>
    mail(
      ['Content-Type: multipart/report; boundary=b'],
      `--b\r\nContent-Type: message/delivery-status\r\n\r\n${fields}\r\n--b--\r\n`,
    );

  it.each([
    ['a page of nothing but opening brackets', mail(['Content-Type: text/html'], million('<'))],
    ['a million empty lines', mail(['Content-Type: text/html'], million('\r\n'))],
    ['a report of folded nothing', report(million('\r\n '))],
    ['a recipient without end', report(`Final-Recipient: rfc822;${million('a@')} ;`)],
    ['parts without end', mail(['Content-Type: multipart/mixed; boundary=b'], million('--b\r\n\r\n'))],
    ['flowed lines', mail(['Content-Type: text/plain; format=flowed'], million('> \r\n'))],
  ])('does not: %s', async (_, raw) => {
    const before = process.cpuUsage();
    await kindOf(raw);
    const { user, system } = process.cpuUsage(before);
    expect((user + system) / 1e6).toBeLessThan(5); // seconds of our processor, where one took 13 before
  });
});

describe('what a relay says while the list is sent', () => {
  const kind = (text: string) =>
    readRefusal(new ReplyReader().read(Buffer.from(`${text}\r\n`))[0] as Reply).kind;

  it.each([
    [
      '550 5.1.1 <ann@example.org>: Recipient address rejected: User unknown in virtual mailbox table',
      'hard',
    ],
    ['550 5.1.2 no such domain', 'hard'],
    ['550 no such user here', 'hard'],
    ['550 5.4.4 unable to route', 'hard'],
    ['551 user not local; no such user', 'hard'],
    ['552 5.2.2 mailbox full', 'soft'],
    ['550 5.1.1 over quota', 'soft'],
    ['550 5.7.1 relaying denied', 'policy'],
    ['550 5.7.1 mail from your network is blocked', 'policy'],
    ['554 5.7.1 Service unavailable; Client host blocked', 'policy'],
    ['550 administrative prohibition', 'cannot-tell'],
    ['550 5.3.0 something', 'soft'],
  ])('%s is %s', (text, expected) => expect(kind(text)).toBe(expected));
});
