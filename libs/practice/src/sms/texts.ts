import { setTimeout as pause } from 'node:timers/promises';
import type { Fault } from '../platform/faults.js';
import type { Owing } from '../platform/owing.js';
import type { World } from '../platform/world.js';
import type { SeededPublic } from '../public/seeded-public.js';
import type { Fact, PartFact, TextFact } from '../record/facts.js';
import { TLV, type ShortMessage } from '../smpp/short-message.js';
import { readText, type Read } from '../smpp/sms-text.js';
import { Aftermath, type Delays } from './aftermath.js';
import { Assembly } from './assembly.js';
import { STATUS, judge } from './judge.js';

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
/** What the sender of a text meets: a status with the id given, or what a fault does to the link instead. */
export type Met = { answer: number | 'nack' | 'drop' | 'drop-all' | 'nothing'; id?: string };

type Readable = Read & { read: 'text' };

/** What becomes of submitted texts: judged, kept, joined, and followed by receipts and answers. */
export class Texts {
  private readonly parts = new Assembly();
  private readonly putOff = new Set<string>();
  private readonly aftermath: Aftermath;
  private lastId = 0;

  constructor(
    private readonly world: World,
    private readonly people: SeededPublic,
    private readonly owing: Owing,
    delays: Delays,
  ) {
    this.aftermath = new Aftermath(people, delays);
  }

  /** Takes in one fact of an earlier run. */
  replay(fact: Fact): void {
    this.parts.replay(fact);
    this.aftermath.replay(fact);
    if (fact.fact === 'refusal' && fact.channel === 'sms') this.putOff.add(fact.to);
    const ids = fact.fact === 'part' ? [fact.id] : fact.fact === 'text' ? fact.ids : [];
    for (const id of ids) this.lastId = Math.max(this.lastId, parseInt(id, 16));
  }

  /** Texts of which something is missing. */
  get incomplete(): number {
    return this.parts.incomplete;
  }

  /** Takes one text, or turns it away. What is taken is kept before this answers. */
  async submit(message: ShortMessage): Promise<Met> {
    const { destination: to } = message;
    const before = this.world.faults.take('sms', FAULTS_BEFORE, { to });
    if (before?.kind === 'nack') return { answer: 'nack' };
    if (before?.kind === 'cut-before-body') return { answer: 'drop' };
    if (before?.kind === 'drop-links') return { answer: 'drop-all' };
    const read = readText(message);
    const status = judge(to, read, this.people, this.putOff.has(to), before);
    if (status === STATUS.ok && read.read === 'text') return this.take(message, read);
    const why = read.read === 'text' ? '' : ` ${read.why}`;
    const answer = `0x${status.toString(16).padStart(2, '0')}${why}`;
    this.putOff.add(to);
    await this.world.record.append({ fact: 'refusal', channel: 'sms', at: this.instant(), to, answer });
    return { answer: status };
  }

  private async take(message: ShortMessage, read: Readable): Promise<Met> {
    const { destination: to } = message;
    const fault = this.world.faults.take('sms', FAULTS_AFTER, { to });
    const id = (this.lastId += 1).toString(16).toUpperCase().padStart(8, '0');
    const now = this.world.now();
    const debts = [
      ...this.aftermath.receipts(message, id, now, fault),
      ...this.aftermath.answer(message, id, now),
    ];
    await Promise.all([...this.keep(message, read, id), ...debts.map((debt) => this.owing.owe(debt))]);
    return this.met(id, fault);
  }

  private async met(id: string, fault: Fault | undefined): Promise<Met> {
    if (fault?.kind === 'early-receipt') await this.owing.settleNow(id);
    if (fault?.kind === 'cut-after-body') return { answer: 'drop' };
    if (fault?.kind === 'hang') return { answer: 'nothing' };
    if (fault?.kind === 'slow') await pause(fault.ms);
    return { answer: STATUS.ok, id };
  }

  private keep(message: ShortMessage, { text, encoding, joined }: Readable, id: string): Promise<void>[] {
    const { source: from, destination: to, tlvs } = message;
    const reference = tlvs.get(TLV.user_message_reference);
    const key = reference?.length === 2 ? { key: String(reference.readUInt16BE(0)) } : {};
    const at = this.instant();
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

  private instant(): string {
    return new Date(this.world.now()).toISOString();
  }
}
