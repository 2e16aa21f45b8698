import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import tls from 'node:tls';

/** What a mail server does on one connection, written out as it would be said by hand. */
export type Script = (peer: Peer) => Promise<void>;

/** A mail as a relay took it: its dots are no longer doubled. */
export type TakenMail = { from: string; to: string[]; data: string };

/** The other end of one connection. */
export class Peer {
  /** Everything that was said to it, line by line; mails are left out. */
  readonly heard: string[] = [];
  /** How the bytes came: one entry for each packet. */
  readonly packets: string[] = [];
  isOver = false;
  private text = '';
  private wake: () => void = () => {};

  constructor(private socket: Socket) {
    this.listen(socket);
  }

  /** The next line; rejects when the other side has gone. */
  async line(): Promise<string> {
    const line = await this.upTo('\r\n');
    this.heard.push(line);
    return line;
  }

  /** The mail that follows 354, without its final dot. */
  async mail(): Promise<string> {
    const data = await this.upTo('.\r\n', (text, at) => at === 0 || text.slice(0, at).endsWith('\r\n'));
    return data.replaceAll(/^\.\./gm, '.');
  }

  /** Says these lines in one packet. */
  say(...lines: string[]): void {
    this.socket.write(`${lines.join('\r\n')}\r\n`);
  }

  /** Says it one byte at a time. */
  async dribble(text: string, everyMs: number): Promise<void> {
    for (const byte of text) {
      if (this.isOver) return;
      this.socket.write(byte);
      await pause(everyMs);
    }
  }

  /** Closes the connection at once. */
  hangUp(): void {
    this.socket.destroy();
  }

  /** Goes on with TLS; `slippedIn` is said in plain text behind the 220, in the same packet. */
  async startTls(identity: { key: string; cert: string }, slippedIn = ''): Promise<void> {
    const plain = this.socket;
    plain.removeAllListeners('data');
    plain.write(`220 go ahead\r\n${slippedIn}`);
    const secure = new tls.TLSSocket(plain, { isServer: true, ...identity });
    this.socket = secure;
    this.listen(secure);
    await new Promise((resolve) => secure.once('secure', resolve));
  }

  private listen(socket: Socket): void {
    socket.setNoDelay(true);
    socket.on('data', (bytes: Buffer) => {
      this.text += bytes.toString('latin1');
      this.packets.push(bytes.toString('latin1'));
      this.wake();
    });
    socket.on('error', () => {});
    socket.on('close', () => {
      this.isOver = true;
      this.wake();
    });
  }

  private async upTo(end: string, isEnd = (_: string, at: number): boolean => at >= 0): Promise<string> {
    for (let from = 0; ;) {
      const at = this.text.indexOf(end, from);
      if (at >= 0 && isEnd(this.text, at)) {
        const found = this.text.slice(0, at);
        this.text = this.text.slice(at + end.length);
        return found;
      }
      if (at >= 0) from = at + 1;
      else if (this.isOver) throw new Error('the other side has gone');
      else await new Promise<void>((resolve) => (this.wake = resolve));
    }
  }
}

/** A mail server on loopback that says exactly what its scripts say: the first connection by the first, and so on. */
export class ScriptedRelay {
  readonly mails: TakenMail[] = [];
  readonly peers: Peer[] = [];

  private constructor(
    private readonly server: Server,
    private readonly scripts: readonly Script[],
  ) {}

  /** The last script is that of every further connection. */
  static open(...scripts: ((relay: ScriptedRelay) => Script)[]): Promise<ScriptedRelay> {
    return ScriptedRelay.openAt(0, ...scripts);
  }

  /** The same on a port that a relay had before. */
  static async openAt(
    port: number,
    ...scripts: ((relay: ScriptedRelay) => Script)[]
  ): Promise<ScriptedRelay> {
    const server = createServer((socket) => relay.talk(socket));
    const all: Script[] = [];
    const relay: ScriptedRelay = new ScriptedRelay(server, all);
    all.push(...scripts.map((script) => script(relay)));
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    return relay;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    for (const peer of this.peers) peer.hangUp();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private talk(socket: Socket): void {
    const script = this.scripts[Math.min(this.peers.length, this.scripts.length - 1)];
    const peer = new Peer(socket);
    this.peers.push(peer);
    script?.(peer).catch(() => {}); // it went away, which is its right
  }
}

/** Answers of an ordinary relay, each of which a test may change; `close` hangs up instead. */
export type Manners = {
  greeting: string;
  ehlo: string[];
  /** The answer to a command: by the words that begin it, the most particular first; `.` is the end of a mail. */
  answers: Record<string, string | ((time: number) => string)>;
};

const POLITE: Manners = {
  greeting: '220 relay.example ESMTP',
  ehlo: ['250-relay.example', '250-PIPELINING', '250-8BITMIME', '250 DSN'],
  answers: {
    MAIL: '250 2.1.0 Ok',
    RCPT: '250 2.1.5 Ok',
    DATA: '354 go on',
    '.': '250 2.0.0 Ok: queued as Q1',
  },
};

/** A relay that behaves, but for what is changed. */
export const relayThat =
  (changed: Partial<Manners> = {}) =>
  (relay: ScriptedRelay): Script =>
  async (peer) => {
    const manners = { ...POLITE, ...changed, answers: { ...POLITE.answers, ...changed.answers } };
    peer.say(manners.greeting);
    await converse(peer, relay, manners);
  };

/** Answers commands until the other side goes; what has no answer of its own gets 250. */
export async function converse(peer: Peer, relay: ScriptedRelay, manners: Manners): Promise<void> {
  const times = new Map<string, number>();
  let open = { from: '', to: [] as string[] };
  for (;;) {
    const line = await peer.line();
    let answer = answerTo(line, manners, times);
    if (answer === 'close') return peer.hangUp();
    peer.say(answer);
    if (line === 'QUIT' || answer.startsWith('421')) return;
    if (line.startsWith('MAIL FROM:') && answer.startsWith('2')) open = { from: inside(line), to: [] };
    if (line.startsWith('RCPT TO:') && answer.startsWith('2')) open.to.push(inside(line));
    if (!answer.startsWith('354')) continue;
    const data = await peer.mail();
    answer = answerTo('.', manners, times);
    if (data !== '') relay.mails.push({ ...open, data });
    if (answer === 'close') return peer.hangUp();
    peer.say(answer);
    if (answer.startsWith('421')) return;
  }
}

const inside = (line: string): string => /<([^>]*)>/.exec(line)?.[1] ?? '';

function answerTo(line: string, { ehlo, answers }: Manners, times: Map<string, number>): string {
  if (line === 'QUIT') return '221 bye';
  const found = Object.keys(answers)
    .toSorted((a, b) => b.length - a.length)
    .find((words) => line.startsWith(words));
  if (found === undefined) return line.startsWith('EHLO') ? ehlo.join('\r\n') : '250 Ok';
  const time = (times.get(found) ?? 0) + 1;
  times.set(found, time);
  const answer = answers[found];
  return typeof answer === 'function' ? answer(time) : (answer ?? '250 Ok');
}
