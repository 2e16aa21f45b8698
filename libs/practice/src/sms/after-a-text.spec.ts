import { describe, expect, it } from '@jest/globals';
import type { Fault, FaultKind } from '../platform/faults.js';
import { SeededPublic, type TextHabit } from '../public/seeded-public.js';
import type { PartFact } from '../record/facts.js';
import type { ShortMessage } from '../smpp/short-message.js';
import type { Read } from '../smpp/sms-text.js';
import { Aftermath } from './aftermath.js';
import { Assembly } from './assembly.js';
import { STATUS, judge } from './judge.js';

const NOON = Date.parse('2026-11-21T12:00:00.000Z');
const DELAYS = { receiptAfterMs: 300, answerAfterMs: 3_000 };
const PHONE = '447700900123';
const all = (habit: TextHabit) => new SeededPublic('s', { mail: {}, texts: { [habit]: 1 }, mostShares: 1 });
const nobody = new SeededPublic('s', { mail: {}, texts: {}, mostShares: 1 });
const text = (more: Partial<ShortMessage> = {}): ShortMessage => ({
  source: '447700900999',
  sourceTon: 1,
  destination: PHONE,
  destinationTon: 1,
  esmClass: 0,
  registeredDelivery: 1,
  dataCoding: 0,
  message: Buffer.from('FLOOD'),
  tlvs: new Map(),
  ...more,
});
const fault = (kind: FaultKind<'sms'>, ms = 0): Fault => ({
  channel: 'sms',
  kind,
  ms,
  count: 1,
  on: 'write',
  id: 1,
  struck: 1,
});

describe('what an SMSC says to a text', () => {
  const good: Read = { read: 'text', text: 'FLOOD', encoding: 'gsm7' };

  it('takes one for an ordinary number, with or without the plus', () => {
    expect(judge(PHONE, good, nobody, false)).toBe(STATUS.ok);
    expect(judge(`+${PHONE}`, good, nobody, false)).toBe(STATUS.ok);
  });

  it.each(['', 'LARUM', '12', '1234567890123456', '44 7700', '44-7700'])(
    'does not know the number "%s"',
    (to) => {
      expect(judge(to, good, nobody, false)).toBe(STATUS.badDestination);
    },
  );

  it('finds the same person behind both spellings of a number', () => {
    const people = new SeededPublic('s', { mail: {}, texts: { 'no-such-number': 0.5 }, mostShares: 1 });
    for (let n = 0; n < 40; n += 1) {
      const number = `4477009000${String(n).padStart(2, '0')}`;
      expect(judge(number, good, people, false)).toBe(judge(`+${number}`, good, people, false));
    }
  });

  it.each<[TextHabit, number, number]>([
    ['no-such-number', STATUS.badDestination, STATUS.badDestination],
    ['throttled', STATUS.throttled, STATUS.ok],
    ['queue-full', STATUS.queueFull, STATUS.ok],
    ['undeliverable', STATUS.ok, STATUS.ok],
  ])('meets the habit %s first with %d and then with %d', (habit, first, then) => {
    expect(judge(PHONE, good, all(habit), false)).toBe(first);
    expect(judge(PHONE, good, all(habit), true)).toBe(then);
  });

  it('lets a fault go before everything else', () => {
    expect(judge(PHONE, good, nobody, true, fault('throttle'))).toBe(STATUS.throttled);
    expect(judge('nobody', good, nobody, true, fault('queue-full'))).toBe(STATUS.queueFull);
  });
});

