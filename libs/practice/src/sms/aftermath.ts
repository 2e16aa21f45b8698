import type { Fault } from '../platform/faults.js';
import type { SeededPublic, TextHabit } from '../public/seeded-public.js';
import type { Fact, OwedFact } from '../record/facts.js';
import type { ShortMessage } from '../smpp/short-message.js';
import type { State } from '../smpp/receipt.js';
import { e164 } from './judge.js';

/** Something that follows an accepted message. */
export type Debt = Omit<OwedFact, 'fact' | 'channel'>;

/** How long the network takes for a receipt, and a person for an answer. */
export type Delays = { receiptAfterMs: number; answerAfterMs: number };

const STATE_BY_HABIT: Partial<Record<TextHabit, State>> = { undeliverable: 'UNDELIV', expires: 'EXPIRED' };

/** What an accepted text brings with it: receipts as its sender and its telephone would have them, and now and then an answer. */
export class Aftermath {
  private readonly answered = new Set<string>();

  constructor(
    private readonly people: SeededPublic,
    private readonly delays: Delays,
  ) {}

  /** Takes in one fact of an earlier run. */
  replay(fact: Fact): void {
    if (fact.fact === 'owed' && fact.what === 'text') this.answered.add(fact.from);
  }

  /** The receipts for one part, by its message id. */
  receipts(message: ShortMessage, id: string, now: number, fault?: Fault): Debt[] {
    const { source: to, destination: from } = message;
    const habit = this.people.toText(e164(from));
    const state = STATE_BY_HABIT[habit] ?? 'DELIVRD';
    if (!wantsReceipt(message, state) || habit === 'silent' || fault?.kind === 'no-receipt') return [];
    const late = fault?.kind === 'late-receipt' ? fault.ms : 0;
    const receipt = { id, what: state, dueAt: now + this.delays.receiptAfterMs + late, to, from, about: id };
    if (fault?.kind === 'duplicate-receipt') return [receipt, { ...receipt, id: `${id}-again` }];
    if (fault?.kind === 'unknown-receipt')
      return [receipt, { ...receipt, id: `${id}-unknown`, about: `F${id.slice(1)}` }];
    return [receipt];
  }

  /** What the telephone's owner writes back. Once, however many texts come; and nobody can answer a name. */
  answer({ source: to, destination: from }: ShortMessage, id: string, now: number): Debt[] {
    const habit = this.people.toText(e164(from));
    const words =
      habit === 'stops' ? 'STOP' : habit === 'answers' ? this.people.answerFrom(e164(from)) : undefined;
    if (words === undefined || !/^\+?\d+$/.test(to) || this.answered.has(from)) return [];
    this.answered.add(from);
    return [
      { id: `${id}-text`, what: 'text', dueAt: now + this.delays.answerAfterMs, to, from, about: words },
    ];
  }
}

// SMPP 3.4 §5.2.17: 1 wants every final state told, 2 only failures.
function wantsReceipt({ registeredDelivery }: ShortMessage, state: State): boolean {
  const wanted = registeredDelivery & 0x03;
  return wanted === 1 || (wanted === 2 && state !== 'DELIVRD');
}
