import { connect } from 'node:net';
import nodemailer from 'nodemailer';
import type { ListRecipient, SendCtx, Sending } from '#channel';
import { toInstant, type AccountId, type DeliveryId, type IncidentId, type WarningId } from '#contracts';
import { silentLog, SystemClock, textHash } from '#runtime';
import { composeMail } from '../../../apps/channel-email/src/composing/compose-mail.js';
import { MailTemplate } from '../../../apps/channel-email/src/composing/mail-template.js';
import { Templates } from '../../../apps/channel-email/src/composing/templates.js';
import { MailTokens } from '../../../apps/channel-email/src/return-path/mail-tokens.js';
import { EmailSender } from '../../../apps/channel-email/src/sending/email-sender.js';
import { SmtpTransport } from '../../../apps/channel-email/src/transport/smtp-transport.js';

/** Sends so many mails over so many connections, each to another person under its own return path; resolves when all are accepted. */
export type Sender = (port: number, mails: number, connections: number) => Promise<void>;

const WINDOW = 100;
const subject = 'EXERCISE: severe flood warning for Wainfleet';
const text = 'EXERCISE\n\nThe river is over its banks. Leave now and go up the hill.\n'.repeat(8);
// Not by the builders of '#channel/testing': those need jest, and a benchmark is a program of its own.
const approved: ListRecipient['text'] = {
  accountId: `acc_${'5'.repeat(32)}` as AccountId,
  channel: 'email',
  platform: 'email',
  language: 'en-GB',
  act: 'issue',
  variant: 'first',
  leftOut: [],
  subject,
  subjectSha256: textHash(subject),
  parts: [{ text, sha256: textHash(text) }],
};
const sending: Sending = {
  mode: 'exercise',
  incidentId: `inc_${'0'.repeat(32)}` as IncidentId,
  warningId: `wrn_${'0'.repeat(32)}` as WarningId,
  version: 1,
  act: 'issue',
  issuedAt: toInstant('2026-11-21T10:00:00Z'),
  sendUntil: toInstant('2100-01-01T00:00:00Z'),
  message: 'first',
  severity: 'Severe',
  urgency: 'Immediate',
};
const identity = {
  from: { name: 'Agency', address: 'warnings@agency.example' },
  domain: 'agency.example',
  publicUrl: 'https://warnings.agency.example',
  bounceDomain: 'bounces.agency.example',
};
const tokens = new MailTokens('k'.repeat(32), identity.bounceDomain);
const hex = (n: number): string => n.toString(16).padStart(32, '0');
const personal = (n: number) => ({
  to: `p${n}@mail.example`,
  deliveryId: `dlv_${hex(n)}` as DeliveryId,
  answers: null,
  unsubscribeToken: tokens.unsubscribeToken(`sub_${hex(n)}`),
  date: 'Sat, 21 Nov 2026 10:00:00 +0000',
});
const recipient = (n: number): ListRecipient => {
  const { to: address, deliveryId, answers } = personal(n);
  return { deliveryId, subscriberId: `sub_${hex(n)}`, address, text: approved, attempt: 1, answers };
};

/** What the e-mail channel does with windows, without the database. */
export const own: Sender = async (port, mails, connections) => {
  const relay = { host: '127.0.0.1', port, tls: 'if-offered', timeoutMs: 30_000 } as const;
  const transport = new SmtpTransport({ relay, connections, noopMs: 60_000 });
  await transport.warm();
  const sender = new EmailSender(transport, new Templates(identity), tokens, { turnedAway: async () => {} });
  const { signal } = new AbortController();
  const ctx: SendCtx = { signal, mayWrite: () => true, clock: new SystemClock(), log: silentLog };
  for (let from = 0; from < mails; from += WINDOW) {
    const recipients = Array.from({ length: Math.min(WINDOW, mails - from) }, (_, n) => recipient(from + n));
    const outcomes = await sender.send({ sending, recipients }, ctx);
    for (const { outcome } of outcomes.values())
      if (outcome !== 'accepted') throw new Error(`a mail was ${outcome}`);
  }
  transport.close();
};

/** nodemailer's pool, composing each mail by itself, fed with twice as many as it has connections. */
export const pool: Sender = async (port, mails, connections) => {
  const transport = nodemailer.createTransport({
    pool: true,
    host: '127.0.0.1',
    port,
    ignoreTLS: true,
    maxConnections: connections,
    maxMessages: Infinity,
  });
  let next = 0;
  const work = async (): Promise<void> => {
    for (let n = next++; n < mails; n = next++) {
      const person = personal(n);
      const mail = composeMail(approved, sending, identity, person);
      const envelope = { from: tokens.returnPath(person.deliveryId), to: [person.to] };
      await transport.sendMail({ ...mail, to: { name: '', address: mail.to }, envelope });
    }
  };
  await Promise.all(Array.from({ length: connections * 2 }, work));
  transport.close();
};

/** Bare sockets with ready bytes, one round trip for each mail, answers counted and not read: what there is to win at the most. */
export const bare: Sender = async (port, mails, connections) => {
  const mail = await aMail();
  const commands = 'MAIL FROM:<b@agency.example>\r\nRCPT TO:<p@mail.example>\r\nDATA\r\n';
  let begun = 0;
  const talk = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const socket = connect(port, '127.0.0.1').setNoDelay(true).setEncoding('latin1');
      let isFirst = true;
      socket.once('error', reject).once('close', resolve);
      socket.once('data', () => {
        socket.write(`EHLO bare\r\n`);
        socket.on('data', (said: string) => {
          if (isFirst) socket.write(commands);
          else if (said.includes('354'))
            socket.write(begun++ < mails ? `${mail}.\r\n${commands}` : 'QUIT\r\n');
          isFirst = false;
          if (said.startsWith('221') || begun > mails) socket.destroy();
        });
      });
    });
  await Promise.all(Array.from({ length: connections }, talk));
};

/** Everything at once, waiting for nothing: how fast the sink is. */
export const flood: Sender = async (port, mails, connections) => {
  const one = `MAIL FROM:<b@agency.example>\r\nRCPT TO:<p@mail.example>\r\nDATA\r\n${await aMail()}.\r\n`;
  const each = Math.ceil(mails / connections);
  const pour = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const socket = connect(port, '127.0.0.1');
      socket.once('error', reject).once('close', () => resolve());
      socket.resume();
      socket.write('EHLO flood\r\n');
      for (let n = 0; n < each; n += 1) socket.write(one);
      socket.write('QUIT\r\n');
      let said = '';
      socket.on('data', (bytes: Buffer) => {
        said = said.slice(-20) + bytes.toString('latin1');
        if (said.includes('\n221 ')) socket.destroy();
      });
    });
  await Promise.all(Array.from({ length: connections }, pour));
};

async function aMail(): Promise<string> {
  return (await MailTemplate.of(approved, sending, identity, false)).mailFor(personal(1));
}
