import type { Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import {
  SMTPServer,
  type SMTPServerAddress,
  type SMTPServerDataStream,
  type SMTPServerSession,
} from 'smtp-server';
import type { Owing } from '../platform/owing.js';
import type { World } from '../platform/world.js';
import type { MailHabit, SeededPublic } from '../public/seeded-public.js';
import type { Fact, MailFact } from '../record/facts.js';
import { readMail } from './mail-text.js';
import { NO_ROOM, REFUSALS, refusal, type Refusal } from './refusals.js';

/** The most that one mail may weigh, as told in EHLO. */
const MOST_BYTES = 10 * 1024 * 1024;

const ONLY_ONCE: readonly MailHabit[] = ['greylists', 'too-many', 'shuts'];
const SENDS_BACK: readonly MailHabit[] = ['bounces-unknown', 'bounces-full', 'away'];

/** The mail server of the practice world: every address in the world lives here. What it takes is kept before it says so. */
export class MailServer {
  private readonly server: SMTPServer;
  private readonly sockets = new Map<number, Socket>();
  private readonly put = new Set<string>(); // addresses that were put off once

  /** `bounces` is undefined where nobody takes them: then nothing comes back. `bounceAfterMs` after a mail it does. */
  constructor(
    private readonly world: World,
    private readonly people: SeededPublic,
    private readonly bounces: Owing | undefined,
    private readonly bounceAfterMs: number,
  ) {
    this.server = new SMTPServer({
      name: 'mx.practice.example',
      banner: 'practice world',
      logger: false,
      size: MOST_BYTES,
      hideDSN: false,
      disableReverseLookup: true,
      disabledCommands: ['AUTH', 'STARTTLS'],
      onConnect: (_, callback) => this.greet(callback),
      onRcptTo: (address, session, callback) => void this.recipient(address, session, callback),
      onData: (stream, session, callback) => void this.data(stream, session, callback),
    });
    this.server.on('error', () => undefined); // a client that goes away is no news here
    this.server.server.on('connection', (socket: Socket) => {
      const port = socket.remotePort ?? 0;
      this.sockets.set(port, socket.setNoDelay(true));
      socket.once('close', () => this.sockets.delete(port));
    });
  }

  /** Takes in one fact of an earlier run. */
  replay(fact: Fact): void {
    if (fact.fact === 'refusal' && fact.channel === 'email' && fact.answer.startsWith('4'))
      this.put.add(fact.to);
  }

  /** Answers with the real port. Rejects when the port is taken. */
  listen(host: string, port: number): Promise<number> {
    return new Promise((listening, failed) => {
      this.server.server.once('error', failed);
      this.server.listen(port, host, () => {
        const address = this.server.server.address();
        listening(typeof address === 'object' && address !== null ? address.port : port);
      });
    });
  }

  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.server.close(resolve));
    for (const socket of this.sockets.values()) socket.destroy();
    await closed;
  }

  private greet(callback: (error?: Error | null) => void): void {
    const fault = this.world.faults.take('email', ['no-link']);
    callback(fault && refusal(REFUSALS['421']!));
  }

  private async recipient(
    { address }: SMTPServerAddress,
    session: SMTPServerSession,
    callback: (error?: Error | null) => void,
  ): Promise<void> {
    const fault = this.world.faults.take('email', ['refuse', 'defer', 'too-many', '421', 'full'], {
      to: address,
    });
    const habit = this.people.toMail(address);
    const name = fault?.kind ?? (ONLY_ONCE.includes(habit) && this.put.has(address) ? undefined : habit);
    const said = name === 'policy' ? undefined : REFUSALS[name ?? ''];
    if (said === undefined) return callback();
    const full = await this.turnAway(address, said).catch(() => NO_ROOM); // what is not noted is not said
    callback(refusal(full ?? said));
    if (said.code === 421) this.sockets.get(session.remotePort)?.end();
  }

  private async data(
    stream: SMTPServerDataStream,
    session: SMTPServerSession,
    callback: (error?: Error | null, message?: string) => void,
  ): Promise<void> {
    try {
      await this.takeMail(stream, session, callback);
    } catch {
      callback(refusal(NO_ROOM)); // a full disk, or a sender who went away and hears nothing anyway
    }
  }

  private async takeMail(
    stream: SMTPServerDataStream,
    session: SMTPServerSession,
    callback: (error?: Error | null, message?: string) => void,
  ): Promise<void> {
    const { mailFrom, rcptTo, dsn } = session.envelope;
    const socket = this.sockets.get(session.remotePort);
    const recipients = rcptTo.map(({ address }) => address);
    const chunks: Buffer[] = [];
    for await (const chunk of stream as AsyncIterable<Buffer>) chunks.push(chunk);
    const fault = this.takeFault(recipients);
    if (fault?.kind === 'cut-before-body') return void socket?.destroy();
    if (fault?.kind === 'policy' || recipients.some((address) => this.people.toMail(address) === 'policy')) {
      await Promise.all(recipients.map((address) => this.turnAway(address, REFUSALS['policy']!)));
      return callback(refusal(REFUSALS['policy']!));
    }
    const from = mailFrom === false ? '' : mailFrom.address;
    const raw = Buffer.concat(chunks);
    const id = await this.keep(raw, from, rcptTo, dsn?.envid ?? undefined, fault?.kind === 'bounce');
    if (fault?.kind === 'cut-after-body') return void socket?.destroy();
    if (fault?.kind === 'hang') return undefined;
    if (fault?.kind === 'slow') await pause(fault.ms);
    callback(null, `2.0.0 Ok: queued as ${id}`);
  }

  private takeFault(recipients: readonly string[]) {
    const kinds = ['slow', 'policy', 'cut-after-body', 'cut-before-body', 'hang', 'bounce'] as const;
    for (const to of recipients) {
      const fault = this.world.faults.take('email', kinds, { to });
      if (fault !== undefined) return fault;
    }
    return undefined;
  }

  private async keep(
    raw: Buffer,
    from: string,
    recipients: readonly SMTPServerAddress[],
    envid: string | undefined,
    bouncing: boolean,
  ): Promise<string> {
    const span = await this.world.record.appendMail(raw);
    const { messageId, subject, text } = readMail(raw);
    const id = `M${span.offset.toString(36).toUpperCase().padStart(6, '0')}`;
    const at = new Date(this.world.now()).toISOString();
    const mail = {
      fact: 'mail',
      channel: 'email',
      at,
      key: messageId,
      from,
      subject,
      text,
      raw: span,
      id,
    } as const;
    const kept = recipients.map(async ({ address: to, dsn }, n) => {
      const fact: MailFact = { ...mail, to, ...(envid !== undefined && { envid }) };
      await this.world.record.append(fact);
      const what = bouncing ? 'bounces-unknown' : this.sendsBack(to, dsn?.notify);
      if (what !== undefined && from !== '' && this.bounces !== undefined) {
        const dueAt = this.world.now() + this.bounceAfterMs;
        await this.bounces.owe({
          id: `${id}-${n}`,
          what,
          dueAt,
          to: from,
          from: to,
          about: envid ?? '',
          raw: span,
        });
      }
    });
    await Promise.all(kept);
    return id;
  }

  // RFC 3461 §4.1: NEVER wants no report at all, SUCCESS wants one of a delivery too.
  private sendsBack(address: string, notify: readonly string[] | undefined): string | undefined {
    const habit = this.people.toMail(address);
    if (habit === 'away') return habit;
    if (SENDS_BACK.includes(habit)) return notify?.includes('NEVER') === true ? undefined : habit;
    return notify?.includes('SUCCESS') === true ? 'delivered' : undefined;
  }

  private async turnAway(to: string, { code, text }: Refusal): Promise<void> {
    this.put.add(to);
    const at = new Date(this.world.now()).toISOString();
    await this.world.record.append({ fact: 'refusal', channel: 'email', at, to, answer: `${code} ${text}` });
  }
}
