/** One whole reply of a mail server (RFC 5321 §4.2). */
export type Reply = {
  code: number;
  /** The enhanced status code (RFC 2034, RFC 3463), such as `5.1.1`, where the server gives one. */
  status: string | undefined;
  /** Its lines without their codes. */
  lines: readonly string[];
};

/** The reply as one line, as an operator or a report reads it. */
export const asText = ({ code, lines }: Reply): string => `${code} ${lines.join(' ')}`.trimEnd();

/** The other side does not speak SMTP, or no longer answers what it was asked: no reply of this link can be believed. */
export class NotSmtp extends Error {
  override readonly name = 'NotSmtp';
}

/** Eight times what RFC 5321 §4.5.3.1.5 allows: enough for real servers, nothing for one that never ends its line. */
const LONGEST_LINE = 4_096;
/** A greeting or EHLO of real servers has up to thirty lines. */
const MOST_LINES = 200;

const LINE = /^([2-5]\d\d)(?:([ -])(.*))?$/s;
const ENHANCED = /^([245]\.\d{1,3}\.\d{1,3})(?=\s|$)/;

/** Makes whole replies out of bytes, however they were cut into packets. */
export class ReplyReader {
  private rest = '';
  private lines: string[] = [];
  private code = 0;

  /** True while nothing of an unfinished reply is held. */
  get isEmpty(): boolean {
    return this.rest === '' && this.lines.length === 0;
  }

  /** The replies that these bytes complete, in order. Throws `NotSmtp`. */
  read(bytes: Buffer): Reply[] {
    this.rest += bytes.toString('latin1');
    const found: Reply[] = [];
    for (let end = this.rest.indexOf('\n'); end >= 0; end = this.rest.indexOf('\n')) {
      const line = this.rest.slice(0, this.rest[end - 1] === '\r' ? end - 1 : end);
      this.rest = this.rest.slice(end + 1);
      const reply = this.take(line);
      if (reply !== undefined) found.push(reply);
    }
    if (this.rest.length > LONGEST_LINE) throw new NotSmtp('the mail server does not end its line');
    return found;
  }

  private take(line: string): Reply | undefined {
    const [, digits, mark = ' ', words = ''] = LINE.exec(line) ?? [];
    if (digits === undefined || line.length > LONGEST_LINE) {
      throw new NotSmtp(`the mail server's answer is not SMTP: ${line.slice(0, 100)}`);
    }
    const code = Number(digits);
    if (this.lines.length > 0 && code !== this.code) {
      throw new NotSmtp(`the lines of one answer have the codes ${this.code} and ${code}`); // RFC 5321 §4.2.1
    }
    this.code = code;
    this.lines.push(Buffer.from(words, 'latin1').toString('utf8'));
    if (this.lines.length > MOST_LINES) throw new NotSmtp('the mail server does not end its answer');
    if (mark === '-') return undefined;
    const lines = this.lines;
    this.lines = [];
    return { code, status: ENHANCED.exec(lines[0] ?? '')?.[1], lines };
  }
}
