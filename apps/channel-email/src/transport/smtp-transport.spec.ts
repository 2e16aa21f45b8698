import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, describe, expect, it } from '@jest/globals';
import { relayThat, ScriptedRelay, type Manners, type Script } from '../testing/scripted-relay.js';
import type { SmtpResult } from './mail-job.js';
import { SmtpTransport, type TransportOptions } from './smtp-transport.js';

let relay: ScriptedRelay;
let transport: SmtpTransport;

afterEach(async () => {
  transport.close();
  await relay.close();
});

type Wish = Partial<Pick<TransportOptions, 'connections' | 'noopMs'>> & { timeoutMs?: number };

/** A transport to a relay whose connections follow these scripts, one connection unless told otherwise. */
async function to(scripts: ((relay: ScriptedRelay) => Script)[], wish: Wish = {}): Promise<void> {
  relay = await ScriptedRelay.open(...scripts);
  const { connections = 1, noopMs = 60_000, timeoutMs = 20_000 } = wish;
  const address = { host: '127.0.0.1', port: relay.port, tls: 'if-offered' as const, timeoutMs };
  transport = new SmtpTransport({ connections, noopMs, relay: address });
  await transport.warm();
}
const polite = relayThat();
const always = () => true;
const answering = (answers: Manners['answers'], more: Partial<Manners> = {}) =>
  relayThat({ ...more, answers });
const LOCK_STEP = ['250-relay.example', '250 8BITMIME'];

/** Sends a mail to each of these people, all at once. */
function send(...people: string[]): Promise<SmtpResult[]> {
  return Promise.all(
    people.map(
      (name) =>
        transport.send({
          from: `b+${name}@bounces.agency.example`,
          to: `${name}@mail.example`,
          isUrgent: false,
          mayLeave: always,
          mail: () => `Subject: for ${name}\r\n\r\n..Leave now.\r\n`,
        }).result,
    ),
  );
}
const arrived = () => relay.mails.map(({ to: [first = ''] }) => first.split('@')[0]);
/** What became of each, in short: the result, and the code where the relay said one. */
const inShort = (results: SmtpResult[]) =>
  results.map((one) => ('reply' in one ? `${one.result} ${one.reply.code}` : one.result));
const people = (size: number) => Array.from({ length: size }, (_, n) => `p${n}`);

describe('mails over a kept connection', () => {
  it('go out whole: each under its own sender, with the dots as they were written', async () => {
    await to([polite]);
    expect(inShort(await send('ann', 'bob'))).toEqual(['taken 250', 'taken 250']);
    expect(relay.mails).toEqual([
      {
        from: 'b+ann@bounces.agency.example',
        to: ['ann@mail.example'],
        data: 'Subject: for ann\r\n\r\n.Leave now.\r\n',
      },
      {
        from: 'b+bob@bounces.agency.example',
        to: ['bob@mail.example'],
        data: 'Subject: for bob\r\n\r\n.Leave now.\r\n',
      },
    ]);
  });

  it('take one round trip each: the commands of the next follow the mail in the same packet', async () => {
    await to([polite]);
    await send('ann', 'bob', 'cyn');
    const [, first, second] = relay.peers[0]?.packets ?? [];
    expect(first).toMatch(/^MAIL FROM:<b\+ann@.+\r\nRCPT TO:<ann@.+\r\nDATA\r\n$/s);
    expect(second).toMatch(
      /^Subject: for ann\r\n.+\r\n\.\r\nMAIL FROM:<b\+bob@.+\r\nRCPT TO:<bob@.+\r\nDATA\r\n$/s,
    );
    expect(relay.peers).toHaveLength(1);
  });

  it('wait for every answer at a relay that does not offer PIPELINING', async () => {
    await to([relayThat({ ehlo: LOCK_STEP })]);
    expect(inShort(await send('ann', 'bob'))).toEqual(['taken 250', 'taken 250']);
    expect(
      relay.peers[0]?.packets.every(
        (packet) => packet.indexOf('\r\n') === packet.length - 2 || packet.startsWith('Subject'),
      ),
    ).toBe(true);
  });

  it('ask for reports of failures alone, under the delivery’s own id, where the relay knows how', async () => {
    await to([polite]);
    const mail = () => 'Subject: flood\r\n\r\n';
    await transport.send({
      from: 'b@x.example',
      to: 'a+b=c@mail.example',
      envelopeId: 'dlv_1',
      isUrgent: true,
      mayLeave: always,
      mail,
    }).result;
    expect(relay.peers[0]?.heard.slice(1, 3)).toEqual([
      'MAIL FROM:<b@x.example> RET=HDRS ENVID=dlv_1',
      'RCPT TO:<a+b=c@mail.example> NOTIFY=FAILURE ORCPT=rfc822;a+2Bb+3Dc@mail.example',
    ]);
  });

  it('are shared among all connections, each mail on one of them', async () => {
    await to([polite], { connections: 4 });
    await send(...people(200));
    expect(arrived().toSorted()).toEqual(people(200).toSorted());
    expect(relay.peers.every(({ heard }) => heard.length > 10)).toBe(true);
  });

  it('that are urgent go before all that are not', async () => {
    await to([polite]);
    const mild = send(...people(20));
    const mail = () => 'Subject: urgent\r\n\r\n';
    await transport.send({
      from: 'b@x.example',
      to: 'urgent@mail.example',
      isUrgent: true,
      mayLeave: always,
      mail,
    }).result;
    expect(arrived().indexOf('urgent')).toBeLessThan(3);
    await mild;
  });
});

