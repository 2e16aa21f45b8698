import type { AddressInfo } from 'node:net';
import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from 'smtp-server';
import { sleep, type Log } from '#runtime';
import type { MailTokens } from '../return-path/mail-tokens.js';
import type { BounceDesk } from './bounce-desk.js';
import { readBounce } from './read-bounce.js';

/** A bounce brings at most the mail it returns with it; the rest of a longer one is not read. */
const MOST_BYTES = 1_048_576;
const MOST_CLIENTS = 50;
const SOCKET_MS = 60_000;
/** At a stop, a mail on its way in may still be counted for so long; whoever says nothing or does not hang up is not waited for. */
const LAST_MAILS_MS = 500;
const LONGEST_CLOSE_MS = 1_000;

/** SMTP's own words for what is wrong, with its reply code. */
function reply(code: number, words: string): Error {
  return Object.assign(new Error(words), { responseCode: code });
}

/**
 * The mail server for what comes back. It knows only addresses that we gave out ourselves: return paths and unsubscribe
 * addresses, each signed. A mail is acknowledged when it is counted, so nothing that was taken is lost. The null sender is for bounces
 * only (RFC 5321 §4.5.5): what a machine sends to an unsubscribe address is nobody's wish.
 */
export class BounceReceiver {
  private readonly server: SMTPServer;

  constructor(
    private readonly tokens: MailTokens,
    private readonly desk: BounceDesk,
    private readonly log: Log,
  ) {
    this.server = new SMTPServer({
      authOptional: true,
      disabledCommands: ['AUTH', 'STARTTLS'],
      disableReverseLookup: true,
      size: MOST_BYTES,
      maxClients: MOST_CLIENTS,
      socketTimeout: SOCKET_MS,
      closeTimeout: LAST_MAILS_MS,
      banner: 'returned mail only',
      onRcptTo: ({ address }, _, done) =>
        this.isOurs(address) ? done() : done(reply(550, '5.1.1 no such return path')),
      onData: (mail, session, done) => void this.answer(mail, session, done),
    });
    this.server.on('error', (error) =>
      this.log.warn({ error }, 'a connection to the receiver of bounces failed'),
    );
  }

  /** Listens; answers the port. */
  async listen(host: string, port: number): Promise<number> {
    await new Promise<void>((resolve, reject) => {
      const failed = (error: Error): void => reject(error);
      this.server.once('error', failed);
      this.server.listen(port, host, () => {
        this.server.off('error', failed);
        resolve();
      });
    });
    return (this.server.server.address() as AddressInfo).port;
  }

  /** Takes no further mail. Resolves within a second. */
  async close(): Promise<void> {
    const closed = new AbortController();
    this.server.close(() => closed.abort());
    await sleep(LONGEST_CLOSE_MS, closed.signal);
  }

  private isOurs(address: string): boolean {
    return (
      this.tokens.readReturnPath(address) !== undefined || this.tokens.readStopAddress(address) !== undefined
    );
  }

  private async answer(
    mail: SMTPServerDataStream,
    session: SMTPServerSession,
    done: (error?: Error | null) => void,
  ): Promise<void> {
    try {
      await this.take(mail, session);
      done();
    } catch (error) {
      done(error as Error);
    }
  }

  private async take(mail: SMTPServerDataStream, session: SMTPServerSession): Promise<void> {
    const raw = await wholeMail(mail);
    if (mail.sizeExceeded) throw reply(552, '5.3.4 too large for a bounce');
    const { mailFrom, rcptTo } = session.envelope;
    const isFromNobody = mailFrom === false || mailFrom.address === '';
    try {
      for (const { address } of rcptTo) {
        const deliveryId = this.tokens.readReturnPath(address);
        const subscriberId = this.tokens.readStopAddress(address);
        if (deliveryId !== undefined) await this.desk.take(deliveryId, await readBounce(raw));
        else if (subscriberId !== undefined && isFromNobody)
          this.log.info({ subscriberId }, 'a machine’s mail to an unsubscribe address stops nothing');
        else if (subscriberId !== undefined) await this.desk.stop(subscriberId);
      }
    } catch (error) {
      this.log.warn({ error }, 'returned mail could not be counted and is asked for again');
      throw reply(451, '4.3.0 try again later');
    }
  }
}

async function wholeMail(mail: SMTPServerDataStream): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of mail as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes <= MOST_BYTES) chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
