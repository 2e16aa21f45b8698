import { afterEach, describe, expect, it } from '@jest/globals';
import type { ListRecipient, Outcome, SendCtx, Sending, SendWindow } from '#channel';
import { composed } from '#channel/testing';
import { toInstant, type DeliveryId } from '#contracts';
import { Clock, silentLog } from '#runtime';
import type { TurnedAway } from '../bounces/bounce-desk.js';
import { Templates } from '../composing/templates.js';
import { MailTokens } from '../return-path/mail-tokens.js';
import { flooding, identity } from '../testing/mails.js';
import { relayThat, ScriptedRelay, type Manners } from '../testing/scripted-relay.js';
import { SmtpTransport } from '../transport/smtp-transport.js';
import { EmailSender } from './email-sender.js';

const tokens = new MailTokens('k'.repeat(32), identity.bounceDomain);
const text = composed({ channel: 'email', subject: 'EXERCISE Flood', texts: ['EXERCISE\n\nLeave now.'] });
const deliveryId = (n: number) => `dlv_${n.toString(16).padStart(32, '0')}` as DeliveryId;
const person = (n: number, wish: Partial<ListRecipient> = {}): ListRecipient => ({
  deliveryId: deliveryId(n),
  subscriberId: `sub_${n.toString(16).padStart(32, '0')}`,
  address: `p${n}@mail.example`,
  text,
  attempt: 1,
  answers: null,
  ...wish,
});
const people = (size: number) => Array.from({ length: size }, (_, n) => person(n));

class TenOClock extends Clock {
  now() {
    return toInstant('2026-11-21T10:00:00.000Z');
  }
}

let relay: ScriptedRelay;
let transport: SmtpTransport;
let sender: EmailSender;
let desk: { all: readonly TurnedAway[]; recipients: number }[];
const stop = { now: new AbortController() };

afterEach(async () => {
  transport.close();
  await relay.close();
});

async function to(manners: Partial<Manners> = {}): Promise<void> {
  relay = await ScriptedRelay.open(relayThat(manners));
  transport = new SmtpTransport({
    connections: 1,
    noopMs: 60_000,
    relay: { host: '127.0.0.1', port: relay.port, tls: 'if-offered', timeoutMs: 20_000 },
  });
  await transport.warm();
  desk = [];
  stop.now = new AbortController();
  sender = new EmailSender(transport, new Templates(identity), tokens, {
    turnedAway: async (all, recipients) => void desk.push({ all, recipients }),
  });
}

const ctx = (wish: Partial<SendCtx> = {}): SendCtx => ({
  signal: stop.now.signal,
  mayWrite: () => !stop.now.signal.aborted,
  clock: new TenOClock(),
  log: silentLog,
  ...wish,
});
const windowOf = (recipients: readonly ListRecipient[], about: Partial<Sending> = {}): SendWindow => ({
  sending: { ...flooding, ...about },
  recipients,
});
/** Each person's outcome in short, in the order of the window. */
async function sent(recipients: readonly ListRecipient[], wish: Partial<SendCtx> = {}): Promise<string[]> {
  const outcomes = await sender.send(windowOf(recipients), ctx(wish));
  return recipients.map(({ deliveryId }) => inShort(outcomes.get(deliveryId)));
}
const inShort = (one: Outcome | undefined): string =>
  one?.outcome === 'refused' ? `refused: ${one.reason}` : (one?.outcome ?? 'no answer');