describe('every answer counts for its own mail', () => {
  it('one person is refused, and the others get theirs', async () => {
    await to([
      answering({
        'RCPT TO:<p1@': '550 5.1.1 no such user',
        'RCPT TO:<p3@': '452 4.2.2 full',
        DATA: (time) => (time === 2 || time === 4 ? '554 no valid recipients' : '354 go on'),
      }),
    ]);
    expect(inShort(await send(...people(5)))).toEqual([
      'taken 250',
      'refused 550',
      'taken 250',
      'refused 452',
      'taken 250',
    ]);
    expect(arrived()).toEqual(['p0', 'p2', 'p4']);
  });

  it('354 after everybody was refused is answered with a lone dot, and nobody gets an empty mail', async () => {
    await to([
      answering({
        'RCPT TO:<p0@': '550 5.1.1 no such user',
        '.': (time) => (time === 1 ? '554 5.5.1 no valid recipients' : '250 Ok'),
      }),
    ]);
    expect(inShort(await send('p0', 'p1'))).toEqual(['refused 550', 'taken 250']);
    expect(arrived()).toEqual(['p1']);
  });

  it('a sender that is refused refuses the mail, whatever the relay says to the rest', async () => {
    await to([
      answering({
        'MAIL FROM:<b+p0@': '451 4.3.0 try later',
        RCPT: (time) => (time === 1 ? '503 5.5.1 need MAIL' : '250 Ok'),
        DATA: (time) => (time === 1 ? '503 5.5.1 need RCPT' : '354 go on'),
      }),
    ]);
    const [first, second] = await send('p0', 'p1');
    expect(first).toMatchObject({ result: 'refused', at: 'sender', reply: { code: 451, status: '4.3.0' } });
    expect(second?.result).toBe('taken');
  });

  it('in lock step, nothing more is asked about a mail that was refused', async () => {
    await to([answering({ 'RCPT TO:<p0@': '550 no' }, { ehlo: LOCK_STEP })]);
    expect(inShort(await send('p0', 'p1'))).toEqual(['refused 550', 'taken 250']);
    expect(relay.peers[0]?.heard.map((line) => line.slice(0, 4))).toEqual([
      'EHLO',
      'MAIL',
      'RCPT',
      'RSET',
      'MAIL',
      'RCPT',
      'DATA',
    ]);
  });

  it.each(['550 5.7.1 refused by policy', '452 4.3.1 disk full', '552 5.3.4 too big'])(
    '%s to the mail itself is its own',
    async (answer) => {
      await to([answering({ '.': (time) => (time === 1 ? answer : '250 Ok') })]);
      const [first, second] = await send('p0', 'p1');
      expect(first).toMatchObject({
        result: 'refused',
        at: 'mail',
        reply: { code: Number(answer.slice(0, 3)) },
      });
      expect(second?.result).toBe('taken');
    },
  );

  it('greylisted at first and taken later', async () => {
    await to([
      answering({
        RCPT: (time) => (time === 1 ? '450 4.7.1 greylisted, come back' : '250 Ok'),
        DATA: (time) => (time === 1 ? '503 no recipients' : '354 go on'),
      }),
    ]);
    expect(inShort(await send('ann'))).toEqual(['refused 450']);
    expect(inShort(await send('ann'))).toEqual(['taken 250']);
  });

  it('answers that come in pieces, of many lines, or many in one packet, are each read once', async () => {
    const slow = () => async (peer: Parameters<Script>[0]) => {
      await peer.dribble('220-relay.example\r\n220-welcome\r\n220 now\r\n', 1);
      await peer.line();
      await peer.dribble('250-relay.example\r\n250 PIPELINING\r\n', 1);
      for (let mail = 0; mail < 2; mail += 1) {
        for (let command = 0; command < 3; command += 1) await peer.line();
        peer.say('250 Ok', '250-2.1.5 for', '250 2.1.5 you', '354 go on');
        await peer.mail();
        await peer.dribble('250-2.0.0 taken\r\n250 2.0.0 as Q1\r\n', 1);
      }
    };
    await to([slow]);
    const results = await send('ann', 'bob');
    expect(inShort(results)).toEqual(['taken 250', 'taken 250']);
    expect(results[0]).toMatchObject({ reply: { status: '2.0.0', lines: ['2.0.0 taken', '2.0.0 as Q1'] } });
  });
});

