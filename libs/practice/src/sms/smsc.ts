import { createServer, type AddressInfo, type Server } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { Owing } from '../platform/owing.js';
import type { World } from '../platform/world.js';
import type { SeededPublic } from '../public/seeded-public.js';
import type { Fact, OwedFact, PartFact, TextFact } from '../record/facts.js';
import { Aftermath, type Delays } from './aftermath.js';
import { Assembly } from './assembly.js';
import { STATUS, judge } from './judge.js';
import { Link } from '../smpp/link.js';
import { BrokenPdu, COMMAND, cString, readCStrings, type Pdu } from '../smpp/pdu.js';
import { TLV, readShortMessage, type ShortMessage } from '../smpp/short-message.js';
import { RECEIPT_FORM, deliverBody, type ReceiptForm } from '../smpp/receipt.js';
import { readText, type Read } from '../smpp/sms-text.js';

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

const FAULTS_BEFORE = [
  'refuse',
  'throttle',
  'queue-full',
  'system-error',
  'nack',
  'cut-before-body',
  'drop-links',
] as const;
const FAULTS_AFTER = [
  'slow',
  'cut-after-body',
  'hang',
  'early-receipt',
  'late-receipt',
  'duplicate-receipt',
  'unknown-receipt',
  'no-receipt',
] as const;
const RECEIPTS_TOGETHER = 50;

/** The short-message centre of the practice world, for SMPP 3.4 clients. What it takes is kept before it says so. */
export class Smsc {
  private readonly server: Server;
  private readonly links = new Set<Link>();
  private readonly parts = new Assembly();
  private readonly putOff = new Set<string>();
  private readonly aftermath: Aftermath;
  private readonly owing: Owing;
  private lastId = 0;
  private turn = 0;

  constructor(
    private readonly world: World,
    private readonly people: SeededPublic,
    private readonly settings: SmscSettings,
  ) {
    this.aftermath = new Aftermath(people, settings);
    this.owing = new Owing(world, 'sms', (owed) => this.deliver(owed), RECEIPTS_TOGETHER);
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
    this.parts.replay(fact);
    if (fact.fact === 'refusal' && fact.channel === 'sms') this.putOff.add(fact.to);
    this.aftermath.replay(fact);
    if (fact.fact === 'part') this.lastId = Math.max(this.lastId, parseInt(fact.id, 16));
    if (fact.fact === 'text')
      for (const id of fact.ids) this.lastId = Math.max(this.lastId, parseInt(id, 16));
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
    return { incomplete: this.parts.incomplete, owed: this.owing.count };
  }

  private dropLinks(): void {
    for (const link of this.links) link.drop();
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
    const message = readShortMessage(pdu.body);
    const { destination: to } = message;
    const before = this.world.faults.take('sms', FAULTS_BEFORE, { to });
    if (before?.kind === 'nack') return link.nack(pdu.sequence, STATUS.systemError);
    if (before?.kind === 'cut-before-body') return link.drop();
    if (before?.kind === 'drop-links') return this.dropLinks();
    const read = readText(message);
    const status = judge(to, read, this.people, this.putOff.has(to), before);
    if (status !== STATUS.ok || read.read !== 'text') {
      const answer = `0x${status.toString(16).padStart(2, '0')}${read.read === 'text' ? '' : ` ${read.why}`}`;
      const at = new Date(this.world.now()).toISOString();
      this.putOff.add(to);
      await this.world.record.append({ fact: 'refusal', channel: 'sms', at, to, answer });
      return link.answer(pdu, status);
    }
    return this.take(link, pdu, message, read);
  }

  private async take(
    link: Link,
    pdu: Pdu,
    message: ShortMessage,
    read: Read & { read: 'text' },
  ): Promise<void> {
    const { destination: to } = message;
    const fault = this.world.faults.take('sms', FAULTS_AFTER, { to });
    const id = (this.lastId += 1).toString(16).toUpperCase().padStart(8, '0');
    const now = this.world.now();
    const debts = [
      ...this.aftermath.receipts(message, id, now, fault),
      ...this.aftermath.answer(message, id, now),
    ];
    const kept = this.keep(message, read, id);
    await Promise.all([...kept, ...debts.map((debt) => this.owing.owe(debt))]);
    if (fault?.kind === 'early-receipt') await this.owing.settleNow(id);
    if (fault?.kind === 'cut-after-body') return link.drop();
    if (fault?.kind === 'hang') return undefined;
    if (fault?.kind === 'slow') await pause(fault.ms);
    return link.answer(pdu, STATUS.ok, cString(id));
  }

  private keep(
    message: ShortMessage,
    { text, encoding, joined }: Read & { read: 'text' },
    id: string,
  ): Promise<void>[] {
    const { source: from, destination: to, tlvs } = message;
    const reference = tlvs.get(TLV.user_message_reference);
    const key = reference?.length === 2 ? { key: String(reference.readUInt16BE(0)) } : {};
    const at = new Date(this.world.now()).toISOString();
    const whole: Omit<TextFact, 'text' | 'parts' | 'ids'> = {
      fact: 'text',
      channel: 'sms',
      at,
      to,
      from,
      encoding,
      ...key,
    };
    if (joined === undefined || joined.of === 1) {
      return [this.world.record.append({ ...whole, text, parts: 1, ids: [id] })];
    }
    const part: PartFact = { fact: 'part', channel: 'sms', at, to, from, id, text, joined, ...key };
    const parts = this.parts.add(part);
    const written = [this.world.record.append(part)];
    if (parts !== undefined) {
      const words = parts.map((each) => each.text).join('');
      const ids = parts.map((each) => each.id);
      written.push(this.world.record.append({ ...whole, text: words, parts: parts.length, ids }));
    }
    return written;
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
