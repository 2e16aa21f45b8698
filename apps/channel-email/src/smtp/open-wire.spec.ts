import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { createServer } from 'node:net';
import tls from 'node:tls';
import { makeIdentity } from '#cap/testing';
import {
  converse,
  Peer,
  relayThat,
  ScriptedRelay,
  type Manners,
  type Script,
} from '../testing/scripted-relay.js';
import { SmtpTransport } from '../transport/smtp-transport.js';
import { isThisMachine, openWire, type RelayAddress } from './open-wire.js';

type Pem = { key: string; cert: string };
let ours: Pem;
let elsewhere: Pem;
let relay: ScriptedRelay;

/** A server's key and its own certificate, under this name. */
function pem(name: string, to?: string): Pem {
  const { key, certificate } = makeIdentity({
    name,
    kind: 'ec',
    authority: true,
    ...(to === undefined ? {} : { to }),
  });
  return { key: key.export({ type: 'pkcs8', format: 'pem' }) as string, cert: certificate.toString() };
}

beforeAll(() => {
  ours = pem('localhost');
  elsewhere = pem('elsewhere.example');
});
afterEach(() => (relay as ScriptedRelay | undefined)?.close()); // some tests need none, whichever comes first

/** Opens a connection to a relay that does this; the host is `localhost`, whose certificate is `ours`. */
async function opened(script: (relay: ScriptedRelay) => Script, wish: Partial<RelayAddress> = {}) {
  relay = await ScriptedRelay.open(script);
  return openWire({
    host: 'localhost',
    port: relay.port,
    tls: 'if-offered',
    timeoutMs: 20_000,
    ca: ours.cert,
    ...wish,
  });
}
const login = { user: 'larum', password: 'pässword' };
const heard = () => relay.peers[0]?.heard.map((line) => line.replace(/^EHLO .+/, 'EHLO')) ?? [];

const MANNERS: Manners = {
  greeting: '',
  ehlo: ['250-relay.example', '250-AUTH PLAIN LOGIN', '250 PIPELINING'],
  answers: {},
};

/** A relay that offers STARTTLS, with these manners behind it. */
const withStartTls =
  (identity: () => Pem, { slippedIn = '', ...manners }: Partial<Manners> & { slippedIn?: string } = {}) =>
  (of: ScriptedRelay): Script =>
  async (peer) => {
    peer.say('220 hello');
    await peer.line();
    peer.say('250-relay.example', '250-PIPELINING', '250-DSN', '250-AUTH LOGIN', '250 STARTTLS');
    await peer.line();
    await peer.startTls(identity(), slippedIn);
    await converse(peer, of, { ...MANNERS, ...manners });
  };

describe('a relay that is greeted', () => {
  it('says what it can do, in any mixture of upper and lower case', async () => {
    const { offers } = await opened(relayThat({ ehlo: ['250-relay', '250-pipelining', '250 Dsn'] }));
    expect(offers).toEqual({ pipelining: true, dsn: true });
  });

  it('and knows no EHLO is greeted with HELO, and spoken to in lock step', async () => {
    const { offers } = await opened(relayThat({ answers: { EHLO: '502 5.5.1 what?' } }));
    expect(offers).toEqual({ pipelining: false, dsn: false });
    expect(relay.peers[0]?.heard.map((line) => line.split(' ')[0])).toEqual(['EHLO', 'HELO']);
  });

  it('by our whole name or our address, as the standard wants', async () => {
    await opened(relayThat());
    expect(relay.peers[0]?.heard[0]).toMatch(
      /^EHLO (([\w-]+\.)+[\w-]+|\[127\.0\.0\.1\]|\[IPv6:[\da-f:]+\])$/,
    );
  });

  it.each([
    ['is too busy', { greeting: '421 4.3.2 too busy' }, 'the relay takes no mail: 421 4.3.2 too busy'],
    ['does not want us', { greeting: '554 5.7.1 go away' }, 'the relay takes no mail: 554 5.7.1 go away'],
    ['answers EHLO with 421', { answers: { EHLO: '421 bye' } }, 'the relay takes no greeting: 421 bye'],
    ['does not speak SMTP', { greeting: 'SSH-2.0-OpenSSH_9.6' }, 'answer is not SMTP: SSH-2.0-OpenSSH_9.6'],
    ['greets with 250', { greeting: '250 hello' }, 'the relay takes no mail: it answered 250 hello'],
  ])('and %s: its reason is told', async (_, manners, reason) => {
    await expect(opened(relayThat(manners))).rejects.toThrow(reason);
  });

  it('and never greets back is given up', async () => {
    await expect(opened(() => async () => {}, { timeoutMs: 50 })).rejects.toThrow(
      'no answer from the mail server',
    );
  });

  it('where nobody listens says so', async () => {
    relay = await ScriptedRelay.open(relayThat());
    const { port } = relay;
    await relay.close();
    const away = { host: '127.0.0.1', port, tls: 'if-offered', timeoutMs: 20_000 } as const;
    await expect(openWire(away)).rejects.toThrow(/^the relay does not answer: .*ECONNREFUSED/);
  });
});

