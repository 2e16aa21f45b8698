import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Subscriber, Subscribers } from '#audience';
import { toInstant, type DeliveryId, type Instant, type Variant } from '#contracts';
import { deliveryId, silentLog } from '#runtime';
import type { ListSender, SendCtx, SendWindow } from '../adapter/list-sender.js';
import type { Outcome } from '../adapter/outcome.js';
import { Shutters } from '../gate/shutters.js';
import { flood, listTexts, sender as senderId, warning } from '../testing/index.js';
import type { TakenChunk } from '../chunks/chunk-store.js';
import type { DueDelivery } from '../chunks/delivery-store.js';
import { WindowSender } from './window-sender.js';

const AT = toInstant('2026-11-21T10:00:00.000Z');
const END = toInstant('2026-11-21T16:00:00.000Z');
const person = (number: number) => `sub_${number.toString(16).padStart(32, '0')}`;
const texts = listTexts('email', 1, ['en-GB', 'cy-GB']);

function chunk(wish: Partial<TakenChunk> = {}): TakenChunk {
  const key = { warningId: warning(1), version: 1, act: 'issue' as const, chunk: 0 };
  return {
    key,
    fence: 1,
    accountId: senderId,
    incidentId: flood,
    recipients: 2,
    urgent: true,
    revision: 1,
    sending: {
      mode: 'exercise',
      incidentId: flood,
      ...key,
      issuedAt: AT,
      sendUntil: END,
      message: 'first',
      severity: 'Severe',
      urgency: 'Immediate',
      media: [],
    },
    texts,
    ...wish,
  };
}

function row(number: number, wish: Partial<DueDelivery> = {}): DueDelivery {
  const target = person(number);
  const of = { warningId: warning(1), version: 1, act: 'issue' as const, channel: 'email', part: 1 };
  const ordinary = { ordinal: number, language: 'en-GB', variant: 'first' as Variant, answers: null };
  const fresh = { attempt: 0, unknowns: 0 };
  return { deliveryId: deliveryId({ ...of, target }), target, part: 1, ...ordinary, ...fresh, ...wish };
}

let people: Map<string, Subscriber>;
let now: Instant;
let sent: { window: SendWindow; ctx: SendCtx }[];
let answer: (window: SendWindow, ctx: SendCtx) => Promise<ReadonlyMap<DeliveryId, Outcome>>;
let shutters: Shutters;
let sender: WindowSender;
beforeEach(() => {
  people = new Map(
    [1, 2, 3].map((n) => [
      person(n),
      {
        subscriberId: person(n),
        address: `p${n}@example.org`,
        language: 'en-GB',
        suppressed: null,
      } as Subscriber,
    ]),
  );
  now = AT;
  sent = [];
  answer = () => Promise.resolve(new Map());
  shutters = new Shutters();
  const one: ListSender = {
    channel: 'email',
    send: (window, ctx) => {
      sent.push({ window, ctx });
      return answer(window, ctx);
    },
  };
  const byIds = (ids: readonly string[]) =>
    Promise.resolve(new Map([...people].filter(([id]) => ids.includes(id))));
  const clock = { now: () => now };
  sender = new WindowSender(one, { byIds } as Subscribers, shutters, { clock, log: silentLog });
});

