import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { sendBack } from './send-back.js';

const REPORT = 'Subject: Undelivered\r\n\r\n.hidden\r\nLeave now.\r\n';
const TO = 'b+dlv_1.a7@bounce.example';
/** What the sender says, in order, by the words that begin it. */
const STEPS = ['greeting', 'EHLO', 'MAIL', 'RCPT', 'DATA', 'dot'] as const;
type Step = (typeof STEPS)[number];
const FINE: Record<Step, string> = {
  greeting: '220 bounce.example',
  EHLO: '250-bounce.example\r\n250-8BITMIME\r\n250 SIZE 1000000',
  MAIL: '250 2.1.0 Ok',
  RCPT: '250 2.1.5 Ok',
  DATA: '354 go on',
  dot: '250 2.0.0 Ok',
};

/** A receiver of bounces by script: a step that it has no words for ends the link. */
class Receiver {
  heard = '';
  private readonly sockets = new Set<Socket>();
  private constructor(
    private readonly server: Server,
    readonly port: number,
  ) {}

  static async listen(
    script: Partial<Record<Step, string | undefined>> = {},
    octetsAtOnce = 1_000,
  ): Promise<Receiver> {
    const words = { ...FINE, ...script };
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const receiver = new Receiver(server, (server.address() as AddressInfo).port);
    server.on('connection', (socket) => {
      receiver.sockets.add(socket.setNoDelay(true));
      socket.on('error', () => undefined);
      let step = 0;
      const say = () => {
        const line = words[STEPS[step] ?? 'dot'];
        step += 1;
        if (line === undefined) return void socket.destroy();
        for (let at = 0; at < line.length; at += octetsAtOnce)
          socket.write(line.slice(at, at + octetsAtOnce));
        return void socket.write('\r\n');
      };
      let line = '';
      let isMail = false;
      say();
      socket.on('data', (data: Buffer) => {
        receiver.heard += data.toString('utf8');
        for (const letter of data.toString('latin1')) {
          line += letter;
          if (!line.endsWith('\r\n')) continue;
          if (!isMail || line === '.\r\n') say();
          isMail = line === 'DATA\r\n' ? true : isMail && line !== '.\r\n';
          line = '';
        }
      });
    });
    return receiver;
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

describe('a mail that goes back to its sender', () => {
  let receiver: Receiver;
  afterEach(() => receiver.close());
  const send = (mail = REPORT) => sendBack('127.0.0.1', receiver.port, TO, mail);

  it('comes from the null sender (RFC 5321 §4.5.5), with its dots doubled, and is taken', async () => {
    receiver = await Receiver.listen();
    expect(await send()).toBe(true);
    const lines = receiver.heard.split('\r\n');
    expect(lines.slice(1, 4)).toEqual(['MAIL FROM:<>', `RCPT TO:<${TO}>`, 'DATA']);
    expect(lines.slice(4, 9)).toEqual(['Subject: Undelivered', '', '..hidden', 'Leave now.', '.']);
  });

  it('waits for the whole of an answer of several lines, however it is cut on its way', async () => {
    receiver = await Receiver.listen({ RCPT: '250-2.1.5 still\r\n250-thinking\r\n250 Ok' }, 1);
    expect(await send()).toBe(true);
  });

  it('ends by one line end, whether it came with none, one or a bare one', async () => {
    for (const end of ['', '\r\n', '\n']) {
      receiver = await Receiver.listen();
      expect(await send(`Subject: x\r\n\r\nLeave now.${end}`)).toBe(true);
      expect(receiver.heard).toContain('Leave now.\r\n.\r\n');
      if (end !== '\n') await receiver.close();
    }
  });

  it.each(STEPS)('is tried again after a 4xx to %s', async (step) => {
    receiver = await Receiver.listen({ [step]: '451 4.3.0 not now' });
    expect(await send()).toBe(false);
  });

  it.each(STEPS)('is given up after a 5xx to %s: nobody bounces a bounce', async (step) => {
    receiver = await Receiver.listen({ [step]: '550 5.1.1 nobody here' });
    expect(await send()).toBe(true);
  });

  it.each(STEPS)('is tried again when the link goes at %s, for nobody can know', async (step) => {
    receiver = await Receiver.listen({ [step]: undefined });
    await expect(send()).rejects.toThrow();
  });

  it('says nothing more once it was turned away', async () => {
    receiver = await Receiver.listen({ RCPT: '550 5.1.1 nobody here' });
    await send();
    expect(receiver.heard).not.toContain('DATA');
  });

  it('is tried again where nobody listens', async () => {
    receiver = await Receiver.listen();
    const { port } = receiver;
    await receiver.close();
    await expect(sendBack('127.0.0.1', port, TO, REPORT)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    receiver = await Receiver.listen();
  });
});
