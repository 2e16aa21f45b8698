import { connect, type Socket } from 'node:net';

/** A conversation with a mail server, line by line, as one would hold it by hand. For specs. */
export class SmtpDialogue {
  private readonly replies: string[] = [];
  private readonly waiting: ((reply: string) => void)[] = [];
  private partial = '';
  private held: string[] = [];
  private over = false;

  private constructor(readonly socket: Socket) {
    socket.setNoDelay(true);
    socket.on('data', (chunk: Buffer) => this.take(chunk.toString('utf8')));
    socket.on('error', () => undefined);
    socket.on('close', () => {
      this.over = true;
      for (const resolve of this.waiting.splice(0)) resolve('closed');
    });
  }

  /** Connects, waits for the greeting and says EHLO. */
  static async begin(port: number): Promise<SmtpDialogue> {
    const dialogue = new SmtpDialogue(connect({ host: '127.0.0.1', port }));
    await dialogue.reply();
    await dialogue.say('EHLO client.example');
    return dialogue;
  }

  /** Connects and says nothing. */
  static connected(port: number): SmtpDialogue {
    return new SmtpDialogue(connect({ host: '127.0.0.1', port }));
  }

  /** Sends a line and answers with the whole reply, or `closed` when the server hung up instead. */
  say(line: string): Promise<string> {
    this.write(`${line}\r\n`);
    return this.reply();
  }

  /** Sends without waiting, for pipelining. */
  write(text: string): void {
    if (!this.over) this.socket.write(text);
  }

  /** The next whole reply. */
  reply(): Promise<string> {
    const reply = this.replies.shift();
    if (reply !== undefined) return Promise.resolve(reply);
    return this.over ? Promise.resolve('closed') : new Promise((resolve) => this.waiting.push(resolve));
  }

  /** One whole mail; answers with the reply that ended it: to the final dot, or the first refusal. */
  async send(
    from: string,
    to: string,
    mail: string,
    options: { from?: string; to?: string } = {},
  ): Promise<string> {
    const first = await this.say(`MAIL FROM:<${from}>${options.from ?? ''}`);
    if (!first.startsWith('250')) return first;
    const second = await this.say(`RCPT TO:<${to}>${options.to ?? ''}`);
    if (!second.startsWith('250')) {
      await this.say('RSET');
      return second;
    }
    await this.say('DATA');
    return this.say(`${mail.replace(/^\./gm, '..').replace(/(\r\n)?$/, '\r\n')}.`);
  }

  end(): void {
    this.socket.destroy();
  }

  private take(text: string): void {
    const lines = (this.partial + text).split('\r\n');
    this.partial = lines.pop() ?? '';
    for (const line of lines) {
      this.held.push(line);
      if (line[3] === '-') continue;
      const reply = this.held.join('\n');
      this.held = [];
      const resolve = this.waiting.shift();
      if (resolve === undefined) this.replies.push(reply);
      else resolve(reply);
    }
  }
}
