import { describe, expect, it } from '@jest/globals';
import type { ListRecipient, SendCtx, Sending } from '#channel';
import { composed } from '#channel/testing';
import type { DeliveryId, IncidentId, Instant, WarningId } from '#contracts';
import { silentLog } from '#runtime';
import type { SubmitHow, SubmitPdu } from '../gateway/sms-gateway.js';
import type { Submitted } from '../gateway/submit-outcome.js';
import type { MessageReferences } from './message-references.js';
import { SmsSender, type SmsSettings } from './sms-sender.js';
import type { SubmittedPart, SubmittedParts } from './submitted-parts.js';

const NOW = '2026-11-21T10:00:00.000Z' as Instant;
const dlv = (n: number) => `dlv_${String(n).padStart(32, '0')}` as DeliveryId;

const sending = (changed: Partial<Sending> = {}): Sending => ({
  mode: 'exercise',
  incidentId: `inc_${'1'.repeat(32)}` as IncidentId,
  warningId: `wrn_${'1'.repeat(32)}` as WarningId,
  version: 1,
  act: 'issue',
  issuedAt: NOW,
  sendUntil: '2026-11-21T12:00:00.000Z' as Instant,
  message: 'first',
  severity: 'Moderate',
  urgency: 'Expected',
  ...changed,
});
const person = (n: number, text = 'Leave now.', attempt = 1): ListRecipient => ({
  deliveryId: dlv(n),
  subscriberId: `sub_${n}`,
  address: `+44770090000${n}`,
  text: composed({ channel: 'sms', texts: [text] }),
  attempt,
  answers: null,
});

