import { connect, type Socket } from 'node:net';

/** How long one step of the conversation may take. */
const STEP_MS = 10_000;

/**
 * Hands one mail to the receiver of bounces, with the null sender (RFC 5321 §4.5.5). True when it was taken or will
 * never be (5xx: nobody bounces a bounce), false when it should be tried again. Throws when the link fails.
 */
export async function sendBack(host: string, port: number, to: string, mail: string): Promise<boolean> {
  const socket = connect({ host, port });
  socket.setTimeout(STEP_MS, () => socket.destroy(new Error('the receiver of bounces does not answer')));
  const replies = repliesOf(socket);
  const said = async (line: string | undefined): Promise<number> => {
    if (line !== undefined) socket.write(`${line}\r\n`);
    const reply = await replies.next();
    if (reply.done === true) throw new Error('the receiver of bounces hung up');
    return reply.value;
  };
  try {
    const dotted = mail.replace(/^\./gm, '..').replace(/\r?\n$/, '');
    for (const line of [
      undefined,
      'EHLO mx.practice.example',
      'MAIL FROM:<>',
      `RCPT TO:<${to}>`,
      'DATA',
      `${dotted}\r\n.`,
    ]) {
      const code = await said(line);
      if (code >= 500) return true;
      if (code >= 400) return false;
    }
    return true;
  } finally {
    socket.end('QUIT\r\n');
    setTimeout(() => socket.destroy(), 1_000).unref();
  }
}

/** The code of each whole reply, however many lines it has. */
async function* repliesOf(socket: Socket): AsyncGenerator<number, undefined> {
  let rest = '';
  for await (const chunk of socket as AsyncIterable<Buffer>) {
    rest += chunk.toString('latin1');
    for (let end = rest.indexOf('\n'); end !== -1; end = rest.indexOf('\n')) {
      const line = rest.slice(0, end);
      rest = rest.slice(end + 1);
      if (/^\d{3}(?!-)/.test(line)) yield Number(line.slice(0, 3));
    }
  }
  return undefined;
}
