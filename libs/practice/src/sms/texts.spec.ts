import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { FaultKind } from '../platform/faults.js';
import { Owing } from '../platform/owing.js';
import { SeededPublic, type TextHabit } from '../public/seeded-public.js';
import type { OwedFact, RefusalFact, TextFact } from '../record/facts.js';
import { TLV, type ShortMessage } from '../smpp/short-message.js';
import { KeptWorld } from '../testing/index.js';
import { STATUS } from './judge.js';
import { Texts, type Met } from './texts.js';

const PHONE = '447700900123';
const DELAYS = { receiptAfterMs: 300, answerAfterMs: 3_000 };
const text = (words = 'FLOOD', more: Partial<ShortMessage> = {}): ShortMessage => ({
  source: '447700900999',
  sourceTon: 1,
  destination: PHONE,
  destinationTon: 1,
  esmClass: 0,
  registeredDelivery: 1,
  dataCoding: 0,
  message: Buffer.from(words),
  tlvs: new Map(),
  ...more,
});
const part = (number: number, of: number, words: string) =>
  text('', {
    esmClass: 0x40,
    message: Buffer.concat([Buffer.from([5, 0, 3, 7, of, number]), Buffer.from(words)]),
  });

describe('what becomes of a text at the SMSC', () => {
  let world: KeptWorld;
  let owing: Owing;
  let texts: Texts;
  let paid: string[];

  function opened(habits: { [name in TextHabit]?: number } = {}): void {
    const people = new SeededPublic('s', { mail: {}, texts: habits, mostShares: 1 });
    const pay = ({ id }: OwedFact) => Promise.resolve(void paid.push(id)).then(() => true);
    owing = new Owing(world, 'sms', pay, 10);
    texts = new Texts(world, people, owing, DELAYS);
  }
  async function restarted(habits: { [name in TextHabit]?: number } = {}): Promise<void> {
    owing.stop();
    opened(habits);
    await world.again(owing, texts);
  }
  const kept = async () => (await world.arrived<TextFact>()).filter(({ fact }) => fact === 'text');

  beforeEach(async () => {
    world = await KeptWorld.begin();
    paid = [];
    opened();
  });
  afterEach(async () => {
    owing.stop();
    await world.end();
  });

  it('is kept, answered with an id in eight hexadecimal digits, and owed a receipt', async () => {
    expect(await texts.submit(text())).toEqual({ answer: STATUS.ok, id: '00000001' });
    expect(await kept()).toMatchObject([{ to: PHONE, text: 'FLOOD', ids: ['00000001'] }]);
    expect(owing.count).toBe(1);
  });

  it.each<[FaultKind<'sms'>, Met['answer']]>([
    ['refuse', STATUS.badDestination],
    ['throttle', STATUS.throttled],
    ['queue-full', STATUS.queueFull],
    ['system-error', STATUS.systemError],
    ['nack', 'nack'],
    ['cut-before-body', 'drop'],
    ['drop-links', 'drop-all'],
  ])('is not taken under %s: nothing kept, nothing owed, no id used up', async (kind, answer) => {
    world.faults.order({ channel: 'sms', kind });
    expect(await texts.submit(text())).toEqual({ answer });
    expect(await kept()).toEqual([]);
    expect(owing.count).toBe(0);
    expect(await texts.submit(text())).toEqual({ answer: STATUS.ok, id: '00000001' });
  });

  it.each<[FaultKind<'sms'>, Met, number]>([
    ['cut-after-body', { answer: 'drop' }, 1],
    ['hang', { answer: 'nothing' }, 1],
    ['slow', { answer: STATUS.ok, id: '00000001' }, 1],
    ['late-receipt', { answer: STATUS.ok, id: '00000001' }, 1],
    ['duplicate-receipt', { answer: STATUS.ok, id: '00000001' }, 2],
    ['unknown-receipt', { answer: STATUS.ok, id: '00000001' }, 2],
    ['no-receipt', { answer: STATUS.ok, id: '00000001' }, 0],
  ])('is taken under %s, although its sender may not know', async (kind, met, owed) => {
    world.faults.order({ channel: 'sms', kind, ms: 1 });
    expect(await texts.submit(text())).toEqual(met);
    expect(await kept()).toHaveLength(1);
    expect(owing.count).toBe(owed);
  });

  it('has its receipt out before it is answered, under early-receipt', async () => {
    world.faults.order({ channel: 'sms', kind: 'early-receipt' });
    await texts.submit(text());
    expect(paid).toEqual(['00000001']);
  });

  it('meets the faults of its own telephone alone', async () => {
    world.faults.order({ channel: 'sms', kind: 'throttle', to: PHONE });
    expect(await texts.submit(text('FLOOD', { destination: '447700900124' }))).toMatchObject({
      answer: STATUS.ok,
    });
    expect(await texts.submit(text())).toEqual({ answer: STATUS.throttled });
  });

  it.each<[string, ShortMessage, number, RegExp]>([
    ['a number that is none', text('FLOOD', { destination: 'nobody' }), STATUS.badDestination, /^0x0b$/],
    ['161 letters in one part', text('x'.repeat(161)), STATUS.badLength, /^0x01 161 octets/],
    ['a letter that GSM has not', text('', { message: Buffer.from([0x41, 0xe9]) }), STATUS.badCoding, /gsm7/],
    ['half a letter of UCS-2', text('xyz', { dataCoding: 8 }), STATUS.badCoding, /ucs2/],
    ['a coding of its own', text('FLOOD', { dataCoding: 4 }), STATUS.badCoding, /data_coding 4/],
  ])('is refused for %s, and the record says why', async (_, message, status, why) => {
    expect(await texts.submit(message)).toEqual({ answer: status });
    const [refusal] = await world.arrived<RefusalFact>();
    expect(refusal?.fact).toBe('refusal');
    expect(refusal?.answer).toMatch(why);
  });

  it('is put off once for a telephone that throttles, and not again after a restart', async () => {
    opened({ throttled: 1 });
    expect(await texts.submit(text())).toEqual({ answer: STATUS.throttled });
    await restarted({ throttled: 1 });
    expect(await texts.submit(text())).toMatchObject({ answer: STATUS.ok });
  });

  it('never gets an id that another one had, also after a restart between two parts', async () => {
    await texts.submit(text());
    await texts.submit(part(1, 2, 'Leave '));
    await restarted();
    expect(await texts.submit(part(2, 2, 'now'))).toMatchObject({ id: '00000003' });
    await restarted();
    expect(await texts.submit(text())).toMatchObject({ id: '00000004' });
    expect((await kept()).map(({ text: words }) => words)).toEqual(['FLOOD', 'Leave now', 'FLOOD']);
  });

  it('still owes after a restart what it owed before it, and no more', async () => {
    opened({ answers: 1 });
    await texts.submit(text());
    expect(owing.count).toBe(2); // the receipt and the answer
    await restarted({ answers: 1 });
    expect(owing.count).toBe(2);
    await texts.submit(text());
    expect(owing.count).toBe(3); // a person answers once
  });

  it('shows how many texts miss a part, and one of a single part at once', async () => {
    await texts.submit(part(1, 2, 'Leave '));
    expect(texts.incomplete).toBe(1);
    await texts.submit(part(1, 1, 'FLOOD'));
    expect((await kept()).map(({ parts }) => parts)).toEqual([1]);
    await texts.submit(part(2, 2, 'now'));
    expect(texts.incomplete).toBe(0);
  });

  it('is kept under the sender’s own reference, where it has one of the right size', async () => {
    const reference = (octets: number[]) =>
      new Map([[TLV.user_message_reference as number, Buffer.from(octets)]]);
    await texts.submit(text('one', { tlvs: reference([0x12, 0x67]) }));
    await texts.submit(text('two', { tlvs: reference([0x12]) }));
    expect((await kept()).map(({ key }) => key)).toEqual([String(0x1267), undefined]);
  });
});
