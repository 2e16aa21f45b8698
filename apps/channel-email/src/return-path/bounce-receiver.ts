import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from 'smtp-server';
import type { DeliveryId } from '#contracts';
import type { Log } from '#runtime';
import type { MailTokens } from './mail-tokens.js';
import { readBounce, type Bounce } from './read-bounce.js';

/** A bounce is small; what is larger is somebody else's business. */
const MOST_BYTES = 1024 * 1024;

/** What to do with a bounce. Rejects when it could not be kept: the other side is told to try again. */
export type OnBounce = (deliveryId: DeliveryId, bounce: Bounce) => Promise<void>;

/**
 * Our door for mail that comes back. Only the return paths that we gave out exist here; everything else is refused before its
 * body. A mail is answered 250 when what it means is kept, never before.
 */
export class BounceReceiver {
  private readonly server: SMTPServer;
  port = 0;

  constructor(
    private readonly tokens: MailTokens,
    private readonly onBounce: OnBounce,
    private readonly log: Log,
  ) {
    this.server = new SMTPServer({
      authOptional: true,
      disabledCommands: ['AUTH', 'STARTTLS'],
      size: MOST_BYTES,
      logger: false,
      onRcptTo: (address, _, answer) => {
        const isOurs = this.tokens.readReturnPath(address.address) !== undefined;
        answer(isOurs ? null : refusal(550, '5.1.1 no such return path here'));
      },
      onData: (stream, session, answer) => {
        this.take(stream, session).then(
          () => answer(),
          (error: unknown) => {
            this.log.warn({ error }, 'a bounce could not be kept, and its server is asked to try again');
            answer(refusal(451, '4.3.0 try again later'));
          },
        );
      },
    });
    this.server.on('error', (error) =>
      this.log.warn({ error }, 'a connection to the receiver of bounces failed'),
    );
  }

  async listen(host: string, port: number): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.server.once('error', reject);
      this.server.listen(port, host, resolve);
    });
    const address = this.server.server.address();
    this.port = typeof address === 'object' && address !== null ? address.port : port;
  }

  async close(): Promise<void> {
    await new Promise<void>((resolve) => this.server.close(resolve));
  }

  private async take(stream: SMTPServerDataStream, { envelope }: SMTPServerSession): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of stream) chunks.push(chunk as Buffer);
    const bounce = await readBounce(Buffer.concat(chunks));
    for (const { address } of envelope.rcptTo) {
      const deliveryId = this.tokens.readReturnPath(address);
      if (deliveryId !== undefined) await this.onBounce(deliveryId, bounce);
    }
  }
}

function refusal(code: number, text: string): Error {
  return Object.assign(new Error(text), { responseCode: code });
}
