import nodemailer from 'nodemailer';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Receipts, type ListChannelService } from '#channel';
import { FakeSender, issued, ListWorld, listTexts, warning } from '#channel/testing';
import type { DeliveryId } from '#contracts';
import { silentLog } from '#runtime';
import { MailTokens } from '../return-path/mail-tokens.js';
import { BounceDesk } from './bounce-desk.js';
import { BounceReceiver } from './bounce-receiver.js';

const tokens = new MailTokens('k'.repeat(32), 'bounces.agency.example');
const ANN = 'ann@example.org';
let world: ListWorld;
let post: FakeSender;
let service: ListChannelService;
let receiver: BounceReceiver;
let port: number;

beforeEach(async () => {
  world = await ListWorld.open('email');
  post = new FakeSender('email');
  service = await world.service(post);
  await world.subscribe(`${ANN},en-GB,53.10,0.24,yes`);
  await service.start();
  const desk = new BounceDesk(service.receipts, service.subscribers, { clock: world.clock, log: silentLog });
  receiver = new BounceReceiver(tokens, desk, silentLog);
  port = await receiver.listen('127.0.0.1', 0);
});
afterEach(async () => {
  await receiver.close();
  await world.close();
});

/** Warns Ann and answers the delivery that reached her. */
async function warned(number: number): Promise<DeliveryId> {
  const warningId = warning(number);
  await world.publish(
    issued({
      warningId,
      at: world.clock.now(),
      expiresAt: world.clock.in(60_000),
      composed: listTexts('email', 1),
    }),
  );
  await world.until(
    () => post.taken.length,
    (taken) => taken === number,
  );
  await world.settled();
  return post.taken.at(-1)?.deliveryId ?? ('' as DeliveryId);
}

/** A mail as another server hands it to us; what machines return has the null sender (RFC 5321 §4.5.5). */
async function comesBack(to: string, raw: string, from = ''): Promise<string> {
  const transport = nodemailer.createTransport({ host: '127.0.0.1', port, ignoreTLS: true });
  try {
    const { response } = await transport.sendMail({ envelope: { from, to: [to] }, raw });
    return response;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  } finally {
    transport.close();
  }
}

const report = (status: string, diagnostic: string, action = 'failed') =>
  [
    'From: MAILER-DAEMON@mx.example',
    'Subject: Undelivered Mail Returned to Sender',
    'Auto-Submitted: auto-replied',
    'MIME-Version: 1.0',
    'Content-Type: multipart/report; report-type=delivery-status; boundary="b"',
    '',
    '--b',
    'Content-Type: text/plain',
    '',
    'This is the mail system.',
    '--b',
    'Content-Type: message/delivery-status',
    '',
    'Reporting-MTA: dns; mx.example',
    '',
    `Final-Recipient: rfc822; ${ANN}`,
    `Action: ${action}`,
    `Status: ${status}`,
    `Diagnostic-Code: smtp; ${diagnostic}`,
    '',
    '--b--',
    '',
  ].join('\r\n');
const suppressed = async () => (await service.subscribers.byAddress(ANN))?.suppressed;
const counted = () =>
  world.until(
    () => world.facts('ReceiptsCounted'),
    (facts) => facts.length > 0,
  );

