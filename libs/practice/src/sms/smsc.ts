import { createServer, type AddressInfo, type Server } from 'node:net';
import { Owing } from '../platform/owing.js';
import type { World } from '../platform/world.js';
import type { SeededPublic } from '../public/seeded-public.js';
import type { Fact, OwedFact } from '../record/facts.js';
import type { Delays } from './aftermath.js';
import { STATUS } from './judge.js';
import { Texts } from './texts.js';
import { Link } from '../smpp/link.js';
import { BrokenPdu, COMMAND, cString, readCStrings, type Pdu } from '../smpp/pdu.js';
import { readShortMessage } from '../smpp/short-message.js';
import { RECEIPT_FORM, deliverBody, type ReceiptForm } from '../smpp/receipt.js';

/** Who may bind, and how quickly the network and the public are. */
export type SmscSettings = Delays & { systemId: string; password: string; receipts: ReceiptForm };
/** What a practice SMSC is unless told otherwise. */
export const SMSC_SETTINGS: SmscSettings = {
  systemId: 'larum',
  password: 'practice',
  receiptAfterMs: 300,
  answerAfterMs: 3_000,
  receipts: RECEIPT_FORM,
};

const RECEIPTS_TOGETHER = 50;

/** The short-message centre of the practice world, for SMPP 3.4 clients. What it takes is kept before it says so. */
export class Smsc {
  private readonly server: Server;
  private readonly links = new Set<Link>();
  private readonly texts: Texts;
  private readonly owing: Owing;
  private turn = 0;

  constructor(
    private readonly world: World,
    people: SeededPublic,
    private readonly settings: SmscSettings,
  ) {
    this.owing = new Owing(world, 'sms', (owed) => this.deliver(owed), RECEIPTS_TOGETHER);
    this.texts = new Texts(world, people, this.owing, settings);
    this.server = createServer((socket) => {
      const link = new Link(socket, (pdu) => {
        this.serve(link, pdu).catch((error: unknown) => this.failed(link, pdu, error));
      });
      this.links.add(link);
      socket.once('close', () => this.links.delete(link));
      if (this.world.faults.take('sms', ['no-link']) !== undefined) link.drop();
    });
  }

  /** Takes in one fact of an earlier run. */
  replay(fact: Fact): void {
    this.owing.replay(fact);
    this.texts.replay(fact);
  }

  /** Answers with the real port. Rejects when the port is taken. */
  async listen(host: string, port: number): Promise<number> {
    await new Promise<void>((listening, failed) => {
      this.server.once('error', failed);
      this.server.listen(port, host, listening);
    });
    this.owing.start();
    return (this.server.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    this.owing.stop();
    const closed = new Promise<void>((resolve) => this.server.close(() => resolve()));
    for (const link of this.links) link.drop();
    await closed;
  }

  /** Texts of which a part is missing, and receipts and answers still to come. */
  state(): { incomplete: number; owed: number } {
    return { incomplete: this.texts.incomplete, owed: this.owing.count };
  }

  private async serve(link: Link, pdu: Pdu): Promise<void> {
    switch (pdu.command) {
      case COMMAND.bind_receiver:
      case COMMAND.bind_transmitter:
      case COMMAND.bind_transceiver:
        return this.bind(link, pdu);
      case COMMAND.submit_sm:
        return this.submit(link, pdu);
      case COMMAND.enquire_link:
        return link.answer(pdu, STATUS.ok);
      case COMMAND.unbind:
        link.answer(pdu, STATUS.ok);
        link.bound = undefined;
        return link.end();
      default:
        return link.nack(pdu.sequence, STATUS.badCommand);
    }
  }

  // A unit that cannot be read ends the link; a disk that cannot be written is told as a system error.
  private failed(link: Link, pdu: Pdu, error: unknown): void {
    if (!(error instanceof BrokenPdu)) return link.answer(pdu, STATUS.systemError);
    link.nack(pdu.sequence, STATUS.badCommandLength);
    link.end();
  }

  private bind(link: Link, pdu: Pdu): void {
    const [systemId = '', password = ''] = readCStrings(pdu.body, 0, 2).texts;
    const status = this.bindStatus(link, systemId, password);
    if (status === STATUS.ok) {
      const sends = pdu.command !== COMMAND.bind_receiver;
      const receives = pdu.command !== COMMAND.bind_transmitter;
      link.bound = { systemId, sends, receives };
    }
    link.answer(pdu, status, cString('practice'));
  }

  private bindStatus(link: Link, systemId: string, password: string): number {
    if (link.bound !== undefined) return STATUS.alreadyBound;
    if (systemId !== this.settings.systemId) return STATUS.badSystemId;
    return password === this.settings.password ? STATUS.ok : STATUS.badPassword;
  }

  private async submit(link: Link, pdu: Pdu): Promise<void> {
    if (link.bound?.sends !== true) return link.answer(pdu, STATUS.notBound);
    const { answer, id } = await this.texts.submit(readShortMessage(pdu.body));
    switch (answer) {
      case 'nack':
        return link.nack(pdu.sequence, STATUS.systemError);
      case 'drop':
        return link.drop();
      case 'drop-all':
        return this.links.forEach((each) => each.drop());
      case 'nothing':
        return undefined;
      default:
        return link.answer(pdu, answer, id === undefined ? undefined : cString(id));
    }
  }

  private async deliver(owed: OwedFact): Promise<boolean> {
    const receivers = [...this.links].filter((link) => link.bound?.receives === true);
    const link = receivers[(this.turn += 1) % Math.max(1, receivers.length)];
    if (link === undefined) return false;
    return (
      (await link.ask(COMMAND.deliver_sm, deliverBody(owed, this.world.now(), this.settings.receipts))) ===
      STATUS.ok
    );
  }
}