describe('a link that is lost', () => {
  it('after the final dot leaves its mail unknown, and the next one goes out on another', async () => {
    await to([answering({ '.': 'close' }), polite]);
    expect(inShort(await send('p0', 'p1', 'p2'))).toEqual(['unknown', 'taken 250', 'taken 250']);
  });

  it('before the mail was begun is certain: nothing left', async () => {
    await to([answering({ DATA: 'close' })]);
    expect(await send('ann')).toEqual([
      { result: 'nothing-left', why: 'the mail server closed the connection' },
    ]);
    expect(relay.mails).toEqual([]);
  });

  it('while it slept costs nobody a pause: the mail goes out on a new one at once', async () => {
    await to([answering({ MAIL: (time) => (time === 1 ? '250 Ok' : 'close') }), polite]);
    await send('p0');
    expect(inShort(await send('p1'))).toEqual(['taken 250']);
    expect(relay.peers).toHaveLength(2);
  });

  it('is not tried for ever: a mail that finds two dead links in a row waits', async () => {
    const dies = answering({ MAIL: (time) => (time === 1 ? '250 Ok' : 'close') });
    await to([dies, answering({ MAIL: 'close' })]);
    await send('p0');
    expect(inShort(await send('p1'))).toEqual(['nothing-left']);
  });

  it('by 421 in the middle of the commands defers its mail, and leaves what was said before as it is', async () => {
    await to([answering({ 'RCPT TO:<p1@': '421 4.3.2 shutting down' })]);
    expect(inShort(await send('p0'))).toEqual(['taken 250']);
    expect(inShort(await send('p1'))).toEqual(['refused 421']);
    expect(arrived()).toEqual(['p0']);
  });

  it('by 421 after a refusal leaves the refusal standing', async () => {
    await to([answering({ RCPT: '550 5.1.1 no such user', DATA: '421 too many errors' })]);
    expect(inShort(await send('p0'))).toEqual(['refused 550']);
  });

  it('by 421 to the mail itself: it was not taken, and can go again', async () => {
    await to([answering({ '.': '421 4.3.2 shutting down' })]);
    expect(await send('ann')).toMatchObject([{ result: 'refused', at: 'mail', reply: { code: 421 } }]);
  });

  it('to silence after the mail is unknown, after a time', async () => {
    const silent = (of: ScriptedRelay) => async (peer: Parameters<Script>[0]) => {
      peer.say('220 hello');
      await peer.line();
      peer.say('250-x', '250 PIPELINING');
      for (let command = 0; command < 3; command += 1) await peer.line();
      peer.say('250 a', '250 b', '354 c');
      of.mails.push({ from: '', to: ['ann@'], data: await peer.mail() });
    };
    await to([silent], { timeoutMs: 800 });
    expect(await send('ann')).toEqual([
      { result: 'unknown', why: expect.stringMatching(/^no answer from the mail server within/) },
    ]);
  });

  it('to one byte at a time is given up as well: a whole answer has its time, and bytes do not lengthen it', async () => {
    const dribbling = (of: ScriptedRelay) => async (peer: Parameters<Script>[0]) => {
      peer.say('220 hello');
      await peer.line();
      peer.say('250-x', '250 PIPELINING');
      for (let command = 0; command < 3; command += 1) await peer.line();
      peer.say('250 a', '250 b', '354 c');
      of.mails.push({ from: '', to: ['ann@'], data: await peer.mail() });
      await peer.dribble('250 2.0.0 this takes its time, and then some more of it\r\n', 20);
    };
    await to([dribbling], { timeoutMs: 800 });
    expect(inShort(await send('ann'))).toEqual(['unknown']);
  });
});

