import type { Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import {
  SMTPServer,
  type SMTPServerAddress,
  type SMTPServerDataStream,
  type SMTPServerSession,
} from 'smtp-server';
import type { World } from '../platform/world.js';
import type { Mailboxes } from './mailboxes.js';
import { NO_ROOM, REFUSALS, refusal } from './refusals.js';

/** The most that one mail may weigh, as told in EHLO. */
const MOST_BYTES = 10 * 1024 * 1024;

/** The mail server of the practice world: every address in the world lives here. What it takes is kept before it says so. */
export class MailServer {
  private readonly server: SMTPServer;
  private readonly sockets = new Map<number, Socket>();

  constructor(
    private readonly world: World,
    private readonly mailboxes: Mailboxes,
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
    const name = fault?.kind ?? this.mailboxes.habit(address);
    const said = name === 'policy' ? undefined : REFUSALS[name];
    if (said === undefined) return callback();
    const full = await this.mailboxes.turnAway(address, said).catch(() => NO_ROOM); // what is not noted is not said
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
    if (
      fault?.kind === 'policy' ||
      recipients.some((address) => this.mailboxes.habit(address) === 'policy')
    ) {
      await Promise.all(recipients.map((address) => this.mailboxes.turnAway(address, REFUSALS['policy']!)));
      return callback(refusal(REFUSALS['policy']!));
    }
    const from = mailFrom === false ? '' : mailFrom.address;
    const envelope = { from, recipients: rcptTo, envid: dsn?.envid ?? undefined };
    const id = await this.mailboxes.keep(Buffer.concat(chunks), envelope, fault?.kind === 'bounce');
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
}
