import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { SMTPServer } from 'smtp-server';
import type { PracticeWorldOptions } from '../options.js';
import { PracticeWorld } from '../practice-world.js';
import type { MailHabit } from '../public/seeded-public.js';
import type { Arrival, MailFact, RefusalFact } from '../record/facts.js';
import { SmtpDialogue } from '../testing/index.js';

const WARNING = [
  'Message-ID: <dlv_1@larum.example>',
  'Subject: FLOOD: leave now',
  '',
  'The river is over the wall.',
  '.hidden',
  '',
].join('\r\n');
const RETURN_PATH = 'b+dlv_1.a7@bounce.example';

describe('the mail server of the practice world', () => {
  let dataDir: string;
  let world: PracticeWorld;
  let smtp: SmtpDialogue;

  async function open(options: Partial<PracticeWorldOptions> = {}): Promise<void> {
    world = await PracticeWorld.open({ dataDir, seed: 'wainfleet', population: { mail: {} }, ...options });
    smtp = await SmtpDialogue.begin(world.ports.smtp);
  }
  async function reopen(options: Partial<PracticeWorldOptions> = {}): Promise<void> {
    smtp.end();
    await world.close();
    await open(options);
  }
  async function arrived<Kind extends Arrival>(): Promise<Kind[]> {
    const all: Arrival[] = [];
    for await (const arrival of world.arrivals('email')) all.push(arrival);
    return all as Kind[];
  }
  const everybody = (habit: MailHabit) => ({ population: { mail: { [habit]: 1 } } });

  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'larum-mail-'));
    await open();
  });
  afterEach(async () => {
    smtp.end();
    await world.close();
    await rm(dataDir, { recursive: true });
  });

  it('says what it can: pipelining, eight bits, reports, and how much', async () => {
    const ehlo = await smtp.say('EHLO again.example');
    for (const word of ['PIPELINING', '8BITMIME', 'DSN', 'SMTPUTF8', 'SIZE 10485760'])
      expect(ehlo).toContain(word);
    expect(ehlo).not.toMatch(/STARTTLS|AUTH/);
  });

  it('takes a mail and keeps its envelope, its Message-ID, its words and every octet of it', async () => {
    expect(await smtp.send(RETURN_PATH, 'ann@example.org', WARNING)).toMatch(/^250 2\.0\.0 Ok: queued as M/);
    const [mail] = await arrived<MailFact>();
    expect(mail).toMatchObject({
      to: 'ann@example.org',
      from: RETURN_PATH,
      key: '<dlv_1@larum.example>',
      subject: 'FLOOD: leave now',
      text: 'The river is over the wall.\n.hidden\n',
    });
    const raw = await (await fetch(`${world.url}/practice/mails/0`)).text();
    expect(raw).toBe(WARNING);
  });

  it('still has it after a restart', async () => {
    await smtp.send(RETURN_PATH, 'ann@example.org', WARNING);
    await reopen();
    expect((await arrived()).map(({ to }) => to)).toEqual(['ann@example.org']);
    expect(await (await fetch(`${world.url}/practice/mails/0`)).text()).toBe(WARNING);
  });

  it('takes many mails in one write, and answers each', async () => {
    const count = 200;
    for (let n = 0; n < count; n += 1) {
      smtp.write(
        `MAIL FROM:<${RETURN_PATH}>\r\nRCPT TO:<p${n}@example.org>\r\nDATA\r\n${WARNING.replace(/^\./gm, '..')}.\r\n`,
      );
    }
    for (let n = 0; n < count; n += 1) {
      expect(
        [await smtp.reply(), await smtp.reply(), await smtp.reply(), await smtp.reply()].map((reply) =>
          reply.slice(0, 3),
        ),
      ).toEqual(['250', '250', '354', '250']);
    }
    expect((await arrived()).map(({ to }) => to)).toEqual(
      Array.from({ length: count }, (_, n) => `p${n}@example.org`),
    );
  });

  it('notes one arrival for each recipient of one mail', async () => {
    await smtp.say(`MAIL FROM:<${RETURN_PATH}>`);
    await smtp.say('RCPT TO:<ann@example.org>');
    await smtp.say('RCPT TO:<bob@example.org>');
    await smtp.say('DATA');
    await smtp.say(`${WARNING}\r\n.`);
    expect((await arrived()).map(({ to }) => to)).toEqual(['ann@example.org', 'bob@example.org']);
  });

  it('outlives senders who go away in the midst of a mail, and has nothing of it', async () => {
    for (const half of ['MAIL FROM:<b@x.example>\r\n', 'DATA\r\nSubject: FLOOD\r\n\r\nLea', 'DATA\r\n']) {
      const gone = await SmtpDialogue.begin(world.ports.smtp);
      gone.write(`MAIL FROM:<${RETURN_PATH}>\r\nRCPT TO:<ann@example.org>\r\n${half}`);
      await pause(30);
      gone.end();
    }
    await pause(30);
    expect(await smtp.send(RETURN_PATH, 'bob@example.org', WARNING)).toMatch(/^250/);
    expect((await arrived()).map(({ to }) => to)).toEqual(['bob@example.org']);
  });

  describe('turns away whom the seed marks', () => {
    it.each<[MailHabit, string]>([
      ['unknown-user', '550 5.1.1 User unknown'],
      ['mailbox-full', '552 5.2.2 Mailbox full'],
      ['policy', '554 5.7.1 Message refused by policy'],
    ])('%s: for good', async (habit, reply) => {
      await reopen(everybody(habit));
      expect(await smtp.send(RETURN_PATH, 'ann@example.org', WARNING)).toBe(reply);
      expect(await smtp.send(RETURN_PATH, 'ann@example.org', WARNING)).toBe(reply);
      expect(await arrived<RefusalFact>()).toMatchObject([
        { fact: 'refusal', to: 'ann@example.org', answer: reply },
        { fact: 'refusal' },
      ]);
    });

    it.each<[MailHabit, string]>([
      ['greylists', '451 4.7.1 Greylisted, try again later'],
      ['too-many', '452 4.5.3 Too many recipients'],
    ])('%s: the first time only, also over a restart', async (habit, reply) => {
      await reopen(everybody(habit));
      expect(await smtp.send(RETURN_PATH, 'ann@example.org', WARNING)).toBe(reply);
      await reopen(everybody(habit));
      expect(await smtp.send(RETURN_PATH, 'ann@example.org', WARNING)).toMatch(/^250/);
    });

    it('shuts: hangs up after 421, and takes the mail on a new link', async () => {
      await reopen(everybody('shuts'));
      await smtp.say(`MAIL FROM:<${RETURN_PATH}>`);
      expect(await smtp.say('RCPT TO:<ann@example.org>')).toBe('421 4.3.2 Service shutting down');
      expect(await smtp.reply()).toBe('closed');
      smtp = await SmtpDialogue.begin(world.ports.smtp);
      expect(await smtp.send(RETURN_PATH, 'ann@example.org', WARNING)).toMatch(/^250/);
    });
  });

  describe('on request', () => {
    it.each([
      ['refuse', /^550 5\.1\.1/],
      ['full', /^552 5\.2\.2/],
      ['defer', /^451 4\.7\.1/],
      ['too-many', /^452 4\.5\.3/],
      ['policy', /^554 5\.7\.1/],
    ])('answers %s once', async (kind, reply) => {
      world.faults.order({ channel: 'email', kind });
      expect(await smtp.send(RETURN_PATH, 'ann@example.org', WARNING)).toMatch(reply);
      expect(await smtp.send(RETURN_PATH, 'ann@example.org', WARNING)).toMatch(/^250/);
    });

    it('cuts the link after the dot, and has the mail all the same', async () => {
      world.faults.order({ channel: 'email', kind: 'cut-after-body' });
      expect(await smtp.send(RETURN_PATH, 'ann@example.org', WARNING)).toBe('closed');
      expect(await arrived()).toHaveLength(1);
    });

    it('cuts the link and has nothing', async () => {
      world.faults.order({ channel: 'email', kind: 'cut-before-body' });
      expect(await smtp.send(RETURN_PATH, 'ann@example.org', WARNING)).toBe('closed');
      expect(await arrived()).toEqual([]);
    });

    it('never answers the last dot, although it has the mail', async () => {
      world.faults.order({ channel: 'email', kind: 'hang' });
      const reply = smtp.send(RETURN_PATH, 'ann@example.org', WARNING);
      expect(await Promise.race([reply, pause(150).then(() => 'still waiting')])).toBe('still waiting');
      expect(await arrived()).toHaveLength(1);
    });

    it('says 421 in the midst of a pipeline, and answers nothing after it', async () => {
      world.faults.order({ channel: 'email', kind: '421', to: 'bob@example.org' });
      const each = (to: string) =>
        `MAIL FROM:<${RETURN_PATH}>\r\nRCPT TO:<${to}>\r\nDATA\r\nSubject: x\r\n\r\nx\r\n.\r\n`;
      smtp.write(each('ann@example.org') + each('bob@example.org') + each('cai@example.org'));
      const replies: string[] = [];
      for (let reply = await smtp.reply(); reply !== 'closed'; reply = await smtp.reply())
        replies.push(reply.slice(0, 3));
      expect(replies.slice(0, 6)).toEqual(['250', '250', '354', '250', '250', '421']);
      expect(
        (await arrived<MailFact>()).filter(({ fact }) => fact === 'mail').map(({ to }) => to),
      ).not.toContain('bob@example.org');
    });

    it('refuses the connection itself', async () => {
      world.faults.order({ channel: 'email', kind: 'no-link' });
      const refused = SmtpDialogue.connected(world.ports.smtp);
      expect(await refused.reply()).toMatch(/^421/);
      refused.end();
    });

    it('is slow with the last answer', async () => {
      world.faults.order({ channel: 'email', kind: 'slow', ms: 120 });
      const began = performance.now();
      expect(await smtp.send(RETURN_PATH, 'ann@example.org', WARNING)).toMatch(/^250/);
      expect(performance.now() - began).toBeGreaterThan(110);
    });
  });

  describe('sends back', () => {
    let returned: { from: string; to: string; mail: string }[];
    let receiver: SMTPServer;
    let port: number;

    async function listen(onPort = 0): Promise<void> {
      receiver = new SMTPServer({
        logger: false,
        disabledCommands: ['AUTH', 'STARTTLS'],
        onData: (stream, { envelope }, callback) => {
          const chunks: Buffer[] = [];
          stream.on('data', (chunk: Buffer) => chunks.push(chunk));
          stream.on('end', () => {
            const from = envelope.mailFrom === false ? 'none' : envelope.mailFrom.address;
            returned.push({
              from,
              to: envelope.rcptTo[0]?.address ?? '',
              mail: Buffer.concat(chunks).toString(),
            });
            callback();
          });
        },
      });
      await new Promise<void>((resolve) => receiver.listen(onPort, '127.0.0.1', resolve));
      const address = receiver.server.address();
      port = typeof address === 'object' && address !== null ? address.port : 0;
    }
    const shut = () => new Promise<void>((resolve) => receiver.close(resolve));
    const bouncing = (habit: MailHabit) => ({
      ...everybody(habit),
      bounceTo: { host: '127.0.0.1', port },
      bounceAfterMs: 20,
    });
    async function untilReturned(count: number): Promise<void> {
      for (let waited = 0; returned.length < count && waited < 30_000; waited += 20) await pause(20);
      expect(returned).toHaveLength(count);
    }

    beforeEach(async () => {
      returned = [];
      await listen();
    });
    afterEach(shut);

    it('a real delivery status report to the Return-Path, from the null sender', async () => {
      await reopen(bouncing('bounces-full'));
      await smtp.send(RETURN_PATH, 'ann@example.org', WARNING, { from: ' ENVID=dlv_1' });
      await untilReturned(1);
      expect(returned[0]).toMatchObject({ from: '', to: RETURN_PATH });
      const { mail } = returned[0]!;
      for (const line of [
        'Content-Type: multipart/report; report-type=delivery-status;',
        'Auto-Submitted: auto-replied',
        'Original-Envelope-Id: dlv_1',
        'Final-Recipient: rfc822; ann@example.org',
        'Action: failed',
        'Status: 5.2.2',
        'Message-ID: <dlv_1@larum.example>',
      ]) {
        expect(mail).toContain(line);
      }
    });

    it('a note from somebody who is away, which is no failure', async () => {
      await reopen(bouncing('away'));
      await smtp.send(RETURN_PATH, 'ann@example.org', WARNING);
      await untilReturned(1);
      expect(returned[0]?.mail).toContain('Auto-Submitted: auto-replied');
      expect(returned[0]?.mail).not.toContain('Status:');
    });

    it('nothing to nobody: a mail without a Return-Path never bounces', async () => {
      await reopen({ ...bouncing('bounces-unknown'), bounceAfterMs: 60_000 });
      const owed = async () => {
        const counts = (await (await fetch(`${world.url}/practice/counts`)).json()) as {
          owed: { email: number };
        };
        return counts.owed.email;
      };
      await smtp.send('', 'ann@example.org', WARNING);
      expect(await owed()).toBe(0);
      await smtp.send(RETURN_PATH, 'bob@example.org', WARNING);
      expect(await owed()).toBe(1);
    });

    it('nothing to a sender who never wants to hear, and a report of success to one who does', async () => {
      await reopen(bouncing('bounces-unknown'));
      await smtp.send(RETURN_PATH, 'ann@example.org', WARNING, { to: ' NOTIFY=NEVER' });
      await reopen({ bounceTo: { host: '127.0.0.1', port }, bounceAfterMs: 20 });
      await smtp.send(RETURN_PATH, 'bob@example.org', WARNING, { to: ' NOTIFY=SUCCESS' });
      await untilReturned(1);
      expect(returned[0]?.mail).toContain('Action: delivered');
    });

    it('a bounce on request', async () => {
      await reopen({ bounceTo: { host: '127.0.0.1', port }, bounceAfterMs: 20 });
      world.faults.order({ channel: 'email', kind: 'bounce', to: 'ann@example.org' });
      await smtp.send(RETURN_PATH, 'ann@example.org', WARNING);
      await untilReturned(1);
      expect(returned[0]?.mail).toContain('Status: 5.1.1');
    });

    it('the bounce after a restart, when it was still owed', async () => {
      const at = Date.parse('2026-11-21T10:00:00Z');
      await reopen({ ...bouncing('bounces-unknown'), bounceAfterMs: 60_000, now: () => at });
      await smtp.send(RETURN_PATH, 'ann@example.org', WARNING);
      const later = at + 60_001;
      await reopen({ ...bouncing('bounces-unknown'), now: () => later });
      await untilReturned(1);
      await reopen({ ...bouncing('bounces-unknown'), now: () => later });
      await pause(60);
      expect(returned).toHaveLength(1);
    });

    it('the bounce as soon as somebody takes it', async () => {
      await reopen(bouncing('bounces-unknown'));
      await shut();
      await smtp.send(RETURN_PATH, 'ann@example.org', WARNING);
      await pause(100);
      expect(returned).toEqual([]);
      await listen(port);
      await untilReturned(1);
    });
  });
});
