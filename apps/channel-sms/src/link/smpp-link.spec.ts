import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { aReceipt, aText, ScriptedSmsc, type SmscSide } from '../testing/scripted-smsc.js';
import type { Pdu, PduOf } from '../smpp/protocol.js';
import { BindRefused } from './bind-refused.js';
import { SmppLink, type LinkEvents, type LinkSettings } from './smpp-link.js';

const none: ReadonlyMap<number, Uint8Array> = new Map();
const submit = (): Pdu => ({ ...aText(), command: 'submit_sm', status: 0, sequence: 0 });
const until = async (holds: () => boolean) => {
  for (let n = 0; n < 2_000 && !holds(); n += 1) await new Promise((resolve) => setTimeout(resolve, 10));
  expect(holds()).toBe(true);
};

describe('a link to an SMS gateway', () => {
  let smsc: ScriptedSmsc;
  let link: SmppLink | undefined;
  const seen = { incoming: [] as Pdu[], closed: [] as string[] };

  const open = async (settings: Partial<LinkSettings> = {}, events: Partial<LinkEvents> = {}) => {
    link = await SmppLink.open(
      {
        host: '127.0.0.1',
        port: smsc.port,
        tls: false,
        systemId: 'larum',
        password: 'secret',
        systemType: '',
        bindAs: 'transceiver',
        window: 10,
        connectTimeoutMs: 20_000,
        answerTimeoutMs: 20_000,
        enquireEveryMs: 30_000,
        ...settings,
      },
      {
        incoming: async (pdu) => void seen.incoming.push(pdu),
        closed: (why) => void seen.closed.push(why),
        free: () => {},
        ...events,
      },
    );
    return { link, side: smsc.sides.at(-1)! };
  };
  const heard = (side: SmscSide, command: Pdu['command']) =>
    side.received.filter((pdu) => pdu.command === command) as Pdu[];

  beforeEach(async () => {
    smsc = await ScriptedSmsc.listen();
    seen.incoming.length = seen.closed.length = 0;
  });
  afterEach(async () => {
    link?.destroy('the test is over');
    link = undefined;
    await smsc.close();
  });

  it('binds with the login and the version 3.4', async () => {
    const { side } = await open();
    expect(side.received[0]).toMatchObject({
      command: 'bind_transceiver',
      systemId: 'larum',
      password: 'secret',
      interfaceVersion: 0x34,
    });
  });

  it('says which status refused the login', async () => {
    smsc.script = (pdu, side) => {
      side.send({
        command: 'bind_transceiver_resp',
        status: 0x0e,
        sequence: pdu.sequence,
        systemId: '',
        tlvs: none,
      });
      return 'handled';
    };
    const refused = await open().catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(BindRefused);
    expect((refused as BindRefused).status).toBe(0x0e);
    expect(seen.closed).toEqual([]);
  });

  it('gives up a gateway that answers no login', async () => {
    smsc.script = () => 'handled';
    await expect(open({ answerTimeoutMs: 200 })).rejects.toThrow('did not answer the login');
  });

  it('never falls back to clear text where TLS was asked for', async () => {
    await expect(open({ tls: true })).rejects.toThrow();
    expect(smsc.sides.flatMap(({ received }) => received)).toEqual([]); // the password did not leave
  });

  it('gives up a gateway that cannot be reached', async () => {
    await expect(open({ port: 1 })).rejects.toThrow('ECONNREFUSED');
  });

  it('submits and gets the message id', async () => {
    const { link } = await open();
    const reply = await link.request(submit());
    expect(reply).toMatchObject({ reply: 'answered', pdu: { command: 'submit_sm_resp', messageId: '1' } });
  });

  it('keeps at most its window in flight', async () => {
    smsc.script = (pdu) => (pdu.command === 'submit_sm' ? 'handled' : 'default');
    const { link } = await open({ window: 3, answerTimeoutMs: 1_000 });
    const replies = Array.from({ length: 5 }, () => link.request(submit()));
    expect(link.inFlight).toBe(3);
    expect(await replies[3]).toEqual({ reply: 'not-sent' });
    await Promise.all(replies);
    expect(smsc.submitted).toHaveLength(3);
  });

  it('ends 100 texts in flight as lost, once each, when the connection is reset', async () => {
    smsc.script = (pdu) => (pdu.command === 'submit_sm' ? 'handled' : 'default');
    const { link, side } = await open({ window: 100, answerTimeoutMs: 60_000 });
    const replies = Array.from({ length: 100 }, () => link.request(submit()));
    await until(() => smsc.submitted.length === 100);
    side.socket.resetAndDestroy();
    const ends = await Promise.all(replies);
    expect(ends.filter(({ reply }) => reply === 'lost')).toHaveLength(100);
    expect(seen.closed).toHaveLength(1);
    expect(await link.request(submit())).toEqual({ reply: 'not-sent' });
  });

  it('tells of an answer that came after its text was given up', async () => {
    smsc.script = (pdu, side) => {
      if (pdu.command !== 'submit_sm') return 'default';
      const answer = {
        command: 'submit_sm_resp',
        status: 0,
        sequence: pdu.sequence,
        messageId: 'late-1',
        tlvs: none,
      } as const;
      setTimeout(() => side.send(answer), 1_500);
      return 'handled';
    };
    const { link } = await open({ answerTimeoutMs: 1_000 });
    const late: Pdu[] = [];
    expect(await link.request(submit(), (answer) => void late.push(answer))).toMatchObject({ reply: 'lost' });
    await until(() => late.length === 1);
    expect(late).toMatchObject([{ messageId: 'late-1' }]);
  });

  it('answers a receipt as soon as it is stored, and asks for it again when it could not be', async () => {
    const stored = [true, false];
    const { side } = await open(
      {},
      { incoming: async () => void (stored.shift() || (await Promise.reject(new Error('disk full')))) },
    );
    side.send(aReceipt(71, 'A'));
    side.send(aReceipt(72, 'B'));
    await until(() => heard(side, 'deliver_sm_resp').length === 2);
    expect(heard(side, 'deliver_sm_resp').map(({ sequence, status }) => [sequence, status])).toEqual([
      [71, 0x00],
      [72, 0x64],
    ]);
  });

  it('takes data_sm as it takes deliver_sm', async () => {
    const { side } = await open();
    side.send({ ...aText(), command: 'data_sm', status: 0, sequence: 4, esmClass: 4 });
    await until(() => heard(side, 'data_sm_resp').length === 1);
    expect(seen.incoming).toMatchObject([{ command: 'data_sm', esmClass: 4 }]);
  });

  it('answers the gateway’s own question whether we are there', async () => {
    const { side } = await open();
    side.send({ command: 'enquire_link', status: 0, sequence: 900, tlvs: none });
    await until(() => heard(side, 'enquire_link_resp').length === 1);
    expect(heard(side, 'enquire_link_resp')[0]).toMatchObject({ sequence: 900, status: 0 });
  });

  it('asks after silence, and ends after two questions without an answer', async () => {
    smsc.script = (pdu) => (pdu.command === 'enquire_link' ? 'handled' : 'default');
    const { side } = await open({ enquireEveryMs: 150 });
    await until(() => seen.closed.length === 1);
    expect(heard(side, 'enquire_link')).toHaveLength(2);
    expect(seen.closed[0]).toContain('enquire_link');
  });

  it('stays as long as its questions are answered', async () => {
    const { side } = await open({ enquireEveryMs: 100 });
    await until(() => heard(side, 'enquire_link').length >= 5);
    expect(seen.closed).toEqual([]);
  });

  it('refuses a command that it does not know and goes on', async () => {
    const { link, side } = await open();
    side.raw(Buffer.from('00000010000001120000000000000007', 'hex'));
    await until(() => heard(side, 'generic_nack').length === 1);
    expect(heard(side, 'generic_nack')[0]).toMatchObject({ status: 0x03, sequence: 7 });
    expect(await link.request(submit())).toMatchObject({ reply: 'answered' });
  });

  it('refuses one broken receipt and takes the next', async () => {
    const { side } = await open();
    side.raw(Buffer.from('0000001400000005000000000000000841424344', 'hex'));
    side.send(aReceipt(9, 'A'));
    await until(() => seen.incoming.length === 1 && heard(side, 'generic_nack').length > 0);
    expect(heard(side, 'generic_nack')).toMatchObject([{ sequence: 8, status: 0x02 }]);
  });

  it('drops the link at a length that cannot be, for nothing after it can be read', async () => {
    smsc.script = (pdu) => (pdu.command === 'submit_sm' ? 'handled' : 'default');
    const { link, side } = await open({ answerTimeoutMs: 60_000 });
    const reply = link.request(submit());
    side.raw(Buffer.from('00000003800000040000000000000002', 'hex'));
    expect(await reply).toMatchObject({ reply: 'lost' });
    await until(() => heard(side, 'generic_nack').length === 1);
    expect(seen.closed[0]).toContain('3 octets');
  });

  it('closes when the gateway unbinds', async () => {
    const { side } = await open();
    side.send({ command: 'unbind', status: 0, sequence: 33, tlvs: none });
    await until(() => heard(side, 'unbind_resp').length === 1 && seen.closed.length > 0);
    expect(seen.closed).toEqual(['the gateway unbound']);
  });

  it('is let go by a gateway only when that has answered what it took: it may be a planned restart', async () => {
    const taken: number[] = [];
    smsc.script = (pdu) => (pdu.command === 'submit_sm' ? (taken.push(pdu.sequence), 'handled') : 'default');
    const { link, side } = await open();
    const replies = [1, 2].map(() => link.request(submit()));
    await until(() => taken.length === 2);
    side.send({ command: 'unbind', status: 0, sequence: 34, tlvs: none });
    await until(() => !link.ready); // and it gets no more
    for (const sequence of taken)
      side.send({ command: 'submit_sm_resp', status: 0, sequence, messageId: 'x', tlvs: none });
    expect(await Promise.all(replies)).toMatchObject([{ reply: 'answered' }, { reply: 'answered' }]);
    await until(() => heard(side, 'unbind_resp').length === 1 && seen.closed.length > 0);
  });

  it('is let go by a gateway only when what it brought is stored and answered, or it would bring that again', async () => {
    let stored = (): void => {};
    const storing = new Promise<void>((resolve) => (stored = resolve));
    const { side } = await open({}, { incoming: () => storing });
    side.send(aReceipt(5, 'A'));
    side.send({ command: 'unbind', status: 0, sequence: 34, tlvs: none });
    setTimeout(stored, 50);
    await until(() => heard(side, 'unbind_resp').length === 1);
    expect(heard(side, 'deliver_sm_resp')).toMatchObject([{ sequence: 5, status: 0 }]);
  });

  it('drains: waits for the replies in flight, then unbinds', async () => {
    smsc.script = (pdu, side) => {
      if (pdu.command !== 'submit_sm') return 'default';
      const answer: PduOf<'submit_sm_resp'> = {
        command: 'submit_sm_resp',
        status: 0,
        sequence: pdu.sequence,
        messageId: 'x',
        tlvs: none,
      };
      setTimeout(() => side.send(answer), 60);
      return 'handled';
    };
    const { link, side } = await open();
    const reply = link.request(submit());
    await link.drain(20_000);
    expect(await reply).toMatchObject({ reply: 'answered' });
    expect(heard(side, 'unbind')).toHaveLength(1);
  });

  it('drains: answers what is just being stored, or the gateway would bring it to us again', async () => {
    let stored = (): void => {};
    const storing = new Promise<void>((resolve) => (stored = resolve));
    const came: Pdu[] = [];
    const incoming = (pdu: Pdu) => (came.push(pdu), storing);
    const { link, side } = await open({}, { incoming });
    side.send(aReceipt(5, 'A'));
    await until(() => came.length === 1);
    const drained = link.drain(20_000);
    setTimeout(stored, 50);
    await drained;
    await until(() => heard(side, 'unbind').length === 1);
    expect(heard(side, 'deliver_sm_resp')).toMatchObject([{ sequence: 5, status: 0 }]);
  });

  it('does not wait for ever for a gateway that answers nothing', async () => {
    smsc.script = (pdu) => (pdu.command === 'submit_sm' || pdu.command === 'unbind' ? 'handled' : 'default');
    const { link } = await open({ answerTimeoutMs: 60_000 });
    const reply = link.request(submit());
    const started = performance.now();
    await link.drain(100);
    expect(performance.now() - started).toBeLessThan(20_000); // an answer would be waited for for a minute
    expect(await reply).toMatchObject({ reply: 'lost' });
  });
});
