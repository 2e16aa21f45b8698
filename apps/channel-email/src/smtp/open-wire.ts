import net, { isIP, type Socket } from 'node:net';
import os from 'node:os';
import tls, { type TLSSocket } from 'node:tls';
import { expectCode, logIn, type Login, type Words } from './log-in.js';
import { LinkLost, Wire } from './wire.js';

/** The relay, and what we insist on before a mail is given to it. */
export type RelayAddress = {
  host: string;
  port: number;
  /**
   * `from-the-first-byte`: smtps. `required`: STARTTLS, or nothing is sent. `if-offered`: STARTTLS where the relay has it; then its
   * certificate must be right as well.
   */
  tls: 'from-the-first-byte' | 'required' | 'if-offered';
  login?: Login;
  /** For how long a connection, a handshake and each reply are waited for. */
  timeoutMs: number;
  /** Certificates that are trusted beside the system's; tests alone need it (else NODE_EXTRA_CA_CERTS). */
  ca?: string;
};

/** What the relay said in EHLO that changes how we speak. */
export type Offers = { pipelining: boolean; dsn: boolean };

/**
 * A connection on which the next command may be MAIL: connected, greeted, under TLS where that is asked for, and logged in. Throws
 * `LinkLost` or `NotLetIn`; then the connection is closed.
 */
export async function openWire(relay: RelayAddress): Promise<{ wire: Wire; offers: Offers }> {
  const socket = await connected(relay);
  let isPrivate = relay.tls === 'from-the-first-byte' || isThisMachine(socket.remoteAddress);
  const wire = new Wire(socket, relay.timeoutMs);
  try {
    expectCode(await wire.reply(), 220, 'the relay takes no mail');
    const name = ownName(socket);
    let words = await hello(wire, name);
    if (relay.tls !== 'from-the-first-byte' && words.has('STARTTLS')) {
      expectCode(await wire.ask('STARTTLS'), 220, 'the relay refuses TLS');
      await wire.upgrade((plain) => secured({ socket: plain }, relay));
      words = await hello(wire, name); // what was offered in plain text is forgotten (RFC 3207 §4.2)
      isPrivate = true;
    } else if (relay.tls === 'required') {
      throw new LinkLost('the relay does not offer TLS, and SMTP_TLS requires it');
    }
    if (relay.login !== undefined) {
      if (!isPrivate)
        throw new LinkLost('the relay does not offer TLS, and a password never leaves without it');
      await logIn(wire, words, relay.login);
    }
    return { wire, offers: { pipelining: words.has('PIPELINING'), dsn: words.has('DSN') } };
  } catch (error) {
    wire.drop('given up before the first mail');
    throw error;
  }
}

async function connected(relay: RelayAddress): Promise<Socket> {
  const { host, port, timeoutMs } = relay;
  const socket = net.connect({ host, port, noDelay: true, keepAlive: true, timeout: timeoutMs });
  await settled(socket, 'connect', 'the relay does not answer');
  socket.setTimeout(0);
  return relay.tls === 'from-the-first-byte' ? secured({ socket }, relay) : socket;
}

async function secured(over: { socket: Socket }, { host, timeoutMs, ca }: RelayAddress): Promise<TLSSocket> {
  const named = isIP(host) === 0 ? { servername: host } : {};
  const trusted = ca === undefined ? {} : { ca };
  const socket = tls.connect({ ...over, host, minVersion: 'TLSv1.2', ...named, ...trusted });
  socket.setTimeout(timeoutMs);
  await settled(socket, 'secureConnect', 'no TLS with the relay');
  socket.setTimeout(0);
  return socket;
}

/** Resolves at the event; rejects with `LinkLost` when the connection fails, ends or stays silent before it. */
async function settled(socket: Socket, event: string, what: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const give = (why: string): void => {
      socket.destroy();
      reject(new LinkLost(`${what}: ${why}`));
    };
    const closed = (): void => give('the connection was closed');
    const late = (): void => give('it took too long');
    socket.on('error', (error: Error) => give(error.message)); // stays: a socket without it would end the process
    socket.once('close', closed).once('timeout', late);
    socket.once(event, () => {
      socket.off('close', closed).off('timeout', late);
      resolve();
    });
  });
}

async function hello(wire: Wire, name: string): Promise<Words> {
  const reply = await wire.ask(`EHLO ${name}`);
  if (reply.code !== 250 && reply.code !== 421) {
    expectCode(await wire.ask(`HELO ${name}`), 250, 'the relay takes no greeting'); // RFC 5321 §3.2: older than EHLO
    return new Map();
  }
  expectCode(reply, 250, 'the relay takes no greeting');
  const [, ...offered] = reply.lines;
  return new Map(
    offered.map((line) => {
      const [word = '', ...rest] = line.replace(/^AUTH=/i, 'AUTH ').split(' ');
      return [word.toUpperCase(), rest.join(' ').toUpperCase()];
    }),
  );
}

/** Whether what is said to this address stays on this machine, so that even a password may be said without TLS. */
export const isThisMachine = (address = ''): boolean => /^(127\.|::1$|::ffff:127\.)/.test(address);

/** Our name in EHLO: the machine's, where it is a whole one, else its address (RFC 5321 §4.1.3). */
function ownName({ localAddress = '127.0.0.1' }: Socket): string {
  const name = os.hostname();
  if (/^([A-Za-z0-9-]+\.)+[A-Za-z0-9-]+$/.test(name)) return name;
  return isIP(localAddress) === 6 ? `[IPv6:${localAddress}]` : `[${localAddress}]`;
}
