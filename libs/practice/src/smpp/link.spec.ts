import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Link } from './link.js';
import { ANSWER, COMMAND, PduReader, writePdu, type Pdu } from './pdu.js';

const NOTHING = Buffer.alloc(0);

describe('an SMPP connection', () => {
  let server: Server;
  let link: Link;
  let client: Socket;
  let heard: Pdu[];
  let asked: Pdu[];

  /** `answers` is what the client does with what it hears. */
  async function connected(
    answers: (pdu: Pdu) => void,
    pace?: { answerWithinMs: number; enquireEveryMs: number },
  ) {
    const taken = new Promise<void>((resolve) => {
      server.once('connection', (socket) => {
        link = new Link(socket, (pdu) => asked.push(pdu), pace);
        resolve();
      });
    });
    client = connect({ host: '127.0.0.1', port: (server.address() as AddressInfo).port });
    const reader = new PduReader();
    client.on('data', (chunk: Buffer) => {
      for (const pdu of reader.read(chunk)) {
        heard.push(pdu);
        answers(pdu);
      }
    });
    await taken;
  }
  const say = (command: number, sequence: number, status = 0) =>
    client.write(writePdu({ command, status, sequence, body: NOTHING }));
  const answer = (pdu: Pdu) => say((pdu.command | ANSWER) >>> 0, pdu.sequence);

  beforeEach(async () => {
    [heard, asked] = [[], []];
    server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterEach(async () => {
    client.destroy();
    await new Promise((resolve) => server.close(resolve));
  });

  it('matches each answer to its question, in whatever order they come', async () => {
    const held: Pdu[] = [];
    await connected((pdu) => {
      held.push(pdu);
      if (held.length < 3) return;
      for (const each of held.toReversed())
        say((each.command | ANSWER) >>> 0, each.sequence, each.sequence + 100);
    });
    const answers = await Promise.all([1, 2, 3].map(() => link.ask(COMMAND.deliver_sm, NOTHING)));
    expect(answers).toEqual([101, 102, 103]);
  });

  it('takes a question for a question, and an answer to nothing for nothing', async () => {
    await connected(() => {});
    say(COMMAND.enquire_link, 7);
    say((COMMAND.deliver_sm | ANSWER) >>> 0, 99);
    say(COMMAND.enquire_link, 8);
    for (let n = 0; n < 1_000 && asked.length < 2; n += 1) await pause(20);
    expect(asked.map(({ sequence }) => sequence)).toEqual([7, 8]);
  });

  it('gives up a question that nobody answers, once', async () => {
    await connected(() => {}, { answerWithinMs: 30, enquireEveryMs: 60_000 });
    expect(await link.ask(COMMAND.deliver_sm, NOTHING)).toBeUndefined();
    say((COMMAND.deliver_sm | ANSWER) >>> 0, 1); // too late, and for nothing
    await pause(20);
    expect(client.closed).toBe(false);
  });

  it('gives up every open question when the link goes', async () => {
    await connected(() => {});
    const open = [1, 2, 3].map(() => link.ask(COMMAND.deliver_sm, NOTHING));
    await pause(20);
    client.destroy();
    expect(await Promise.all(open)).toEqual([undefined, undefined, undefined]);
    expect(await link.ask(COMMAND.deliver_sm, NOTHING)).toBeUndefined();
  });

  it('asks now and then whether anybody is there, and stays while somebody is', async () => {
    await connected(answer, { answerWithinMs: 2_000, enquireEveryMs: 20 });
    const questions = () => heard.filter(({ command }) => command === COMMAND.enquire_link).length;
    for (let n = 0; n < 1_000 && questions() < 3; n += 1) await pause(20); // a busy machine asks later
    expect(questions()).toBeGreaterThan(2);
    expect(client.closed).toBe(false);
  });

  it('hangs up after two questions that nobody answered', async () => {
    await connected(() => {}, { answerWithinMs: 10, enquireEveryMs: 20 });
    await once(client, 'close');
    expect(heard.length).toBeGreaterThanOrEqual(2);
  });

  it('tells of a length that cannot be, and hangs up', async () => {
    await connected(() => {});
    client.write(Buffer.from('00000001', 'hex'));
    await once(client, 'close');
    expect(heard).toMatchObject([{ command: 0x80000000, status: 0x02 }]);
  });
});