describe('an answer that cannot be right', () => {
  it.each([
    ['250 to DATA', { DATA: '250 whatever' }, 'nothing-left'],
    ['354 to RCPT', { RCPT: '354 go on' }, 'nothing-left'],
    ['two answers to one command', { RCPT: '250 Ok\r\n250 Ok' }, 'nothing-left'],
    ['354 to the mail', { '.': '354 more' }, 'unknown'],
    ['no SMTP at all', { MAIL: 'HTTP/1.1 400 Bad Request' }, 'nothing-left'],
    ['two codes in one answer', { RCPT: '250-Ok\r\n550 no' }, 'nothing-left'],
    ['no SMTP after the mail', { '.': 'ok, thanks' }, 'unknown'],
  ] as const)('%s ends the link: no later mail is judged by it', async (_, answers, result) => {
    await to([answering(answers), polite]);
    expect(inShort(await send('p0'))).toEqual([result]);
    expect(inShort(await send('p1'))).toEqual(['taken 250']);
    expect(relay.peers).toHaveLength(2);
  });

  it('one that nobody asked for ends the link before it could be taken for that of the next mail', async () => {
    await to([answering({ '.': '250 Ok\r\n550 5.1.1 and this' }), polite]);
    expect(inShort(await send('p0'))).toEqual(['taken 250']);
    expect(inShort(await send('p1'))).toEqual(['taken 250']);
    expect(relay.peers).toHaveLength(2);
  });
});

describe('a mail that may no longer leave', () => {
  it('is withdrawn even after DATA: the link is cut, and nobody gets an empty mail', async () => {
    await to([polite]);
    const { result } = transport.send({
      from: 'b@x.example',
      to: 'ann@mail.example',
      isUrgent: false,
      mayLeave: always,
      mail: () => undefined,
    });
    expect(await result).toEqual({ result: 'withdrawn' });
    expect(relay.mails).toEqual([]);
    expect(inShort(await send('bob'))).toEqual(['taken 250']);
    expect(arrived()).toEqual(['bob']);
  });

  it('is taken back while it waits, and the others go', async () => {
    await to([polite]);
    const others = send('p0', 'p1');
    const mail = {
      from: 'b@x.example',
      to: 'ann@mail.example',
      isUrgent: false,
      mayLeave: always,
      mail: () => 'Subject: x\r\n\r\n',
    };
    const waiting = transport.send(mail);
    waiting.takeBack();
    expect(await waiting.result).toEqual({ result: 'withdrawn' });
    expect(inShort(await others)).toEqual(['taken 250', 'taken 250']);
    expect(arrived()).toEqual(['p0', 'p1']);
  });

  it('is not sent by a transport that is closed', async () => {
    await to([polite]);
    transport.close();
    expect(inShort(await send('ann'))).toEqual(['withdrawn']);
    expect(relay.mails).toEqual([]);
  });

  it('whose own making fails ends its link and nothing else', async () => {
    await to([polite]);
    const mail = () => {
      throw new Error('a slot was not of its shape');
    };
    const { result } = transport.send({
      from: 'b@x.example',
      to: 'ann@mail.example',
      isUrgent: false,
      mayLeave: always,
      mail,
    });
    expect((await result).result).toBe('nothing-left');
    expect(inShort(await send('bob'))).toEqual(['taken 250']);
  });
});

