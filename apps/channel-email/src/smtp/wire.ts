import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { asText, NotSmtp, ReplyReader, type Reply } from './replies.js';

/** The link is gone, or cannot be believed any more. `reply` is what the server said last, where it said why. */
export class LinkLost extends Error {
  override readonly name = 'LinkLost';

  constructor(
    message: string,
    readonly reply?: Reply,
  ) {
    super(message);
  }
}

/**
 * One connection: text goes out with the number of replies that it is owed, and replies come back in order. Whole replies have
 * `replyMs`, however many single bytes keep the line busy. A reply that nobody asked for ends the link: after it, every
 * answer would be taken for that of the next mail.
 */
export class Wire {
  private readonly replies: Reply[] = [];
  private waiting: { resolve: (reply: Reply) => void; reject: (error: LinkLost) => void } | undefined;
  /** The greeting comes without being asked for. */
  private owed = 1;
  private lost: LinkLost | undefined;
  private reader = new ReplyReader();
  private readonly deadline: NodeJS.Timeout;
  private readonly onLost: ((error: LinkLost) => void)[] = [];

  constructor(
    private socket: Socket | TLSSocket,
    private readonly replyMs: number,
  ) {
    this.deadline = setTimeout(() => this.late(), replyMs);
    this.listen(socket);
  }

  /** Writes text (ASCII, whole lines) for which `replies` answers are owed. Nothing is written to a lost link. */
  write(text: string, replies: number): void {
    if (this.lost !== undefined) return;
    if (this.owed === 0) this.deadline.refresh();
    this.owed += replies;
    this.socket.write(text, 'latin1');
  }

  /** The next reply. Rejects with `LinkLost`. One at a time. */
  async reply(): Promise<Reply> {
    const ready = this.replies.shift();
    if (ready !== undefined) return ready;
    if (this.lost !== undefined) throw this.lost;
    return new Promise((resolve, reject) => (this.waiting = { resolve, reject }));
  }

  /** Writes one command and answers its reply. */
  async ask(command: string): Promise<Reply> {
    this.write(`${command}\r\n`, 1);
    return this.reply();
  }

  /** Calls back once when the link is gone, whoever ended it. */
  whenLost(then: (error: LinkLost) => void): void {
    if (this.lost === undefined) this.onLost.push(then);
    else then(this.lost);
  }

  /**
   * Goes on with TLS on the same connection. What came in plain text beyond the last reply was slipped in by somebody between us and
   * the server, to be taken for its first words under TLS (CVE-2011-0411): such a link is given up.
   */
  async upgrade(secure: (socket: Socket) => Promise<TLSSocket>): Promise<void> {
    const plain = this.socket;
    if (this.replies.length > 0 || !this.reader.isEmpty || plain.readableLength > 0) {
      this.fail(new LinkLost('the mail server said more in plain text after it had agreed to TLS'));
    }
    if (this.lost !== undefined) throw this.lost;
    plain.removeAllListeners('data');
    const timer = setTimeout(() => plain.destroy(), this.replyMs);
    try {
      this.socket = await secure(plain);
    } catch (error) {
      plain.destroy();
      this.fail(new LinkLost(`no TLS with the mail server: ${(error as Error).message}`));
      throw this.lost ?? error;
    } finally {
      clearTimeout(timer);
    }
    this.reader = new ReplyReader();
    this.listen(this.socket);
  }

  /** Ends the connection at once; what is under way counts as lost, for this reason. */
  drop(why: string): void {
    this.fail(new LinkLost(why));
  }

  /** Says goodbye and ends the connection. */
  quit(): void {
    if (this.lost !== undefined) return;
    this.socket.write('QUIT\r\n');
    this.fail(new LinkLost('closed by us'));
  }

  private listen(socket: Socket): void {
    socket.on('data', (bytes: Buffer) => this.heard(bytes));
    socket.on('error', (error: Error) => this.fail(new LinkLost(error.message)));
    socket.on('close', () => this.fail(new LinkLost('the mail server closed the connection')));
  }

  private heard(bytes: Buffer): void {
    if (this.lost !== undefined) return;
    try {
      for (const reply of this.reader.read(bytes)) this.take(reply);
    } catch (error) {
      if (!(error instanceof NotSmtp)) throw error;
      this.fail(new LinkLost(error.message));
    }
  }

  private take(reply: Reply): void {
    if (this.lost !== undefined) return;
    if (this.owed === 0) {
      const why = `the mail server said what it was not asked: ${asText(reply)}`;
      return this.fail(new LinkLost(why, reply.code === 421 ? reply : undefined));
    }
    this.owed -= 1;
    if (this.owed > 0) this.deadline.refresh();
    const { waiting } = this;
    this.waiting = undefined;
    if (waiting === undefined) this.replies.push(reply);
    else waiting.resolve(reply);
  }

  private late(): void {
    if (this.owed > 0 && this.lost === undefined) {
      this.fail(new LinkLost(`no answer from the mail server within ${Math.round(this.replyMs / 1000)} s`));
    }
  }

  private fail(error: LinkLost): void {
    if (this.lost !== undefined) return;
    this.lost = error;
    clearTimeout(this.deadline);
    this.socket.destroySoon(); // what was written before still leaves
    this.waiting?.reject(error);
    this.waiting = undefined;
    for (const then of this.onLost.splice(0)) then(error);
  }
}
