import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { AddressInfo, Server } from 'node:net';
import { createRequire } from 'node:module';
import type { Pdu } from '../smpp/protocol.js';
import { aText } from '../testing/scripted-smsc.js';
import { SmsGateway } from './sms-gateway.js';

/** What of npm `smpp` is used here: an SMPP codec and server that nobody in this house wrote. */
type PeerPdu = {
  command: string;
  response(fields?: object): object;
  short_message?: { message: unknown };
} & Record<string, unknown>;
type PeerSession = {
  on(event: 'pdu', hear: (pdu: PeerPdu) => void): void;
  send(pdu: object): void;
  on(event: 'error', hear: () => void): void;
};
type Peer = {
  createServer(onSession: (session: PeerSession) => void): Server;
  PDU: new (command: string, fields: object) => object;
};
const peer = createRequire(import.meta.url)('smpp') as Peer; // it has no types of its own

const until = async (holds: () => boolean) => {
  for (let n = 0; n < 2_000 && !holds(); n += 1) await new Promise((resolve) => setTimeout(resolve, 10));
  expect(holds()).toBe(true);
};

describe('our SMPP beside an independent one', () => {
  let server: Server;
  let gateway: SmsGateway;
  const heard: PeerPdu[] = [];
  const incoming: Pdu[] = [];
  let session: PeerSession;

  beforeEach(async () => {
    heard.length = incoming.length = 0;
    server = peer.createServer((opened) => {
      session = opened;
      opened.on('error', () => undefined);
      opened.on('pdu', (pdu) => {
        heard.push(pdu);
        if (pdu.command === 'submit_sm') opened.send(pdu.response({ message_id: `peer-${heard.length}` }));
        else if (!pdu.command.endsWith('_resp')) opened.send(pdu.response());
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    gateway = new SmsGateway(
      {
        endpoints: [{ host: '127.0.0.1', port: (server.address() as AddressInfo).port, tls: false }],
        systemId: 'larum',
        password: 'secret',
        systemType: '',
        bindAs: 'transceiver',
        binds: 1,
        window: 10,
        connectTimeoutMs: 20_000,
        answerTimeoutMs: 20_000,
        enquireEveryMs: 200,
        partsPerSecond: 1_000,
        reconnectFirstMs: 20,
        reconnectMostMs: 100,
        steadyMs: 1_000,
      },
      {
        incoming: async (pdu) => void incoming.push(pdu),
        bound: () => undefined,
        unbound: () => undefined,
      },
    );
    gateway.start();
  });
  afterEach(async () => {
    await gateway.stop(200);
    await new Promise((resolve) => server.close(resolve));
  });

  it('is understood: login, text, sender, receipts asked for, optional parameters', async () => {
    const tlvs = new Map([[0x0204, Uint8Array.of(0x12, 0x34)]]);
    const pdu = { ...aText('Leave now'), validityPeriod: '000000010000000R', tlvs };
    expect(
      await gateway.submit(pdu, {
        until: performance.now() + 20_000,
        urgent: true,
        mayWrite: () => true,
        late: () => {},
      }),
    ).toEqual({
      result: 'accepted',
      messageId: 'peer-2',
    });
    expect(heard[0]).toMatchObject({
      command: 'bind_transceiver',
      system_id: 'larum',
      interface_version: 0x34,
    });
    expect(heard[1]).toMatchObject({
      command: 'submit_sm',
      source_addr: 'FLOODLINE',
      destination_addr: '447700900123',
      registered_delivery: 1,
      data_coding: 0,
      user_message_reference: 0x1234,
    });
    expect(heard[1]!.validity_period).toBeInstanceOf(Date); // a relative time that it could read
  });

  it('is asked whether it is there, and stays bound', async () => {
    await until(() => heard.filter(({ command }) => command === 'enquire_link').length >= 3);
    expect(gateway.boundLinks).toBe(1);
  });

  it('brings its receipts, and gets its answer', async () => {
    await until(() => gateway.boundLinks === 1);
    session.send(
      new peer.PDU('deliver_sm', {
        esm_class: 4,
        source_addr: '447700900123',
        destination_addr: 'FLOODLINE',
        short_message: 'id:peer-2 stat:DELIVRD err:000',
        receipted_message_id: 'peer-2',
        message_state: 2,
      }),
    );
    await until(() => heard.some(({ command }) => command === 'deliver_sm_resp'));
    expect(incoming).toMatchObject([{ command: 'deliver_sm', esmClass: 4, source: '447700900123' }]);
    expect(Buffer.from(incoming[0]!.tlvs.get(0x001e)!).toString()).toContain('peer-2');
  });
});
