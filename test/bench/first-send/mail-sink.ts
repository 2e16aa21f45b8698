import { createServer, type Server, type Socket } from 'node:net';

/** The header by which a mail says which warning it belongs to; ours carries it, and so does the floor's. */
const WARNING_ID = /^X-Warning-Id: *(\S+)/im;
const END_OF_DATA = '\r\n.\r\n';

/**
 * A mail server that does as little as one can: it takes everything, keeps nothing, and remembers when it first accepted a
 * mail of each warning (milliseconds of `performance.now()`).
 */
export class MailSink {
  readonly firstAcceptedAt = new Map<string, number>();
  accepted = 0;
  private waiting = new Map<string, (at: number) => void>();
  private counting: { upTo: number; reached: () => void } | undefined;

  private constructor(
    private readonly server: Server,
    readonly port: number,
  ) {}

  static async open(): Promise<MailSink> {
    const sockets = new Set<Socket>();
    const server = createServer((socket) => {
      sockets.add(socket);
      socket.setNoDelay(true);
      socket.once('close', () => sockets.delete(socket));
      socket.on('error', () => socket.destroy());
      sink.talk(socket);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const sink: MailSink = new MailSink(
      server,
      typeof address === 'object' && address !== null ? address.port : 0,
    );
    sink.end = () => sockets.forEach((socket) => socket.destroy());
    return sink;
  }

  private end: () => void = () => {};

  /** Resolves with the moment at which the first mail of this warning was accepted. Rejects after `withinMs`. */
  async firstOf(warningId: string, withinMs = 20_000): Promise<number> {
    const known = this.firstAcceptedAt.get(warningId);
    if (known !== undefined) return known;
    return new Promise((resolve, reject) => {
      const late = setTimeout(
        () => reject(new Error(`no mail of ${warningId} within ${withinMs} ms`)),
        withinMs,
      );
      this.waiting.set(warningId, (at) => {
        clearTimeout(late);
        resolve(at);
      });
    });
  }

  /** Resolves when so many mails have been accepted in all. Rejects after `withinMs`. */
  async reaches(upTo: number, withinMs = 30_000): Promise<void> {
    if (this.accepted >= upTo) return;
    await new Promise<void>((resolve, reject) => {
      const late = setTimeout(
        () => reject(new Error(`${this.accepted} of ${upTo} mails after ${withinMs} ms`)),
        withinMs,
      );
      this.counting = {
        upTo,
        reached: () => {
          clearTimeout(late);
          resolve();
        },
      };
    });
  }

  async close(): Promise<void> {
    this.end();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private talk(socket: Socket): void {
    let rest = '';
    let inData = false;
    socket.write('220 sink\r\n');
    socket.setEncoding('latin1');
    socket.on('data', (text: string) => {
      rest += text;
      let replies = '';
      for (;;) {
        if (inData) {
          const end = rest.indexOf(END_OF_DATA);
          if (end < 0) break;
          replies += '250 2.0.0 Ok\r\n';
          const mail = rest.slice(0, end);
          rest = rest.slice(end + END_OF_DATA.length);
          inData = false;
          socket.write(replies);
          replies = '';
          this.accept(mail);
          continue;
        }
        const end = rest.indexOf('\r\n');
        if (end < 0) break;
        const command = rest.slice(0, end).toUpperCase();
        rest = rest.slice(end + 2);
        if (command.startsWith('DATA')) inData = true;
        replies += replyTo(command);
      }
      if (replies !== '') socket.write(replies);
    });
  }

  private accept(mail: string): void {
    this.accepted += 1;
    if (this.accepted === this.counting?.upTo) this.counting.reached();
    const id = WARNING_ID.exec(mail)?.[1];
    if (id === undefined || this.firstAcceptedAt.has(id)) return;
    const at = performance.now();
    this.firstAcceptedAt.set(id, at);
    this.waiting.get(id)?.(at);
    this.waiting.delete(id);
  }
}

function replyTo(command: string): string {
  if (command.startsWith('EHLO'))
    return '250-sink\r\n250-PIPELINING\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250 DSN\r\n';
  if (command.startsWith('DATA')) return '354 go on\r\n';
  if (command.startsWith('QUIT')) return '221 bye\r\n';
  return '250 2.0.0 Ok\r\n';
}