describe('sending a window of texts', () => {
  /** A gateway that answers by number, and remembers what it was asked. */
  function bench(
    answer: (pdu: SubmitPdu, how: SubmitHow) => Submitted = (pdu) => ({
      result: 'accepted',
      messageId: `id-${pdu.destination}`,
    }),
    settings: Partial<SmsSettings> = {},
  ) {
    /** Statements that fail from now on, by what they are for. */
    const away = { numbers: 0, ids: 0 };
    const failing = (what: keyof typeof away) => {
      away[what] -= 1;
      if (away[what] >= 0) throw new Error('the database is away');
    };
    let now: Instant = NOW;
    const asked: { pdu: SubmitPdu; how: SubmitHow }[] = [];
    const saved: SubmittedPart[] = [];
    const order: string[] = [];
    const gateway = {
      submit: async (pdu: SubmitPdu, how: SubmitHow) => {
        asked.push({ pdu, how });
        order.push('submit');
        return answer(pdu, how);
      },
    };
    const references = {
      of: async (messages: readonly { messageKey: string }[]) => {
        failing('numbers');
        return new Map(messages.map(({ messageKey }, n) => [messageKey, n + 40]));
      },
    } as unknown as MessageReferences;
    const submitted = {
      save: async (parts: readonly SubmittedPart[]) => {
        failing('ids');
        saved.push(...parts);
        order.push('save');
      },
    } as unknown as SubmittedParts;
    const sender = new SmsSender(gateway, references, submitted, {
      alphabet: 'gsm',
      joining: 'udh8',
      sender: 'FLOODLINE',
      mostParts: 3,
      turnMs: 5_000,
      plainId: (id) => id.toUpperCase(),
      ...settings,
    });
    const ctx = (mayWrite = () => true): SendCtx => ({
      signal: new AbortController().signal,
      mayWrite,
      clock: { now: () => now },
      log: silentLog,
    });
    return { sender, asked, saved, order, ctx, away, at: (instant: Instant) => (now = instant) };
  }

  it('gives everybody an outcome, and keeps the gateway’s ids before it does', async () => {
    const { sender, saved, order, ctx } = bench((pdu) =>
      pdu.destination.endsWith('2')
        ? { result: 'refused', reason: 'gone', detail: 'no such number' }
        : { result: 'accepted', messageId: 'ab' },
    );
    const outcomes = await sender.send({ sending: sending(), recipients: [person(1), person(2)] }, ctx());
    expect(outcomes.get(dlv(1))).toMatchObject({ outcome: 'accepted', ref: { id: 'ab' }, at: NOW });
    expect(outcomes.get(dlv(2))).toMatchObject({ outcome: 'refused', reason: 'gone' });
    expect(saved).toEqual([{ messageId: 'AB', deliveryId: dlv(1), attempt: 1, parts: 1 }]);
    expect(order).toEqual(['submit', 'submit', 'save']);
  });

  it('writes numbers as the network wants them, and asks for a receipt', async () => {
    const { sender, asked, ctx } = bench();
    await sender.send({ sending: sending(), recipients: [person(7)] }, ctx());
    expect(asked[0]!.pdu).toMatchObject({
      source: 'FLOODLINE',
      sourceTon: 5,
      sourceNpi: 0,
      destination: '447700900007',
      destinationTon: 1,
      destinationNpi: 1,
      registeredDelivery: 1,
      validityPeriod: '000000020000000R', // the two hours that the warning still stands
    });
  });

  it('can be answered when its sender is a number', async () => {
    const { sender, asked, ctx } = bench(undefined, { sender: '+447700900999' });
    await sender.send({ sending: sending(), recipients: [person(1)] }, ctx());
    expect(asked[0]!.pdu).toMatchObject({ source: '447700900999', sourceTon: 1, sourceNpi: 1 });
  });

  it.each([
    ['60006', undefined, [3, 0]], // a short code of the network
    ['447700900999', undefined, [1, 1]],
    ['FLOODLINE', undefined, [5, 0]],
    ['60006', { ton: 0, npi: 1 }, [0, 1]], // as this gateway wants it
  ])('is of the type that its sender %s needs', async (sender, from, [ton, npi]) => {
    const asking = bench(undefined, { sender, ...(from === undefined ? {} : { from }) });
    await asking.sender.send({ sending: sending(), recipients: [person(1)] }, asking.ctx());
    expect(asking.asked[0]!.pdu).toMatchObject({ source: sender, sourceTon: ton, sourceNpi: npi });
  });

  it('keeps no empty id: receipts about nothing would be taken for its own', async () => {
    const { sender, saved, ctx } = bench(() => ({ result: 'accepted', messageId: '' }));
    const outcomes = await sender.send({ sending: sending(), recipients: [person(1)] }, ctx());
    expect(outcomes.get(dlv(1))).toMatchObject({ outcome: 'accepted' });
    expect(saved).toEqual([]);
  });

  it.each([
    ['Extreme', 'issue', true],
    ['Severe', 'issue', true],
    ['Moderate', 'issue', false],
    ['Minor', 'issue', false],
    ['Minor', 'cancel', true],
  ] as const)('goes first when it must: %s %s %s', async (severity, act, urgent) => {
    const { sender, asked, ctx } = bench();
    await sender.send({ sending: sending({ severity, act }), recipients: [person(1)] }, ctx());
    expect(asked[0]!.how.urgent).toBe(urgent);
  });

  it('asks the loop before each part whether it may still be written', async () => {
    let allowed = true;
    const { sender, asked, ctx } = bench();
    await sender.send(
      { sending: sending(), recipients: [person(1)] },
      ctx(() => allowed),
    );
    expect(asked[0]!.how.mayWrite()).toBe(true);
    allowed = false;
    expect(asked[0]!.how.mayWrite()).toBe(false);
  });

  it('waits for its turn no longer than the warning stands', async () => {
    const { sender, asked, ctx } = bench();
    await sender.send(
      { sending: sending({ sendUntil: '2026-11-21T10:00:00.200Z' as Instant }), recipients: [person(1)] },
      ctx(),
    );
    expect(asked[0]!.how.until).toBeLessThanOrEqual(performance.now() + 200);
  });

  it('joins the parts of each message by a number of its own', async () => {
    const { sender, asked, ctx } = bench();
    const long = 'Leave now. '.repeat(20);
    await sender.send(
      { sending: sending(), recipients: [person(1, long), person(2, long), person(3)] },
      ctx(),
    );
    const of = (n: number) =>
      asked
        .filter(({ pdu }) => pdu.destination.endsWith(String(n)))
        .map(({ pdu }) => [pdu.esmClass, pdu.message[3]]);
    expect(of(1)).toEqual([
      [0x40, 40],
      [0x40, 40],
    ]);
    expect(of(2)[0]).toEqual([0x40, 41]);
    expect(asked.filter(({ pdu }) => pdu.destination.endsWith('3'))[0]!.pdu.esmClass).toBe(0);
  });

  it('refuses a text of too many parts without asking the gateway', async () => {
    const { sender, asked, ctx } = bench();
    const outcomes = await sender.send(
      { sending: sending(), recipients: [person(1, 'x'.repeat(600))] },
      ctx(),
    );
    expect(outcomes.get(dlv(1))).toMatchObject({
      outcome: 'refused',
      reason: 'too-long',
      detail: '4 parts, at most 3 are sent',
    });
    expect(asked).toHaveLength(0);
  });

  it('gives up on a gateway that is in trouble for the third time, however often it was away before', async () => {
    const trouble: Submitted = { result: 'deferred', why: 'trouble', detail: 'system error (0x08)' };
    const away: Submitted = { result: 'deferred', why: 'not-bound', detail: 'no link' };
    let says = away;
    const { sender, ctx } = bench(() => says);
    const outcomes: string[] = [];
    const send = async (attempt: number) => {
      const window = { sending: sending(), recipients: [person(1, 'Leave.', attempt)] };
      outcomes.push((await sender.send(window, ctx())).get(dlv(1))!.outcome);
    };
    for (let attempt = 1; attempt <= 4; attempt += 1) await send(attempt);
    says = trouble;
    for (let attempt = 5; attempt <= 7; attempt += 1) await send(attempt);
    expect(outcomes).toEqual([...Array<string>(6).fill('deferred'), 'refused']);
  });

  it('defers everybody when nothing can have left: the numbers that join texts could not be had', async () => {
    const { sender, asked, ctx, away } = bench();
    away.numbers = 1;
    const window = { sending: sending(), recipients: [person(1), person(2)] };
    const outcomes = await sender.send(window, ctx());
    expect([...outcomes.values()].map(({ outcome }) => outcome)).toEqual(['deferred', 'deferred']);
    expect(asked).toHaveLength(0);
    expect((await sender.send(window, ctx())).get(dlv(2))).toMatchObject({ outcome: 'accepted' });
  });

  it('forgets no outcome because the ids could not be kept at once: a text that was taken would leave twice', async () => {
    const { sender, saved, ctx, away } = bench();
    away.ids = 1;
    const outcomes = await sender.send({ sending: sending(), recipients: [person(1)] }, ctx());
    expect(outcomes.get(dlv(1))).toMatchObject({ outcome: 'accepted' });
    expect(saved).toHaveLength(1);
    away.ids = 1_000;
    const again = await sender.send({ sending: sending(), recipients: [person(2)] }, ctx());
    expect(again.get(dlv(2))).toMatchObject({ outcome: 'accepted' });
  });

  it('tells the gateway how long the text is good for when it is written, not when it began to wait', async () => {
    const { sender, asked, ctx, at } = bench();
    await sender.send({ sending: sending(), recipients: [person(1)] }, ctx());
    at('2026-11-21T11:59:45.000Z' as Instant);
    expect(asked[0]!.pdu.validityPeriod).toBe('000000000015000R');
  });

  it('keeps the id of a text whose answer came late', async () => {
    const { sender, asked, saved, ctx } = bench(() => ({ result: 'unknown', detail: 'no answer' }));
    const outcomes = await sender.send({ sending: sending(), recipients: [person(1)] }, ctx());
    expect(outcomes.get(dlv(1))).toMatchObject({ outcome: 'unknown' });
    asked[0]!.how.late('late-1');
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(saved).toEqual([{ messageId: 'LATE-1', deliveryId: dlv(1), attempt: 1, parts: 1 }]);
  });
});
