import { connect, type Socket } from 'node:net';

/** One kept SMTP connection without any library: what sending a mail costs at the least. */
export class BareMail {
  private waiting: (() => void)[] = [];
  private rest = '';

  private constructor(private readonly socket: Socket) {
    socket.setNoDelay(true);
    socket.setEncoding('latin1');
    socket.on('data', (text: string) => this.heard(text));
  }

  static async open(port: number): Promise<BareMail> {
    const mail = new BareMail(connect(port, '127.0.0.1'));
    await mail.reply();
    await mail.ask('EHLO floor');
    return mail;
  }

  /** Sends one mail of about 1 kB, commands pipelined (RFC 2920). */
  async send(warningId: string): Promise<void> {
    const replies = [this.reply(), this.reply(), this.reply()];
    this.socket.write('MAIL FROM:<floor@example.org>\r\nRCPT TO:<a@example.org>\r\nDATA\r\n');
    await Promise.all(replies);
    const accepted = this.reply();
    this.socket.write(`X-Warning-Id: ${warningId}\r\nSubject: floor\r\n\r\n${'river '.repeat(160)}\r\n.\r\n`);
    await accepted;
  }

  close(): void {
    this.socket.end('QUIT\r\n');
  }

  private async ask(command: string): Promise<void> {
    const reply = this.reply();
    this.socket.write(`${command}\r\n`);
    await reply;
  }

  private reply(): Promise<void> {
    return new Promise((resolve) => this.waiting.push(resolve));
  }

  private heard(text: string): void {
    this.rest += text;
    for (let end = this.rest.indexOf('\r\n'); end >= 0; end = this.rest.indexOf('\r\n')) {
      const line = this.rest.slice(0, end);
      this.rest = this.rest.slice(end + 2);
      if (/^\d{3} /.test(line)) this.waiting.shift()?.();
    }
  }
}