describe('a window of recipients', () => {
  it('goes out with a mail of their own for each, which says whose it is', async () => {
    await to();
    expect(await sent(people(3))).toEqual(['accepted', 'accepted', 'accepted']);
    for (const [n, mail] of relay.mails.entries()) {
      expect(mail.to).toEqual([`p${n}@mail.example`]);
      expect(tokens.readReturnPath(mail.from)).toBe(deliveryId(n));
      expect(mail.data).toContain(`To: p${n}@mail.example\r\n`);
      expect(mail.data).toContain(`Message-ID: <${deliveryId(n)}@agency.example>\r\n`);
      expect(mail.data).toContain('Date: Sat, 21 Nov 2026 10:00:00 +0000\r\n');
      const stopped = /u\+([0-9a-f]{48})@/.exec(mail.data)?.[1] ?? '';
      expect(tokens.readUnsubscribeToken(stopped)).toBe(person(n).subscriberId);
    }
  });

  it('keeps the same Message-ID at the next attempt', async () => {
    await to();
    await sent([person(1)]);
    await sent([person(1, { attempt: 2 })]);
    const [first, second] = relay.mails.map(({ data }) => /^Message-ID: (.+)$/m.exec(data)?.[1]);
    expect(first).toBe(second);
  });

  it('answers the first mail that a person got, for those alone who got one', async () => {
    await to();
    await sent([person(1, { answers: deliveryId(9) }), person(2)]);
    expect(
      relay.mails.map(({ data }) => data.includes(`In-Reply-To: <${deliveryId(9)}@agency.example>`)),
    ).toEqual([true, false]);
  });

  it('is sent by the text of each person’s language', async () => {
    await to();
    const welsh = composed({
      channel: 'email',
      language: 'cy-GB',
      subject: 'YMARFER Llifogydd',
      texts: ['YMARFER\n\nEwch nawr.'],
    });
    await sent([person(1), person(2, { text: welsh })]);
    expect(relay.mails.map(({ data }) => /^Content-Language: (.+)$/m.exec(data)?.[1])).toEqual([
      'en-GB',
      'cy-GB',
    ]);
    expect(relay.mails.map(({ data }) => data.includes('Ewch nawr.'))).toEqual([false, true]);
  });

  it.each([
    'ann@mail.example\r\nBcc: evil@mail.example',
    'ann@mail.example,evil@mail.example',
    '<ann@mail.example>',
    'ann',
    '',
  ])('sends nothing to what is not one plain address: %j', async (address) => {
    await to();
    expect(await sent([person(1, { address }), person(2)])).toEqual(['refused: invalid', 'accepted']);
    expect(relay.mails).toHaveLength(1);
  });

  it('refuses a text that is not what was approved, and tells a person to look', async () => {
    await to();
    const said: string[] = [];
    const log = { ...silentLog, error: (_: unknown, sentence: string) => void said.push(sentence) };
    const forged = { ...text, parts: [{ ...text.parts[0], text: 'Stay at home.' }] } as typeof text;
    expect(await sent([person(1, { text: forged })], { log })).toEqual(['refused: invalid']);
    expect(said).toEqual(['the finished mail is not what was approved: it is not sent']);
    expect(relay.mails).toEqual([]);
  });
});

describe('a person whose mail cannot be made', () => {
  it.each<[string, Partial<ListRecipient>]>([
    ['whose unsubscribe token is none', { subscriberId: `sub_${'A'.repeat(32)}` }],
    ['whose subscriber id ends in a line break', { subscriberId: `sub_${'a'.repeat(30)}\r\n` }],
    ['who is to be answered under an id that is none', { answers: 'dlv_1>\r\nBcc: <evil' as DeliveryId }],
  ])('%s is refused for good, and everybody else gets theirs over the same connection', async (_, wish) => {
    await to();
    const said: unknown[] = [];
    const log = { ...silentLog, error: (_: unknown, sentence: string) => void said.push(sentence) };
    expect(await sent([person(1), person(2, wish), person(3)], { log })).toEqual([
      'accepted',
      'refused: invalid',
      'accepted',
    ]);
    expect(said).toEqual(['the mail of one person cannot be made: it is not sent']);
    expect(relay.mails.map(({ to }) => to)).toEqual([['p1@mail.example'], ['p3@mail.example']]);
    expect(relay.peers).toHaveLength(1);
    expect(desk).toEqual([]); // it says nothing of the address
  });
});