describe('TLS', () => {
  it('is used where it is offered, and what was offered without it is forgotten', async () => {
    const { offers } = await opened(withStartTls(() => ours));
    expect(offers).toEqual({ pipelining: true, dsn: false });
    expect(heard()).toEqual(['EHLO', 'STARTTLS', 'EHLO']);
  });

  it('carries mails one behind the other, as a plain connection does', async () => {
    relay = await ScriptedRelay.open(withStartTls(() => ours, { answers: { DATA: '354 go on' } }));
    const address = { host: 'localhost', port: relay.port, tls: 'required', timeoutMs: 20_000 } as const;
    const transport = new SmtpTransport({
      relay: { ...address, ca: ours.cert },
      connections: 1,
      noopMs: 60_000,
    });
    const names = ['ann', 'bob', 'cyn'];
    const results = names.map(
      (name) =>
        transport.send({
          from: 'b@x.example',
          to: `${name}@mail.example`,
          isUrgent: false,
          mayLeave: () => true,
          mail: () => `Subject: for ${name}\r\n\r\nLeave now.\r\n`,
        }).result,
    );
    expect((await Promise.all(results)).map(({ result }) => result)).toEqual(['taken', 'taken', 'taken']);
    expect(relay.mails.map(({ to }) => to[0])).toEqual(names.map((name) => `${name}@mail.example`));
    expect(heard()[1]).toBe('STARTTLS');
    transport.close();
  });

  it.each([
    ['another name', () => elsewhere, /no TLS with the relay: .*(altnames|does not match|self-signed)/i],
    ['an expired certificate', () => pem('localhost', '210101000000Z'), /no TLS with the relay: .*expired/],
  ])('to %s is refused: nothing is said to whoever that is', async (_, identity, why) => {
    const wrong = identity();
    await expect(
      opened(
        withStartTls(() => wrong),
        { ca: wrong.cert },
      ),
    ).rejects.toThrow(why);
    expect(heard()).toEqual(['EHLO', 'STARTTLS']);
  });

  it('with a certificate that nobody we trust has signed is refused', async () => {
    const unknown = pem('localhost');
    await expect(opened(withStartTls(() => unknown))).rejects.toThrow(
      /no TLS with the relay: .*(self-signed|signature)/,
    );
  });

  it('that is required and not offered sends nothing', async () => {
    await expect(opened(relayThat(), { tls: 'required' })).rejects.toThrow(
      'does not offer TLS, and SMTP_TLS requires it',
    );
    expect(heard()).toEqual(['EHLO']);
  });

  it('that is offered and then refused sends nothing', async () => {
    const manners = { ehlo: ['250-x', '250 STARTTLS'], answers: { STARTTLS: '454 4.7.0 TLS not available' } };
    await expect(opened(relayThat(manners))).rejects.toThrow(
      'the relay refuses TLS: 454 4.7.0 TLS not available',
    );
  });

  it.each(['250 PIPELINING\r\n', '235 you are in\r\n', '250-half an ans'])(
    'behind which somebody slipped %j in plain text is given up',
    async (slippedIn) => {
      await expect(opened(withStartTls(() => ours, { slippedIn }))).rejects.toThrow(
        /said more in plain text|said what it was not asked/,
      );
      expect(heard()).toEqual(['EHLO', 'STARTTLS']);
    },
  );

  it('from the first byte needs no STARTTLS', async () => {
    relay = await ScriptedRelay.open(relayThat());
    const server = tls.createServer(ours, (socket) => {
      const peer = new Peer(socket);
      peer.say('220 hello');
      void converse(peer, relay, MANNERS).catch(() => {});
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const at = { host: 'localhost', port, tls: 'from-the-first-byte', timeoutMs: 20_000 } as const;
    const { wire, offers } = await openWire({ ...at, ca: ours.cert });
    expect(offers.pipelining).toBe(true);
    wire.quit();
    await expect(openWire(at)).rejects.toThrow(/no TLS with the relay: .*self-signed/);
    await new Promise((resolve) => server.close(resolve));
  });

  it('to a server that accepts and then says nothing is given up', async () => {
    relay = await ScriptedRelay.open(relayThat());
    const mute = createServer((socket) => void socket.resume());
    await new Promise<void>((resolve) => mute.listen(0, '127.0.0.1', resolve));
    const address = mute.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const at = { host: 'localhost', port, tls: 'from-the-first-byte', timeoutMs: 60 } as const;
    await expect(openWire(at)).rejects.toThrow('no TLS with the relay: it took too long');
    await new Promise((resolve) => mute.close(resolve));
  });
});

describe('a log-in', () => {
  const inBase64 = (text: string) => Buffer.from(text, 'utf8').toString('base64');

  it('says name and password in one go where it may, under TLS', async () => {
    await opened(
      withStartTls(() => ours, { answers: { AUTH: '235 2.7.0 welcome' } }),
      { login },
    );
    expect(heard().at(-1)).toBe(`AUTH PLAIN ${inBase64('\0larum\0pässword')}`);
  });

  it('says them one after the other where it must', async () => {
    const answers = {
      AUTH: '334 VXNlcm5hbWU6',
      [inBase64('larum')]: '334 UGFzc3dvcmQ6',
      [inBase64('pässword')]: '235 ok',
    };
    await opened(relayThat({ ehlo: ['250-x', '250 AUTH=LOGIN CRAM-MD5'], answers }), { login });
    expect(heard().slice(1)).toEqual(['AUTH LOGIN', inBase64('larum'), inBase64('pässword')]);
  });

  it('that is refused is the relay’s matter: its reason is told, and never the password', async () => {
    const answers = { AUTH: '535 5.7.8 bad credentials' };
    const error: unknown = await opened(
      withStartTls(() => ours, { answers }),
      { login },
    ).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ name: 'NotLetIn', reply: { code: 535, status: '5.7.8' } });
    expect(String(error)).not.toMatch(/p.ssword|bGFydW0/);
  });

  it.each([
    ['127.0.0.1', true],
    ['127.8.8.8', true],
    ['::1', true],
    ['::ffff:127.0.0.1', true],
    ['192.0.2.7', false],
    ['::ffff:192.0.2.7', false],
    ['2001:db8::1', false],
    ['10.0.0.1', false],
    [undefined, false],
  ])('without TLS goes to this machine alone: %s %p', (address, may) =>
    expect(isThisMachine(address)).toBe(may),
  );

  it('in a way that we do not know is not tried', async () => {
    await expect(opened(relayThat({ ehlo: ['250-x', '250 AUTH XOAUTH2'] }), { login })).rejects.toThrow(
      'offers no log-in that we know (PLAIN, LOGIN)',
    );
  });
});
