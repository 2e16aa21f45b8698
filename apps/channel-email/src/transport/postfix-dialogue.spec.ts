import { afterEach, describe, expect, it } from '@jest/globals';
import { relayThat, ScriptedRelay, type Manners } from '../testing/scripted-relay.js';
import { mailFrom, rcptTo, type SmtpResult } from './mail-job.js';
import { SmtpTransport } from './smtp-transport.js';

/** What Postfix 3.7.11 says to EHLO as it is installed. */
const POSTFIX = [
  '250-relay.example',
  '250-PIPELINING',
  '250-SIZE 10240000',
  '250-VRFY',
  '250-ETRN',
  '250-ENHANCEDSTATUSCODES',
  '250-8BITMIME',
  '250-DSN',
  '250-SMTPUTF8',
  '250 CHUNKING',
];
const UNKNOWN =
  '550 5.1.1 <p@mail.example>: Recipient address rejected: User unknown in relay recipient table';
const NOBODY_LEFT = '554 5.5.1 Error: no valid recipients';
const TOO_MANY = '421 4.7.0 relay.example Error: too many errors';

let relay: ScriptedRelay;
let transport: SmtpTransport;
afterEach(async () => {
  transport.close();
  await relay.close();
});

async function to(first: Partial<Manners>, ...later: Partial<Manners>[]): Promise<void> {
  const all = [first, ...later].map((manners) =>
    relayThat({ greeting: '220 relay.example ESMTP Postfix', ehlo: POSTFIX, ...manners }),
  );
  relay = await ScriptedRelay.open(...all);
  transport = new SmtpTransport({
    connections: 1,
    noopMs: 60_000,
    relay: { host: '127.0.0.1', port: relay.port, tls: 'if-offered', timeoutMs: 20_000 },
  });
  await transport.warm();
}

/** What became of a mail to each of these, handed over at once. */
async function send(...names: string[]): Promise<string[]> {
  const all = names.map(
    (name) =>
      transport.send({
        from: 'b+01@bounces.agency.example',
        to: `${name}@mail.example`,
        envelopeId: `dlv_${name}`,
        isUrgent: false,
        mayLeave: () => true,
        mail: () => `Subject: to ${name}\r\n\r\n..\r\n`,
      }).result,
  );
  return (await Promise.all(all)).map(inShort);
}
const inShort = (one: SmtpResult): string =>
  'reply' in one ? `${one.result} ${one.reply.status}` : one.result;
const heard = () => relay.peers.map((peer) => peer.heard.slice(1).filter((line) => line !== 'QUIT'));

describe('a dialogue with Postfix', () => {
  it('asks for headers alone, under our own id, and for reports of failures alone', async () => {
    await to({ answers: { '.': '250 2.0.0 Ok: queued as 79D2E9E0E36' } });
    expect(await send('ann')).toEqual(['taken 2.0.0']);
    expect(heard()).toEqual([
      [
        'MAIL FROM:<b+01@bounces.agency.example> RET=HDRS ENVID=dlv_ann',
        'RCPT TO:<ann@mail.example> NOTIFY=FAILURE ORCPT=rfc822;ann@mail.example',
        'DATA',
      ],
    ]);
    expect(relay.mails[0]?.data).toContain('\r\n\r\n.\r\n');
  });

  it('whose EHLO words were taken away (`smtpd_discard_ehlo_keywords`) goes step by step, without any of them', async () => {
    await to({ ehlo: ['250 relay.example'] });
    expect(await send('ann', 'bob')).toEqual(['taken 2.0.0', 'taken 2.0.0']);
    expect(heard()[0]?.slice(0, 3)).toEqual([
      'MAIL FROM:<b+01@bounces.agency.example>',
      'RCPT TO:<ann@mail.example>',
      'DATA',
    ]);
    expect(relay.peers[0]?.packets.slice(1, 4).map((packet) => packet.split('\r\n').length)).toEqual([
      2, 2, 2,
    ]);
  });

  it('that ends after too many errors, on a link as new as it is, goes on over another: nobody waits a minute', async () => {
    const strict = { answers: { 'RCPT TO:<p0@': UNKNOWN, DATA: NOBODY_LEFT, RSET: TOO_MANY } };
    await to(strict, {});
    expect(await send('p0', 'p1', 'p2')).toEqual(['refused 5.1.1', 'taken 2.0.0', 'taken 2.0.0']);
    expect(relay.mails.map(({ to: [one] }) => one)).toEqual(['p1@mail.example', 'p2@mail.example']);
  });

  it('that ends after each refusal, as under stress, tells everybody of their own', async () => {
    const strict = {
      answers: {
        'RCPT TO:<gone': UNKNOWN,
        DATA: (time: number) => (time > 1 ? NOBODY_LEFT : '354 go'),
        RSET: TOO_MANY,
      },
    };
    await to(strict);
    expect(await send('p0', 'gone1', 'p1', 'gone2', 'p2')).toEqual([
      'taken 2.0.0',
      'refused 5.1.1',
      'taken 2.0.0',
      'refused 5.1.1',
      'taken 2.0.0',
    ]);
  });

  it('under used up rates is refused at the sender, and the commands behind it are nobody’s', async () => {
    const rate = '450 4.7.1 Error: too much mail from 192.0.2.7';
    const needs = '503 5.5.1 Error: need MAIL command';
    await to({ answers: { MAIL: rate, RCPT: needs, DATA: needs } });
    expect(await send('ann', 'bob')).toEqual(['refused 4.7.1', 'refused 4.7.1']);
    expect(relay.peers).toHaveLength(1);
  });
});

describe('an address with a sign that xtext has a meaning for', () => {
  const offers = { pipelining: true, dsn: true };
  it('is given to Postfix so that its report names the address as we know it', () => {
    const job = {
      from: 'b@b.example',
      to: 'ann+flood=x@mail.example',
      mayLeave: () => true,
      mail: () => '',
      done: () => {},
      tries: 0,
    };
    expect(rcptTo(job, offers)).toBe(
      'RCPT TO:<ann+flood=x@mail.example> NOTIFY=FAILURE ORCPT=rfc822;ann+2Bflood+3Dx@mail.example',
    );
    expect(mailFrom(job, offers)).toBe('MAIL FROM:<b@b.example>');
  });
});