describe('who can be sent to', () => {
  it('gets the text of the row, with what the row says of the attempt', async () => {
    const { ready, settled } = await sender.prepare(chunk(), [
      row(1),
      row(2, { language: 'cy-GB', attempt: 2 }),
    ]);
    expect(settled).toEqual([]);
    expect(
      ready.map(({ recipient }) => [recipient.address, recipient.text.language, recipient.attempt]),
    ).toEqual([
      ['p1@example.org', 'en-GB', 1],
      ['p2@example.org', 'cy-GB', 3],
    ]);
  });

  it('are those known a moment ago, where somebody has just read them', async () => {
    const known = new Map([[person(1), { ...people.get(person(1))!, address: 'known@example.org' }]]);
    people.clear();
    const { ready } = await sender.prepare(chunk(), [row(1)], known);
    expect(ready.map(({ recipient }) => recipient.address)).toEqual(['known@example.org']);
  });

  it.each<[string, () => void, string]>([
    [
      'has opted out since the plan',
      () => void (people.get(person(1))!.suppressed = 'opted-out'),
      'opted-out',
    ],
    ['is on no list any more', () => void people.delete(person(1)), 'no longer subscribed'],
  ])('is nobody who %s: suppressed, with the reason', async (_, change, reason) => {
    change();
    const { ready, settled } = await sender.prepare(chunk(), [row(1), row(2)]);
    expect(settled).toMatchObject([
      { deliveryId: row(1).deliveryId, state: 'suppressed', reason, tried: false },
    ]);
    expect(ready.map(({ row: { target } }) => target)).toEqual([person(2)]);
  });

  it.each<[string, TakenChunk, DueDelivery, RegExp]>([
    ['for whom no text was approved', chunk({ texts: [] }), row(1), /no text was approved/],
    [
      'whose text lost a letter',
      chunk({
        texts: texts.map((text) => ({
          ...text,
          parts: text.parts.map((part) => ({ ...part, text: part.text.slice(1) })),
        })),
      }),
      row(1),
      /not what was approved/,
    ],
    [
      'whose subject is another',
      chunk({ texts: texts.map((text) => ({ ...text, subject: 'Free money' })) }),
      row(1),
      /not what was approved/,
    ],
    ['of a version that was changed in the store', chunk({ tampered: true }), row(1), /what is kept of it/],
    ['who stands in somebody else’s row', chunk(), row(1, { target: person(3) }), /what is kept of it/],
    ['whose row is of another part', chunk(), row(1, { part: 2 }), /what is kept of it/],
  ])('is nobody %s: refused before anything is armed', async (_, of, wrong, why) => {
    const { ready, settled } = await sender.prepare(of, [wrong]);
    expect(ready).toEqual([]);
    expect(settled).toMatchObject([{ state: 'refused', reason: 'invalid', tried: false }]);
    expect(settled[0]?.detail).toMatch(why);
  });

  it.each<[string, TakenChunk, () => void]>([
    ['was changed in the store', chunk({ tampered: true }), () => {}],
    ['has no text', chunk({ texts: [] }), () => {}],
    [
      'is of somebody who has opted out',
      chunk(),
      () => void (people.get(person(1))!.suppressed = 'opted-out'),
    ],
  ])('stays unknown where it may have arrived before and now %s', async (_, of, change) => {
    change();
    const { settled } = await sender.prepare(of, [row(1, { unknowns: 1 })]);
    expect(settled).toMatchObject([{ state: 'unknown', tried: false }]);
  });

  it('is asked of no database when there is nobody', async () => {
    expect(await sender.prepare(chunk(), [])).toEqual({ ready: [], settled: [] });
  });
});

describe('an armed window', () => {
  const send = async (mayGoOn = () => true, stop = new AbortController().signal) => {
    const { ready } = await sender.prepare(chunk(), [row(1), row(2)]);
    return sender.send(chunk(), ready, mayGoOn, stop);
  };

  it('is handed over whole, with what is the same for everybody', async () => {
    await send();
    expect(sent).toHaveLength(1);
    expect(sent[0]?.window.recipients.map(({ deliveryId: id }) => id)).toEqual([
      row(1).deliveryId,
      row(2).deliveryId,
    ]);
    expect(sent[0]?.window.sending).toMatchObject({ severity: 'Severe', sendUntil: END, act: 'issue' });
  });

  it('brings the answers as they are', async () => {
    const outcome: Outcome = { outcome: 'accepted', ref: { id: 'q1' }, at: AT };
    answer = () => Promise.resolve(new Map([[row(1).deliveryId, outcome]]));
    expect(await send()).toEqual(new Map([[row(1).deliveryId, outcome]]));
  });

  it.each<[string, () => Promise<never>]>([
    ['throws', () => Promise.reject(new Error('out of memory'))],
    [
      'throws before it does anything',
      () => {
        throw new Error('a bug');
      },
    ],
  ])(
    'has no answer when the sender %s: everybody in it is in doubt, and nothing is thrown',
    async (_, fail) => {
      answer = fail;
      expect(await send()).toEqual(new Map());
    },
  );

  it('may be written to as long as nothing speaks against it', async () => {
    await send();
    expect(sent[0]?.ctx.mayWrite()).toBe(true);
  });

  it.each<[string, (stop: AbortController) => void]>([
    ['the process stops', (stop) => stop.abort()],
    ['the warning was cancelled', () => shutters.cancelled(warning(1), 1)],
    ['the next version was issued', () => shutters.issued(warning(1), 2)],
  ])('is written to no further once %s', async (_, happens) => {
    const stop = new AbortController();
    await send(() => true, stop.signal);
    happens(stop);
    expect(sent[0]?.ctx.mayWrite()).toBe(false);
  });

  it('is written to no further once its lease or its time has run out', async () => {
    let isHeld = true;
    await send(() => isHeld);
    isHeld = false;
    expect(sent[0]?.ctx.mayWrite()).toBe(false);
  });

  it('is made ready while it is being armed, and sent although that failed', async () => {
    const told: number[] = [];
    const withHint = new WindowSender(
      {
        channel: 'email',
        prepare: ({ recipients }) => {
          told.push(recipients.length);
          throw new Error('no template');
        },
        send: () => Promise.resolve(new Map()),
      },
      {} as Subscribers,
      shutters,
      { clock: { now: () => now }, log: silentLog },
    );
    const { ready } = await sender.prepare(chunk(), [row(1), row(2)]);
    expect(() => withHint.announce(chunk(), ready)).not.toThrow();
    expect(told).toEqual([2]);
  });
});
