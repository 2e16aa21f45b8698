import type { OwedFact } from '../../record/facts.js';
import { rawHeaders, readMail } from '../mail-text.js';

/** What comes back later, by the habit of the address or the fault on order. */
const REPORTS: Record<string, { action: string; status: string; diagnostic: string; says: string }> = {
  'bounces-unknown': {
    action: 'failed',
    status: '5.1.1',
    diagnostic: '550 5.1.1 User unknown',
    says: 'The address does not exist here.',
  },
  'bounces-full': {
    action: 'failed',
    status: '5.2.2',
    diagnostic: '552 5.2.2 Mailbox full',
    says: 'The mailbox is full.',
  },
  delivered: {
    action: 'delivered',
    status: '2.0.0',
    diagnostic: '250 2.0.0 Ok',
    says: 'The message was delivered.',
  },
};

const HOST = 'mx.practice.example';

/** The mail that settles a debt: a delivery status notification (RFC 3464), or a note from somebody who is away. */
export function returnMail(owed: OwedFact, original: Buffer, now: number): string {
  return owed.what === 'away' ? vacationNote(owed, original, now) : statusReport(owed, original, now);
}

function statusReport(
  { id, what, from: recipient, to, about: envid }: OwedFact,
  original: Buffer,
  now: number,
): string {
  const report = REPORTS[what];
  if (report === undefined) throw new Error(`there is no report for "${what}"`);
  const boundary = `=_practice_${id}`;
  const subject =
    report.action === 'failed' ? 'Undelivered Mail Returned to Sender' : 'Successful Mail Delivery Report';
  return [
    `Return-Path: <>`,
    `Date: ${new Date(now).toUTCString().replace('GMT', '+0000')}`,
    `From: Mail Delivery System <MAILER-DAEMON@${HOST}>`,
    `To: <${to}>`,
    `Subject: ${subject}`,
    `Message-ID: <${id}.report@${HOST}>`,
    `Auto-Submitted: auto-replied`,
    `MIME-Version: 1.0`,
    `Content-Type: multipart/report; report-type=delivery-status; boundary="${boundary}"`,
    '',
    `--${boundary}`,
    `Content-Type: text/plain; charset=us-ascii`,
    '',
    `This is the mail system at host ${HOST}.`,
    '',
    `<${recipient}>: ${report.says}`,
    '',
    `--${boundary}`,
    `Content-Type: message/delivery-status`,
    '',
    `Reporting-MTA: dns; ${HOST}`,
    ...(envid === '' ? [] : [`Original-Envelope-Id: ${envid}`]),
    `Arrival-Date: ${new Date(now).toUTCString().replace('GMT', '+0000')}`,
    '',
    `Final-Recipient: rfc822; ${recipient}`,
    `Original-Recipient: rfc822; ${recipient}`,
    `Action: ${report.action}`,
    `Status: ${report.status}`,
    `Remote-MTA: dns; ${HOST}`,
    `Diagnostic-Code: smtp; ${report.diagnostic}`,
    '',
    `--${boundary}`,
    `Content-Type: text/rfc822-headers`,
    '',
    rawHeaders(original),
    '',
    `--${boundary}--`,
    '',
  ].join('\r\n');
}

function vacationNote({ id, from: recipient, to }: OwedFact, original: Buffer, now: number): string {
  const { messageId } = readMail(original);
  return [
    `Date: ${new Date(now).toUTCString().replace('GMT', '+0000')}`,
    `From: <${recipient}>`,
    `To: <${to}>`,
    `Subject: Out of office`,
    `Message-ID: <${id}.away@${HOST}>`,
    ...(messageId === '' ? [] : [`In-Reply-To: ${messageId}`]),
    `Auto-Submitted: auto-replied`,
    `MIME-Version: 1.0`,
    `Content-Type: text/plain; charset=utf-8`,
    '',
    'I am away until Monday and do not read this mailbox.',
    '',
  ].join('\r\n');
}
