import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { aText, ScriptedSmsc } from '../testing/scripted-smsc.js';
import { SmsGateway, type GatewayEvents, type GatewaySettings } from './sms-gateway.js';

const none: ReadonlyMap<number, Uint8Array> = new Map();
/** A part that may be written for so long. */
const within = (ms: number, urgent = false, mayWrite = () => true) => ({
  until: performance.now() + ms,
  urgent,
  mayWrite,
  late: () => {},
});
const until = async (holds: () => boolean) => {
  for (let n = 0; n < 2_000 && !holds(); n += 1) await new Promise((resolve) => setTimeout(resolve, 10));
  expect(holds()).toBe(true);
};

describe('the SMS gateway', () => {
  let smsc: ScriptedSmsc;
  const gateways: SmsGateway[] = [];
  const told: { bound: string[]; unbound: { why: string; loginRefused: boolean }[] } = {
    bound: [],
    unbound: [],
  };

  const open = (settings: Partial<GatewaySettings> = {}, events: Partial<GatewayEvents> = {}) => {
    const gateway = new SmsGateway(
      {
        endpoints: [{ host: '127.0.0.1', port: smsc.port, tls: false }],
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
        reconnectFirstMs: 20,
        reconnectMostMs: 100,
        steadyMs: 1_000,
        ...settings,
      },
      {
        incoming: async () => undefined,
        bound: (endpoint) => void told.bound.push(endpoint),
        unbound: (_, why, loginRefused) => void told.unbound.push({ why, loginRefused }),
        ...events,
      },
      () => 0.5,
    );
    gateways.push(gateway);
    gateway.start();
    return gateway;
  };

  beforeEach(async () => {
    smsc = await ScriptedSmsc.listen();
    told.bound = [];
    told.unbound = [];
  });
  afterEach(async () => {
    await Promise.all(gateways.splice(0).map((gateway) => gateway.stop(0)));
    await smsc.close();
  });

  it('takes texts before it is bound and sends them as soon as it is', async () => {
    expect(await open().submit(aText(), within(30_000))).toEqual({
      result: 'accepted',
      messageId: '1',
    });
  });

  it('sends 2,000 texts over a window of 10, each once', async () => {
    const gateway = open({ binds: 2, partsPerSecond: 100_000 });
    const ends = await Promise.all(
      Array.from({ length: 2_000 }, (_, n) => gateway.submit(aText(`text ${n}`), within(30_000))),
    );
    expect(new Set(ends.map(({ result }) => result))).toEqual(new Set(['accepted']));
    expect(new Set(smsc.submitted.map(({ message }) => Buffer.from(message).toString())).size).toBe(2_000);
    expect(smsc.submitted).toHaveLength(2_000);
    expect(smsc.sides).toHaveLength(2);
  });

  it('asks right before the first byte whether it may still write', async () => {
    smsc.script = (pdu) => (pdu.command === 'submit_sm' ? 'handled' : 'default');
    const gateway = open({ window: 1, answerTimeoutMs: 150 });
    await until(() => gateway.boundLinks === 1);
    let allowed = true;
    const first = gateway.submit(aText('first'), within(30_000));
    const second = gateway.submit(
      aText('second'),
      within(30_000, false, () => allowed),
    );
    allowed = false; // the warning was cancelled while the second one waited for a place
    expect(await first).toMatchObject({ result: 'unknown' });
    expect(await second).toMatchObject({ result: 'deferred', why: 'not-now' });
    expect(smsc.submitted).toHaveLength(1);
  });

  it('tells the message id of a text whose answer came too late', async () => {
    smsc.script = (pdu, side) => {
      if (pdu.command !== 'submit_sm') return 'default';
      const answer = {
        command: 'submit_sm_resp',
        status: 0,
        sequence: pdu.sequence,
        messageId: 'late-1',
        tlvs: none,
      } as const;
      setTimeout(() => side.send(answer), 120);
      return 'handled';
    };
    const late: string[] = [];
    const how = { ...within(30_000), late: (id: string) => void late.push(id) };
    expect(await open({ answerTimeoutMs: 50 }).submit(aText(), how)).toMatchObject({ result: 'unknown' });
    await until(() => late.length === 1);
    expect(late).toEqual(['late-1']);
  });

  it('lets an urgent text pass those that wait', async () => {
    const gateway = open({ window: 1 });
    await until(() => gateway.boundLinks === 1);
    const slow = Array.from({ length: 5 }, (_, n) =>
      gateway.submit(aText(`road works ${n}`), within(30_000)),
    );
    const urgent = gateway.submit(aText('dam at risk'), within(30_000, true));
    await Promise.all([...slow, urgent]);
    expect(smsc.submitted.map(({ message }) => Buffer.from(message).toString())[1]).toBe('dam at risk');
  });

  it('finishes a text that it has begun, although the turn of its other parts did not come in time', async () => {
    const gateway = open({ partsPerSecond: 5 });
    await until(() => gateway.boundLinks === 1);
    const text = () => {
      const whole = { begun: false, until: performance.now() + 30_000 };
      return Promise.all([1, 2, 3].map(() => gateway.submit(aText(), { ...within(150), whole })));
    };
    const [begun, waiting] = await Promise.all([text(), text()]);
    expect(begun.map(({ result }) => result)).toEqual(['accepted', 'accepted', 'accepted']);
    expect(waiting.map(({ result }) => result)).toEqual(['deferred', 'deferred', 'deferred']);
    expect(smsc.submitted).toHaveLength(3);
  });

  it('keeps its pace', async () => {
    const gateway = open({ partsPerSecond: 50 });
    await until(() => gateway.boundLinks === 1);
    const started = performance.now();
    await Promise.all(Array.from({ length: 30 }, () => gateway.submit(aText(), within(30_000))));
    expect(performance.now() - started).toBeGreaterThan(400);
  });

  it('slows down when told "too fast", and sends the same text again, for nothing of it left', async () => {
    let refusals = 3;
    smsc.script = (pdu, side) => {
      if (pdu.command !== 'submit_sm' || refusals-- <= 0) return 'default';
      side.send({
        command: 'submit_sm_resp',
        status: 0x58,
        sequence: pdu.sequence,
        messageId: '',
        tlvs: none,
      });
      return 'handled';
    };
    const gateway = open({ partsPerSecond: 200 });
    const ends = await Promise.all(Array.from({ length: 5 }, () => gateway.submit(aText(), within(30_000))));
    expect(ends.every(({ result }) => result === 'accepted')).toBe(true);
    expect(smsc.submitted).toHaveLength(8);
    expect(gateway.perSecond).toBeLessThan(150);
  });

  it('gives a text back as deferred when the gateway goes on saying "too fast" until its time is over', async () => {
    smsc.script = (pdu, side) => {
      if (pdu.command !== 'submit_sm') return 'default';
      side.send({
        command: 'submit_sm_resp',
        status: 0x14,
        sequence: pdu.sequence,
        messageId: '',
        tlvs: none,
      });
      return 'handled';
    };
    const gateway = open();
    await until(() => gateway.boundLinks === 1);
    expect(await gateway.submit(aText(), within(1_000))).toMatchObject({
      result: 'deferred',
      why: 'throttled',
    });
  });

  it('gives a text back as deferred when there is no gateway: nothing left', async () => {
    const gateway = open({ endpoints: [{ host: '127.0.0.1', port: 1, tls: false }] });
    const end = await gateway.submit(aText(), within(150));
    expect(end).toMatchObject({ result: 'deferred', why: 'not-bound' });
  });

  it('says that the login was refused, so that a person is called', async () => {
    smsc.script = (pdu, side) => {
      if (pdu.command !== 'bind_transceiver') return 'default';
      side.send({
        command: 'bind_transceiver_resp',
        status: 0x0f,
        sequence: pdu.sequence,
        systemId: '',
        tlvs: none,
      });
      return 'handled';
    };
    open();
    await until(() => told.unbound.length > 1);
    expect(told.unbound[0]).toMatchObject({ loginRefused: true });
  });

  it('ends what was in flight as unknown when the link breaks, binds again, and sends the rest', async () => {
    let answers = 0;
    smsc.script = (pdu, side) => {
      if (pdu.command !== 'submit_sm' || smsc.sides.length > 1) return 'default';
      answers += 1;
      if (answers === 20) side.socket.resetAndDestroy();
      return answers > 10 ? 'handled' : 'default';
    };
    const gateway = open({ window: 10 });
    const ends = await Promise.all(
      Array.from({ length: 60 }, (_, n) => gateway.submit(aText(`text ${n}`), within(30_000))),
    );
    const by = (result: string) => ends.filter((end) => end.result === result).length;
    expect(by('unknown')).toBe(10);
    expect(by('accepted')).toBe(50);
    expect(smsc.submitted).toHaveLength(60); // nothing was sent twice
  });

  it('goes to the next host when one is away', async () => {
    const gateway = open({
      endpoints: [
        { host: '127.0.0.1', port: 1, tls: false },
        { host: '127.0.0.1', port: smsc.port, tls: false },
      ],
    });
    expect(await gateway.submit(aText(), within(30_000))).toMatchObject({ result: 'accepted' });
  });

  it('binds anew when the gateway says that we are not bound', async () => {
    smsc.script = (pdu, side) => {
      if (pdu.command !== 'submit_sm' || smsc.sides.length > 1) return 'default';
      side.send({
        command: 'submit_sm_resp',
        status: 0x04,
        sequence: pdu.sequence,
        messageId: '',
        tlvs: none,
      });
      return 'handled';
    };
    const gateway = open();
    expect(await gateway.submit(aText(), within(30_000))).toMatchObject({
      result: 'deferred',
      why: 'not-bound',
    });
    expect(await gateway.submit(aText(), within(30_000))).toMatchObject({ result: 'accepted' });
  });

  it('stops cleanly: what was not written is deferred, what was written gets its answer', async () => {
    smsc.script = (pdu, side) => {
      if (pdu.command !== 'submit_sm') return 'default';
      const answer = {
        command: 'submit_sm_resp',
        status: 0,
        sequence: pdu.sequence,
        messageId: 'x',
        tlvs: none,
      } as const;
      setTimeout(() => side.send(answer), 80);
      return 'handled';
    };
    const gateway = open({ window: 2 });
    await until(() => gateway.boundLinks === 1);
    const ends = Array.from({ length: 6 }, () => gateway.submit(aText(), within(30_000)));
    await until(() => smsc.submitted.length === 2);
    await gateway.stop(20_000);
    expect((await Promise.all(ends)).map(({ result }) => result)).toEqual([
      'accepted',
      'accepted',
      'deferred',
      'deferred',
      'deferred',
      'deferred',
    ]);
    expect(smsc.sides[0]!.received.at(-1)).toMatchObject({ command: 'unbind' });
    expect(smsc.submitted).toHaveLength(2);
  });
});
