import { createServer, type Server, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';
import { decodePdu, encodePdu, type ForeignPdu } from '../smpp/pdu-codec.js';
import { PduFrames } from '../smpp/pdu-frames.js';
import type { Pdu, PduOf } from '../smpp/protocol.js';

/** One accepted connection of the scripted gateway. */
export type SmscSide = {
  socket: Socket;
  received: (Pdu | ForeignPdu)[];
  send(pdu: Pdu): void;
  /** Bytes as they are, for PDUs that no codec would write. */
  raw(octets: Uint8Array): void;
};

/** What the gateway does with one PDU. Returning `default` leaves it to the polite behaviour. */
export type Script = (pdu: Pdu | ForeignPdu, side: SmscSide) => 'default' | 'handled';

const none: ReadonlyMap<number, Uint8Array> = new Map();

/** An SMSC on loopback that does what a test tells it; by default it binds everybody and takes every text. */
export class ScriptedSmsc {
  readonly sides: SmscSide[] = [];
  #messages = 0;
  script: Script = () => 'default';

  private constructor(private readonly server: Server) {
    server.on('connection', (socket) => this.#accept(socket));
  }

  static async listen(port = 0): Promise<ScriptedSmsc> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    return new ScriptedSmsc(server);
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** Every submit_sm that arrived, over all connections, in order of arrival. */
  readonly submitted: PduOf<'submit_sm'>[] = [];

  async close(): Promise<void> {
    for (const { socket } of this.sides) socket.destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }

  #accept(socket: Socket): void {
    const frames = new PduFrames();
    const side: SmscSide = {
      socket,
      received: [],
      send: (pdu) => void socket.write(encodePdu(pdu)),
      raw: (octets) => void socket.write(octets),
    };
    this.sides.push(side);
    socket.on('error', () => undefined);
    socket.setNoDelay(true);
    socket.on('data', (bytes: Buffer) => {
      try {
        for (const frame of frames.push(bytes)) this.#take(decodePdu(frame), side);
      } catch {
        socket.destroy(); // not SMPP
      }
    });
  }

  #take(pdu: Pdu | ForeignPdu, side: SmscSide): void {
    side.received.push(pdu);
    if (pdu.command === 'submit_sm') this.submitted.push(pdu);
    if (this.script(pdu, side) === 'default') this.#polite(pdu, side);
  }

  #polite(pdu: Pdu | ForeignPdu, side: SmscSide): void {
    const { sequence } = pdu;
    const head = { status: 0, sequence, tlvs: none };
    switch (pdu.command) {
      case 'bind_transceiver':
      case 'bind_transmitter':
      case 'bind_receiver':
        return side.send({ command: `${pdu.command}_resp`, ...head, systemId: 'SMSC' });
      case 'enquire_link':
        return side.send({ command: 'enquire_link_resp', ...head });
      case 'unbind':
        return side.send({ command: 'unbind_resp', ...head });
      case 'submit_sm':
        this.#messages += 1;
        return side.send({ command: 'submit_sm_resp', ...head, messageId: String(this.#messages) });
    }
  }
}

/** A submit_sm with everything ordinary. */
export const aText = (
  message = 'Flood: leave now.',
): Omit<PduOf<'submit_sm'>, 'command' | 'status' | 'sequence'> => ({
  serviceType: '',
  sourceTon: 5,
  sourceNpi: 0,
  source: 'FLOODLINE',
  destinationTon: 1,
  destinationNpi: 1,
  destination: '447700900123',
  esmClass: 0,
  protocolId: 0,
  priority: 0,
  scheduleAt: '',
  validityPeriod: '',
  registeredDelivery: 1,
  replaceIfPresent: 0,
  dataCoding: 0,
  defaultMessageId: 0,
  message: Buffer.from(message, 'latin1'),
  tlvs: none,
});

/** A delivery receipt as gateways write it (SMPP 3.4 appendix B). */
export const aReceipt = (
  sequence: number,
  id: string,
  stat = 'DELIVRD',
  tlvs: ReadonlyMap<number, Uint8Array> = none,
): PduOf<'deliver_sm'> => ({
  ...aText(
    `id:${id} sub:001 dlvrd:001 submit date:2611211000 done date:2611211001 stat:${stat} err:000 text:Flood`,
  ),
  command: 'deliver_sm',
  status: 0,
  sequence,
  esmClass: 0x04,
  source: '447700900123',
  destination: 'FLOODLINE',
  tlvs,
});