describe('what follows a text', () => {
  const states = (people: SeededPublic, more: Partial<ShortMessage> = {}, struck?: Fault) =>
    new Aftermath(people, DELAYS)
      .receipts(text(more), '0000000A', NOON, struck)
      .map(({ what, about }) => `${what} ${about}`);

  it('is one receipt, turned round, after the network’s time', () => {
    expect(new Aftermath(nobody, DELAYS).receipts(text(), '0000000A', NOON)).toEqual([
      {
        id: '0000000A',
        what: 'DELIVRD',
        dueAt: NOON + 300,
        to: '447700900999',
        from: PHONE,
        about: '0000000A',
      },
    ]);
  });

  it.each<[TextHabit, number, string[]]>([
    ['undeliverable', 1, ['UNDELIV 0000000A']],
    ['expires', 1, ['EXPIRED 0000000A']],
    ['silent', 1, []],
    ['undeliverable', 2, ['UNDELIV 0000000A']],
    ['undeliverable', 0, []],
    ['answers', 2, []],
    ['answers', 1, ['DELIVRD 0000000A']],
  ])('is, for the habit %s and registered_delivery %d: %j', (habit, registeredDelivery, receipts) => {
    expect(states(all(habit), { registeredDelivery })).toEqual(receipts);
  });

  it('is what the fault says', () => {
    expect(states(nobody, {}, fault('no-receipt'))).toEqual([]);
    expect(states(nobody, {}, fault('duplicate-receipt'))).toEqual(['DELIVRD 0000000A', 'DELIVRD 0000000A']);
    expect(states(nobody, {}, fault('unknown-receipt'))).toEqual(['DELIVRD 0000000A', 'DELIVRD F000000A']);
    const [late] = new Aftermath(nobody, DELAYS).receipts(
      text(),
      '0000000A',
      NOON,
      fault('late-receipt', 5_000),
    );
    expect(late?.dueAt).toBe(NOON + 5_300);
  });

  it('gives each debt an id of its own, so that none is paid for the other', () => {
    for (const kind of ['duplicate-receipt', 'unknown-receipt'] as const) {
      const ids = new Aftermath(nobody, DELAYS)
        .receipts(text(), '0000000A', NOON, fault(kind))
        .map(({ id }) => id);
      expect(new Set(ids).size).toBe(2);
    }
  });

  it('is one answer from a person who answers, and never a second, also in the next run', () => {
    const before = new Aftermath(all('stops'), DELAYS);
    const [answer] = before.answer(text(), '0000000A', NOON);
    expect(answer).toMatchObject({
      what: 'text',
      about: 'STOP',
      from: PHONE,
      to: '447700900999',
      dueAt: NOON + 3_000,
    });
    expect(before.answer(text(), '0000000B', NOON)).toEqual([]);
    const after = new Aftermath(all('stops'), DELAYS);
    after.replay({ ...answer!, fact: 'owed', channel: 'sms' });
    expect(after.answer(text(), '0000000C', NOON)).toEqual([]);
  });

  it('is no answer to a sender that is a name', () => {
    expect(new Aftermath(all('stops'), DELAYS).answer(text({ source: 'LARUM' }), '0000000A', NOON)).toEqual(
      [],
    );
  });
});

describe('joining parts', () => {
  const part = (number: number, of: number, more: Partial<PartFact> = {}): PartFact => ({
    fact: 'part',
    channel: 'sms',
    at: '2026-11-21T12:00:00.000Z',
    to: PHONE,
    from: 'LARUM',
    id: String(number),
    text: `part ${number}`,
    joined: { reference: 7, number, of },
    ...more,
  });
  const words = (parts: PartFact[] | undefined) => parts?.map(({ text }) => text);

  it('waits for all of them, in any order', () => {
    const assembly = new Assembly();
    expect(assembly.add(part(3, 3))).toBeUndefined();
    expect(assembly.add(part(1, 3))).toBeUndefined();
    expect(assembly.incomplete).toBe(1);
    expect(words(assembly.add(part(2, 3)))).toEqual(['part 1', 'part 2', 'part 3']);
    expect(assembly.incomplete).toBe(0);
  });

  it('goes on after a restart with what was half there, and not with what was whole', () => {
    const assembly = new Assembly();
    for (const fact of [part(1, 2), part(2, 2), part(2, 2)]) assembly.replay(fact);
    expect(assembly.incomplete).toBe(1);
    expect(words(assembly.add(part(1, 2)))).toEqual(['part 1', 'part 2']);
  });

  it('keeps apart what only looks alike', () => {
    const assembly = new Assembly();
    assembly.add(part(1, 2));
    for (const other of [
      part(2, 2, { to: '447700900124' }),
      part(2, 2, { from: 'OTHER' }),
      part(2, 2, { joined: { reference: 8, number: 2, of: 2 } }),
      part(2, 3),
    ]) {
      expect(assembly.add(other)).toBeUndefined();
    }
    expect(assembly.incomplete).toBe(5);
  });
});
