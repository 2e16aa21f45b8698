import { afterEach, describe, expect, it } from '@jest/globals';
import type { ListRecipient, Outcome, SendCtx } from '#channel';
import { composed } from '#channel/testing';
import { toInstant, type DeliveryId } from '#contracts';
import { Clock, silentLog } from '#runtime';
import { Templates } from '../composing/templates.js';
import { MailTokens } from '../return-path/mail-tokens.js';
import { flooding, identity } from '../testing/mails.js';
import { relayThat, ScriptedRelay, type Manners } from '../testing/scripted-relay.js';
import { SmtpTransport } from '../transport/smtp-transport.js';
import { EmailSender } from './email-sender.js';

const text = composed({ channel: 'email', subject: 'EXERCISE Flood', texts: ['EXERCISE\n\nLeave now.'] });
const hex = (n: number) => n.toString(16).padStart(32, '0');
const people = (size: number): ListRecipient[] =>
  Array.from({ length: size }, (_, n) => ({
    deliveryId: `dlv_${hex(n)}` as DeliveryId,
    subscriberId: `sub_${hex(n)}`,
    address: `p${n}@mail.example`,
    text,
    attempt: 4,
    answers: null,
  }));

class TenOClock extends Clock {
  now() {
    return toInstant('2026-11-21T10:00:00.000Z');
  }
}

let relay: ScriptedRelay;
let transport: SmtpTransport;
let turnedAway: number;

afterEach(async () => {
  transport.close();
  await relay.close();
});

/** What a window of so many comes to at a relay with these answers, in the order of the list. */
async function sent(size: number, answers: Manners['answers']): Promise<(Outcome | undefined)[]> {
  relay = await ScriptedRelay.open(relayThat({ answers }));
  transport = new SmtpTransport({
    connections: 1,
    noopMs: 60_000,
    relay: { host: '127.0.0.1', port: relay.port, tls: 'if-offered', timeoutMs: 20_000 },
  });
  await transport.warm();
  turnedAway = 0;
  const tokens = new MailTokens('k'.repeat(32), identity.bounceDomain);
  const sender = new EmailSender(transport, new Templates(identity), tokens, {
    turnedAway: async (all) => void (turnedAway += all.length),
  });
  const ctx: SendCtx = {
    signal: new AbortController().signal,
    mayWrite: () => true,
    clock: new TenOClock(),
    log: silentLog,
  };
  const recipients = people(size);
  const outcomes = await sender.send({ sending: flooding, recipients }, ctx);
  return recipients.map(({ deliveryId }) => outcomes.get(deliveryId));
}
const asked = () =>
  relay.peers.flatMap(({ heard }) => heard.filter((line) => line.startsWith('RCPT'))).length;
const inAMinute = (said: string): Outcome => ({
  outcome: 'deferred',
  until: toInstant('2026-11-21T10:01:00.000Z'),
  scope: 'app',
  detail: `the relay takes no mail: ${said}`,
});

const RATE = '450 4.7.1 Error: too much mail from 192.0.2.7';
const UNKNOWN_SENDER = '550 5.1.8 <b+0@bounces.agency.example>: Sender address rejected: Domain not found';
const NO_ROOM = '451 4.3.0 <p@mail.example>: Temporary lookup failure';

describe('a relay that refuses us, and not the people', () => {
  it('is asked three times: all the others of the window go again in the same minute', async () => {
    const all = await sent(200, { MAIL: (time) => (time <= 25 ? '250 Ok' : RATE) });
    expect(all.slice(0, 25).every((one) => one?.outcome === 'accepted')).toBe(true);
    expect(all.slice(25)).toEqual(all.slice(25).map(() => inAMinute(RATE)));
    expect(asked()).toBeLessThanOrEqual(29); // one more was on its way
  });

  it('gives nobody up for gone, though it says 550 and "not found" in answer to each of them', async () => {
    const all = await sent(40, { RCPT: UNKNOWN_SENDER, DATA: '554 5.5.1 Error: no valid recipients' });
    expect(all).toEqual(all.map(() => inAMinute(UNKNOWN_SENDER)));
    expect(turnedAway).toBe(0);
    expect(asked()).toBeLessThanOrEqual(4);
  });

  it('and takes a mail now and then is asked for everybody', async () => {
    const all = await sent(60, { MAIL: (time) => (time % 3 === 0 ? '250 Ok' : RATE) });
    expect(all.filter((one) => one?.outcome === 'accepted')).toHaveLength(20);
    expect(asked()).toBe(60);
  });

  it('is asked for everybody where it may be about one domain or one table', async () => {
    const all = await sent(40, { RCPT: NO_ROOM, DATA: '554 5.5.1 Error: no valid recipients' });
    expect(all).toEqual(all.map(() => inAMinute(NO_ROOM)));
    expect(asked()).toBe(40);
  });
});
