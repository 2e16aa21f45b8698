import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { aText, ScriptedSmsc, type Script } from '../testing/scripted-smsc.js';
import { SmsGateway, type GatewaySettings } from './sms-gateway.js';

const none: ReadonlyMap<number, Uint8Array> = new Map();
const now = (ms = 30_000) => ({
  until: performance.now() + ms,
  urgent: false,
  mayWrite: () => true,
  late: () => {},
});
const until = async (holds: () => boolean) => {
  for (let n = 0; n < 2_000 && !holds(); n += 1) await new Promise((resolve) => setTimeout(resolve, 10));
  expect(holds()).toBe(true);
};
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

describe('a gateway that misbehaves', () => {
  let smsc: ScriptedSmsc;
  const others: ScriptedSmsc[] = [];
  const gateways: SmsGateway[] = [];
  const told: { bound: string[]; unbound: { why: string; loginRefused: boolean }[] } = {
    bound: [],
    unbound: [],
  };

  const at = (port: number) => ({ host: '127.0.0.1', port, tls: false });
  const open = (settings: Partial<GatewaySettings> = {}) => {
    const gateway = new SmsGateway(
      {
        endpoints: [at(smsc.port)],
        systemId: 'larum',
        password: 'secret',
        systemType: '',
        bindAs: 'transceiver',
        binds: 1,
        window: 10,
        connectTimeoutMs: 20_000,
        answerTimeoutMs: 20_000,
        enquireEveryMs: 30_000,
        partsPerSecond: 10_000,
        reconnectFirstMs: 10,
        reconnectMostMs: 1_000,
        steadyMs: 2_000,
        ...settings,
      },
      {
        incoming: async () => undefined,
        bound: (endpoint) => void told.bound.push(endpoint),
        unbound: (_, why, loginRefused) => void told.unbound.push({ why, loginRefused }),
      },
      () => 0.5,
    );
    gateways.push(gateway);
    gateway.start();
    return gateway;
  };
  const other = async (script: Script) => {
    const one = await ScriptedSmsc.listen();
    one.script = script;
    others.push(one);
    return one;
  };
  const refuses =
    (status: number): Script =>
    (pdu, side) => {
      if (pdu.command !== 'bind_transceiver') return 'default';
      side.send({
        command: 'bind_transceiver_resp',
        status,
        sequence: pdu.sequence,
        systemId: '',
        tlvs: none,
      });
      return 'handled';
    };

  beforeEach(async () => {
    smsc = await ScriptedSmsc.listen();
    [told.bound, told.unbound] = [[], []];
  });
  afterEach(async () => {
    await Promise.all(gateways.splice(0).map((gateway) => gateway.stop(0)));
    await Promise.all([smsc, ...others.splice(0)].map((one) => one.close()));
  });

  it('and closes each session as soon as it is bound is tried ever more seldom, not ten times a second', async () => {
    smsc.script = (pdu, side) => {
      if (pdu.command !== 'bind_transceiver') return 'default';
      side.send({
        command: 'bind_transceiver_resp',
        status: 0,
        sequence: pdu.sequence,
        systemId: '',
        tlvs: none,
      });
      side.socket.end();
      return 'handled';
    };
    open();
    await until(() => told.bound.length >= 3);
    await pause(1_000);
    expect(told.bound.length).toBeLessThanOrEqual(8); // pauses of 15, 30, 60 … 750 ms
  });

  it('is tried at once again after a session that lasted', async () => {
    open({ steadyMs: 50, reconnectMostMs: 60_000 });
    for (let n = 1; n <= 8; n += 1) {
      await until(() => told.bound.length === n);
      await pause(70);
      smsc.sides.at(-1)!.socket.destroy();
    }
    expect(told.unbound).toHaveLength(7);
  });

  it('and does not answer the login never keeps all sessions from the next host', async () => {
    const silent = await other(() => 'handled');
    open({ binds: 2, endpoints: [at(silent.port), at(smsc.port)], answerTimeoutMs: 100 });
    await until(() => told.bound.length === 2);
    expect(told.bound).toEqual([`127.0.0.1:${smsc.port}`, `127.0.0.1:${smsc.port}`]);
  });

  it('is left for the next host when it closes each session, and asked first again after one that lasted', async () => {
    let closes = true;
    const first = await other((pdu, side) => {
      if (pdu.command === 'bind_transceiver' && closes) setTimeout(() => side.socket.destroy(), 5);
      return 'default';
    });
    open({ endpoints: [at(first.port), at(smsc.port)], steadyMs: 1_000 });
    await until(() => smsc.sides.length === 1 && told.bound.at(-1) === `127.0.0.1:${smsc.port}`);
    closes = false;
    const before = told.bound.length;
    await pause(1_050);
    smsc.sides[0]!.socket.destroy();
    await until(() => told.bound.length > before);
    expect(told.bound[before]).toBe(`127.0.0.1:${first.port}`);
  });

  it.each([
    ['a wrong password', 0x0e, true],
    ['a wrong system id', 0x0f, true],
    ['a login that failed', 0x0d, true],
    ['a session of ours that it still holds', 0x05, false],
    ['a system error', 0x08, false],
    ['too many logins at once', 0x58, false],
  ])('by refusing the bind for %s calls a person: %#', async (_, status, calls) => {
    smsc.script = refuses(status);
    open();
    await until(() => told.unbound.length > 0);
    expect(told.unbound[0]).toMatchObject({ loginRefused: calls });
  });

  it('and answers the login with a nack without an error is not bound', async () => {
    smsc.script = (pdu, side) => {
      if (pdu.command !== 'bind_transceiver') return 'default';
      side.send({ command: 'generic_nack', status: 0, sequence: pdu.sequence, tlvs: none });
      return 'handled';
    };
    const gateway = open();
    await until(() => told.unbound.length > 0);
    expect(gateway.boundLinks).toBe(0);
    expect(told.bound).toEqual([]);
  });

  it('and lets us go in the same breath as it binds us is not bound', async () => {
    smsc.script = (pdu, side) => {
      if (pdu.command !== 'bind_transceiver') return 'default';
      side.socket.cork();
      side.send({
        command: 'bind_transceiver_resp',
        status: 0,
        sequence: pdu.sequence,
        systemId: '',
        tlvs: none,
      });
      side.send({ command: 'unbind', status: 0, sequence: 1, tlvs: none });
      side.socket.uncork();
      return 'handled';
    };
    const gateway = open();
    await until(() => told.unbound.length > 1);
    expect(told.unbound[0]).toMatchObject({ why: expect.stringContaining('just bound') });
    expect([told.bound, gateway.boundLinks]).toEqual([[], 0]);
  });

  it('is spared a text that cannot be written: that one is refused, and the next goes on', async () => {
    const gateway = open();
    const destination = '4'.repeat(30);
    expect(await gateway.submit({ ...aText(), destination }, now())).toMatchObject({
      result: 'refused',
      reason: 'invalid',
      detail: expect.stringContaining('destination'),
    });
    expect(await gateway.submit(aText(), now())).toMatchObject({ result: 'accepted' });
    expect(smsc.submitted).toHaveLength(1);
  });

  it('with its window full of unanswered texts gives each of them up as unknown, and takes the next', async () => {
    let answers = false;
    smsc.script = (pdu) => (pdu.command === 'submit_sm' && !answers ? 'handled' : 'default');
    const gateway = open({ window: 3, answerTimeoutMs: 1_000 });
    const stuck = await Promise.all(Array.from({ length: 3 }, () => gateway.submit(aText(), now())));
    expect(stuck.map(({ result }) => result)).toEqual(['unknown', 'unknown', 'unknown']);
    answers = true;
    expect(await gateway.submit(aText(), now())).toMatchObject({ result: 'accepted' });
  });

  it('and says nothing at all any more, with its connection open, gets one window of texts and is left', async () => {
    smsc.script = (pdu, side) =>
      pdu.command.startsWith('bind_') || smsc.sides.indexOf(side) > 0 ? 'default' : 'handled';
    const gateway = open({ window: 3, answerTimeoutMs: 300 });
    const ends = await Promise.all(Array.from({ length: 12 }, () => gateway.submit(aText(), now(60_000))));
    expect(ends.filter(({ result }) => result === 'unknown')).toHaveLength(3);
    expect(ends.filter(({ result }) => result === 'accepted')).toHaveLength(9);
    expect(told.unbound[0]).toMatchObject({ why: expect.stringContaining('silent') });
  });

  it('and is silent for a while goes on getting texts when it is heard again, and no answer of it is lost', async () => {
    const held: (() => void)[] = [];
    let silent = true;
    smsc.script = (pdu, side) => {
      if (!silent || pdu.command.startsWith('bind_')) return 'default';
      const { sequence } = pdu;
      if (pdu.command === 'submit_sm')
        held.push(() =>
          side.send({ command: 'submit_sm_resp', status: 0, sequence, messageId: 'late', tlvs: none }),
        );
      return 'handled';
    };
    const late: string[] = [];
    const gateway = open({ window: 2, answerTimeoutMs: 2_000 });
    const how = { ...now(60_000), late: (id: string) => void late.push(id) };
    const ended: string[] = [];
    const ends = Array.from({ length: 6 }, async () => {
      const end = await gateway.submit(aText(), how);
      ended.push(end.result);
      return end;
    });
    await until(() => ended.length === 2);
    silent = false;
    held.forEach((answer) => answer());
    const results = (await Promise.all(ends)).map(({ result }) => result);
    expect(results.toSorted()).toEqual([...Array<string>(4).fill('accepted'), 'unknown', 'unknown']);
    expect([late, told.unbound]).toEqual([['late', 'late'], []]);
  });

  it.each<[string, number, object]>([
    ['full', 0x14, { result: 'accepted' }],
    ['busy', 0x58, { result: 'accepted' }],
    ['in trouble', 0x08, { result: 'deferred', why: 'trouble' }],
    ['sure that there is no such number', 0x0b, { result: 'refused', reason: 'gone' }],
    ['strange', 0x4ff, { result: 'refused', reason: 'other' }],
  ])('once because it is %s', async (_, status, end) => {
    let first = true;
    smsc.script = (pdu, side) => {
      if (pdu.command !== 'submit_sm' || !first) return 'default';
      first = false;
      side.send({ command: 'submit_sm_resp', status, sequence: pdu.sequence, messageId: '', tlvs: none });
      return 'handled';
    };
    expect(await open().submit(aText(), now())).toMatchObject(end);
  });

  it('and answers one text twice, and another that nobody sent, ends each text once', async () => {
    smsc.script = (pdu, side) => {
      if (pdu.command !== 'submit_sm') return 'default';
      const answer = { command: 'submit_sm_resp', status: 0, tlvs: none } as const;
      side.send({ ...answer, sequence: 4_711, messageId: 'nobody' });
      side.send({ ...answer, sequence: pdu.sequence, messageId: 'first' });
      side.send({ ...answer, sequence: pdu.sequence, messageId: 'second' });
      return 'handled';
    };
    const gateway = open();
    expect(await gateway.submit(aText(), now())).toEqual({ result: 'accepted', messageId: 'first' });
    expect(await gateway.submit(aText(), now())).toEqual({ result: 'accepted', messageId: 'first' });
  });

  it('and lets no session both send and hear gets one of each', async () => {
    const gateway = open({ bindAs: 'pair', binds: 2 });
    await until(() => told.bound.length === 4);
    const binds = smsc.sides.map(({ received }) => received[0]!.command).sort();
    expect(binds).toEqual(['bind_receiver', 'bind_receiver', 'bind_transmitter', 'bind_transmitter']);
    await Promise.all(Array.from({ length: 20 }, () => gateway.submit(aText(), now())));
    const senders = smsc.sides.filter(({ received }) =>
      received.some(({ command }) => command === 'submit_sm'),
    );
    expect(senders.length).toBeGreaterThan(0);
    expect(senders.every(({ received }) => received[0]!.command === 'bind_transmitter')).toBe(true);
    expect([gateway.sends, gateway.hears, gateway.boundLinks]).toEqual([2, 2, 4]);
  });
});