describe('a window that must stop', () => {
  it('writes to nobody further once it may not, and everybody left is due at once', async () => {
    await to();
    const outcomes = await sender.send(windowOf(people(5)), ctx({ mayWrite: () => relay.mails.length < 2 }));
    expect(people(5).map((one) => inShort(outcomes.get(one.deliveryId)))).toEqual([
      'accepted',
      'accepted',
      'deferred',
      'deferred',
      'deferred',
    ]);
    expect(outcomes.get(deliveryId(4))).toEqual({
      outcome: 'deferred',
      until: '2026-11-21T10:00:00.000Z',
      scope: 'app',
    });
    expect(relay.mails).toHaveLength(2);
    expect(relay.peers.length).toBeLessThanOrEqual(2); // one link was cut after DATA, and not one for each
  });

  it('leaves in doubt only the mail that was on its way when the process was told to stop', async () => {
    await to({ answers: { '.': () => (stop.now.abort(), 'close') } });
    expect(await sent(people(4))).toEqual(['unknown', 'deferred', 'deferred', 'deferred']);
    expect(relay.mails).toHaveLength(1);
  });

  it('waits a moment for an answer that is on its way, and no longer than that', async () => {
    relay = await ScriptedRelay.open((of) => async (peer) => {
      peer.say('220 hello');
      await peer.line();
      peer.say('250-x', '250 PIPELINING');
      for (let command = 0; command < 3; command += 1) await peer.line();
      peer.say('250 a', '250 b', '354 c');
      of.mails.push({ from: '', to: [], data: await peer.mail() });
      stop.now.abort();
    });
    transport = new SmtpTransport({
      connections: 1,
      noopMs: 60_000,
      relay: { host: '127.0.0.1', port: relay.port, tls: 'if-offered', timeoutMs: 60_000 },
    });
    stop.now = new AbortController();
    sender = new EmailSender(transport, new Templates(identity), tokens, { turnedAway: async () => {} });
    const began = performance.now();
    expect(await sent(people(2))).toEqual(['no answer', 'deferred']);
    expect(performance.now() - began).toBeLessThan(30_000); // the relay itself would be given a minute
  });

  it('that was told to stop before it began sends nothing', async () => {
    await to();
    stop.now.abort();
    expect(await sent(people(2))).toEqual(['deferred', 'deferred']);
    expect(relay.mails).toEqual([]);
  });
});

describe('whom a relay turns away', () => {
  it('is told to the desk once for the whole window, with the relay’s words', async () => {
    await to({
      answers: {
        'RCPT TO:<p1@': '550 5.1.1 no such user',
        'RCPT TO:<p2@': '552 5.2.2 full',
        DATA: (time) => (time === 2 || time === 3 ? '554 no' : '354 go on'),
      },
    });
    expect(await sent(people(4))).toEqual(['accepted', 'refused: gone', 'refused: capped', 'accepted']);
    expect(desk).toHaveLength(1);
    expect(desk[0]).toMatchObject({
      recipients: 4,
      all: [
        { subscriberId: person(1).subscriberId, deliveryId: deliveryId(1), reply: { status: '5.1.1' } },
        { subscriberId: person(2).subscriberId, reply: { status: '5.2.2' } },
      ],
    });
  });

  it.each([
    ['for now', { RCPT: '450 4.2.0 greylisted' }],
    ['because of us', { MAIL: '553 5.1.8 sender not allowed' }],
    ['with everybody else', { DATA: '554 5.5.1 no' }],
    ['while it shuts down', { RCPT: '421 4.3.2 bye' }],
  ])('%s is nothing that the desk need know', async (_, answers) => {
    await to({ answers });
    await sent([person(1)]);
    expect(desk).toEqual([]);
  });
});

describe('forming the mails of a window', () => {
  it('may begin while the window is armed, and sends nothing by itself', async () => {
    await to();
    sender.prepare(windowOf(people(2)));
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(relay.mails).toEqual([]);
    expect(await sent(people(2))).toEqual(['accepted', 'accepted']);
  });

  it('is done once for a text, however many windows there are', async () => {
    const templates = new Templates(identity);
    const [first, again] = [templates.of(person(1), flooding), templates.of(person(2), flooding)];
    expect(first).toBe(again);
    expect(templates.of(person(3, { answers: deliveryId(9) }), flooding)).not.toBe(first);
    expect(templates.of(person(1), { ...flooding, severity: 'Minor' })).not.toBe(first);
    expect(templates.of(person(1), { ...flooding, mode: 'live' })).not.toBe(first);
  });

  it('is tried again when it failed, and forgotten when it is long ago', async () => {
    const templates = new Templates(identity);
    const forged = { ...text, subject: 'All clear' };
    const failed = templates.of(person(1, { text: forged }), flooding);
    await expect(failed).rejects.toThrow('the subject in the finished mail is not what was approved');
    expect(templates.of(person(1, { text: forged }), flooding)).not.toBe(failed);
    await expect(templates.of(person(1, { text: forged }), flooding)).rejects.toThrow();
    const first = templates.of(person(1), flooding);
    for (let n = 0; n < 200; n += 1) {
      const warningId = `wrn_${n.toString(16).padStart(32, 'f')}` as Sending['warningId'];
      await templates.of(person(1), { ...flooding, warningId });
    }
    expect(templates.of(person(1), flooding)).not.toBe(first);
  });

  it('is rehearsed at start with a mail that is sent to nobody', async () => {
    expect(await new Templates(identity).rehearse()).toBeUndefined();
  });
});