describe('mail that comes back', () => {
  it('because nobody lives there is counted, and ends mails to that address', async () => {
    const back = tokens.returnPath(await warned(1));
    expect(await comesBack(back, report('5.1.1', '550 5.1.1 User unknown'))).toMatch(/^250/);
    expect(await suppressed()).toBe('bounced');
    expect((await counted()).at(-1)).toMatchObject({ bounced: 1, complained: null, delivered: null });
  });

  it('twice is counted once', async () => {
    const back = tokens.returnPath(await warned(1));
    await comesBack(back, report('5.2.2', '552 5.2.2 Mailbox full'));
    await comesBack(back.toUpperCase(), report('5.2.2', '552 5.2.2 Mailbox full'));
    expect((await counted()).at(-1)).toMatchObject({ bounced: 1 });
    expect(await suppressed()).toBeNull();
  });

  it('because the box is full ends mails only when it is so on three warnings', async () => {
    for (const number of [1, 2, 3]) {
      expect(await suppressed()).toBeNull();
      await comesBack(tokens.returnPath(await warned(number)), report('5.2.2', '552 5.2.2 Mailbox full'));
    }
    expect(await suppressed()).toBe('bounced');
  });

  it('because the box is full is tried again after thirty days', async () => {
    for (const number of [1, 2, 3])
      await comesBack(tokens.returnPath(await warned(number)), report('5.2.2', '552 5.2.2 Mailbox full'));
    expect(await suppressed()).toBe('bounced');
    await world.test.db.execute(
      `update channel_email.subscriber set suppressed_until = suppressed_until - interval '30 days'`,
    );
    expect(await suppressed()).toBeNull();
    await warned(4);
  });

  it('because the box is full is forgotten once a mail is known to have arrived', async () => {
    for (const number of [1, 2])
      await comesBack(tokens.returnPath(await warned(number)), report('5.2.2', '552 5.2.2 Mailbox full'));
    await comesBack(tokens.returnPath(await warned(3)), report('2.0.0', '250 Ok', 'delivered'));
    await comesBack(tokens.returnPath(await warned(4)), report('5.2.2', '552 5.2.2 Mailbox full'));
    expect(await suppressed()).toBeNull();
  });

  it('because they refuse our mail does not count towards full boxes', async () => {
    for (const number of [1, 2])
      await comesBack(
        tokens.returnPath(await warned(number)),
        report('5.7.1', '550 5.7.1 blocked by policy'),
      );
    await comesBack(tokens.returnPath(await warned(3)), report('5.2.2', '552 5.2.2 Mailbox full'));
    expect(await suppressed()).toBeNull();
  });

  it('because they refuse our mail never ends mails to a person', async () => {
    for (const number of [1, 2, 3])
      await comesBack(
        tokens.returnPath(await warned(number)),
        report('5.7.1', '550 5.7.1 blocked by policy'),
      );
    expect(await suppressed()).toBeNull();
  });

  it('because the address that somebody forwards to is gone ends no mails to their own at once', async () => {
    const back = tokens.returnPath(await warned(1));
    const forwarded = report('5.1.1', '550 5.1.1 User unknown').replace(ANN, 'ann@old.example');
    expect(await comesBack(back, forwarded)).toMatch(/^250/);
    expect((await counted()).at(-1)).toMatchObject({ bounced: 1 });
    expect(await suppressed()).toBeNull();
    await comesBack(back, report('5.1.1', '550 5.1.1 User unknown').replace(ANN, '<Ann@Example.ORG>'));
    expect(await suppressed()).toBe('bounced'); // this one is about hers
  });

  it('as a note that somebody is away, or a delay, changes nothing', async () => {
    const back = tokens.returnPath(await warned(1));
    const away =
      'From: ann@example.org\r\nSubject: Away\r\nAuto-Submitted: auto-replied\r\n\r\nI am on holiday.\r\n';
    expect(await comesBack(back, away)).toMatch(/^250/);
    expect(await comesBack(back, report('4.4.7', '421 try again', 'delayed'))).toMatch(/^250/);
    expect(await world.test.db.query('select * from channel_email.receipt')).toEqual([]);
  });

  it('as a complaint ends mails to the person at once', async () => {
    const back = tokens.returnPath(await warned(1));
    const arf = report('5.0.0', '')
      .replace('delivery-status; b', 'feedback-report; b')
      .replace('message/delivery-status', 'message/feedback-report');
    expect(await comesBack(back, arf)).toMatch(/^250/);
    expect(await suppressed()).toBe('complained');
  });

  it.each([
    ['a path that we never gave out', `b+${'0'.repeat(48)}@bounces.agency.example`],
    ['somebody else’s address', 'postmaster@bounces.agency.example'],
    ['another domain', `b+${'0'.repeat(48)}@elsewhere.example`],
  ])('to %s is not taken', async (_, to) => {
    expect(await comesBack(to, report('5.1.1', '550 5.1.1 User unknown'))).toMatch(
      /550 5\.1\.1 no such return path/,
    );
  });

  it('is asked for again when it cannot be counted', async () => {
    const back = tokens.returnPath(await warned(1));
    const { add } = Receipts.prototype;
    service.receipts.add = () => Promise.reject(new Error('the database is away'));
    expect(await comesBack(back, report('5.1.1', '550 5.1.1 User unknown'))).toMatch(/451 4\.3\.0/);
    service.receipts.add = add.bind(service.receipts);
    expect(await comesBack(back, report('5.1.1', '550 5.1.1 User unknown'))).toMatch(/^250/);
  });

  it('to the unsubscribe address stops the mails of the person it was made for', async () => {
    const ann = await service.subscribers.byAddress(ANN);
    const stop = tokens.stopAddress(ann?.subscriberId ?? '');
    expect(await comesBack(stop, 'Subject: unsubscribe\r\n\r\n', ANN)).toMatch(/^250/);
    expect(await suppressed()).toBe('opted-out');
  });

  it.each([
    ['a bounce', report('5.1.1', '550 5.1.1 User unknown')],
    ['a note that somebody is away', 'Subject: Away\r\nAuto-Submitted: auto-replied\r\n\r\nOn holiday.\r\n'],
  ])('to the unsubscribe address stops nothing when a machine sends it: %s', async (_, raw) => {
    const ann = await service.subscribers.byAddress(ANN);
    expect(await comesBack(tokens.stopAddress(ann?.subscriberId ?? ''), raw)).toMatch(/^250/);
    expect(await suppressed()).toBeNull();
  });
});