describe('a relay that is away', () => {
  it('is told at once to all who wait, and found again by the next mail', async () => {
    await to([polite]);
    const { port } = relay;
    await relay.close();
    const waiting = await send('ann', 'bob');
    expect(waiting.map((one) => one.result)).toEqual(['nothing-left', 'nothing-left']);
    relay = await ScriptedRelay.openAt(port, polite);
    await new Promise((resolve) => setTimeout(resolve, 260)); // it is not asked more often than that
    expect(inShort(await send('ann', 'bob'))).toEqual(['taken 250', 'taken 250']);
  });

  it('refuses with its reason: no recipient is touched', async () => {
    await to([relayThat({ greeting: '554 5.7.1 you are listed' })]);
    expect(await send('ann')).toMatchObject([
      { result: 'refused', at: 'link', reply: { code: 554, status: '5.7.1' } },
    ]);
    await expect(transport.verify()).rejects.toThrow('the relay takes no mail: 554 5.7.1 you are listed');
  });

  it('for more than one connection is no obstacle to that one, and is not asked for more with every mail', async () => {
    const full = relayThat({ greeting: '421 too many connections' });
    await to([polite, full], { connections: 3 });
    expect(relay.peers).toHaveLength(3);
    await new Promise((resolve) => setTimeout(resolve, 260));
    expect(inShort(await send(...people(40)))).toEqual(people(40).map(() => 'taken 250'));
    // The two come back at their own pace, after half a second, one, two and so on: not two more for each of forty mails.
    expect(relay.peers.length).toBeLessThan(20);
  });
});

describe('a connection that is idle', () => {
  const until = async (holds: () => boolean) => {
    for (let n = 0; n < 4_000 && !holds(); n += 1) await new Promise((resolve) => setTimeout(resolve, 5));
  };

  it('is opened before the first mail, and kept awake with NOOP', async () => {
    await to([polite], { connections: 2, noopMs: 10 });
    await until(() => relay.peers.every(({ heard }) => heard.filter((line) => line === 'NOOP').length > 2));
    expect(relay.peers).toHaveLength(2);
    expect(relay.peers.every(({ heard }) => heard.filter((line) => line === 'NOOP').length > 2)).toBe(true);
  });

  it('is opened again by itself when the relay closes it', async () => {
    await to([answering({ NOOP: '421 4.4.2 idle for too long' }), polite], { noopMs: 10 });
    await until(() => relay.peers.length > 1);
    expect(relay.peers).toHaveLength(2);
  });

  it('is changed for a new one before a relay loses its patience with NOOP', async () => {
    await to([polite], { noopMs: 1 });
    await until(() => relay.peers.length > 1);
    expect(relay.peers[0]?.heard.filter((line) => line === 'NOOP')).toHaveLength(90);
    expect(relay.peers[0]?.heard.at(-1)).toBe('QUIT');
  });

  it('is changed for a new one in time also when it is those who ask for its health that say NOOP', async () => {
    await to([polite]);
    for (let asked = 0; asked < 200; asked += 1) await transport.verify();
    const noops = relay.peers.map(({ heard }) => heard.filter((line) => line === 'NOOP').length);
    expect(Math.max(...noops)).toBeLessThanOrEqual(90);
    expect(noops.length).toBeGreaterThan(2);
    expect(relay.peers[0]?.heard.at(-1)).toBe('QUIT');
  });

  it('is asked by health whether it is still there', async () => {
    await to([answering({ NOOP: 'close' }), relayThat({ greeting: '554 no' })]);
    await expect(transport.verify()).rejects.toThrow('the mail server closed the connection');
  });

  it('takes what came while it was asked by health as soon as it has answered', async () => {
    const slowToNoop = (of: ScriptedRelay): Script => {
      const talk = polite(of);
      return (peer) => {
        const line = peer.line.bind(peer);
        peer.line = async () => {
          const said = await line();
          if (said === 'NOOP') await pause(100);
          return said;
        };
        return talk(peer);
      };
    };
    await to([slowToNoop]);
    const asked = transport.verify();
    await until(() => relay.peers[0]?.heard.includes('NOOP') === true);
    const sent = send('ann');
    await asked;
    expect(await Promise.race([sent.then(inShort), pause(1_000, 'still waits')])).toEqual(['taken 250']);
  });
});
