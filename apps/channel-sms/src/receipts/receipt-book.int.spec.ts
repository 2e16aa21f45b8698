import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { channelMigrations, type Receipt } from '#channel';
import type { DeliveryId } from '#contracts';
import { migrate } from '#postgres';
import { testDatabase, type TestDatabase } from '#postgres/testing';
import { silentLog, SystemClock } from '#runtime';
import fc from 'fast-check';
import { smsMigrations } from '../migrations/sms.migration.js';
import { SubmittedParts } from '../sending/submitted-parts.js';
import type { DeliveryReceipt } from './delivery-receipt.js';
import { STATES } from './part-states.js';
import { ReceiptBook } from './receipt-book.js';

const to = (name: string) => `dlv_${name.padStart(32, '0')}` as DeliveryId;
const SCHEMA = 'sms';

describe('the book of receipts', () => {
  let test: TestDatabase;
  let told: Map<DeliveryId, Receipt>;
  let failing = false;
  const books: ReceiptBook[] = [];

  /** What the rest of the channel would hear: the newest receipt per delivery, delivered above all. */
  const sink = {
    add: async (receipts: readonly Receipt[]) => {
      if (failing) throw new Error('the database is away');
      for (const receipt of receipts)
        if (told.get(receipt.deliveryId)?.kind !== 'delivered') told.set(receipt.deliveryId, receipt);
      return receipts.length;
    },
  };
  const open = (smsc = 'smsc') => {
    const on = { clock: new SystemClock(), log: silentLog };
    const book = new ReceiptBook(test.db, { schema: SCHEMA, smsc }, sink, on);
    const parts = new SubmittedParts(test.db, { schema: SCHEMA, smsc }, () => book.match());
    books.push(book);
    return { book, parts };
  };
  const receipt = (messageId: string, state: DeliveryReceipt['state'] = 'delivered'): DeliveryReceipt => ({
    messageId,
    state,
    error: '000',
  });
  const part = (messageId: string, name: string, parts = 1, attempt = 1) => ({
    messageId,
    deliveryId: to(name),
    attempt,
    parts,
  });
  const uncounted = async () =>
    (await test.db.query<{ n: bigint }>(`select count(*) as n from sms.part_receipt where not counted`))[0]!
      .n;
  const until = async (holds: () => Promise<boolean> | boolean) => {
    for (let n = 0; n < 1_500 && !(await holds()); n += 1)
      await new Promise((resolve) => setTimeout(resolve, 10));
    expect(await holds()).toBe(true);
  };

  beforeAll(async () => {
    test = await testDatabase();
    await migrate(test.db, { schema: SCHEMA, migrations: channelMigrations });
    await migrate(test.db, { schema: SCHEMA, migrations: smsMigrations });
  });
  beforeEach(async () => {
    await Promise.all(books.splice(0).map((book) => book.stop()));
    await test.db.execute('truncate sms.part_receipt, sms.submitted_part');
    told = new Map();
    failing = false;
  });
  afterAll(async () => {
    await Promise.all(books.map((book) => book.stop()));
    await test.close();
  });

  it('tells the same, whichever of answer and receipts comes first, in whatever order and however often', async () => {
    const states = STATES.map(({ state }) => state);
    const history = fc.record({
      states: fc.array(fc.constantFrom(...states), { minLength: 1, maxLength: 5 }),
      answerAt: fc.nat(5),
    });
    let run = 0;
    await fc.assert(
      fc.asyncProperty(history, async ({ states: came, answerAt }) => {
        run += 1;
        const { book, parts } = open();
        const id = `m${run}`;
        for (const [n, state] of came.entries()) {
          if (n === answerAt) await parts.save([part(id, String(run))]);
          await book.keep([receipt(id, state)]);
        }
        if (answerAt >= came.length) await parts.save([part(id, String(run))]);
        await until(async () => (await uncounted()) === 0n);
        await book.stop();
        const lost = came.some((state) =>
          ['rejected', 'deleted', 'expired', 'undeliverable'].includes(state),
        );
        const wanted = came.includes('delivered') ? 'delivered' : lost ? 'undelivered' : undefined;
        expect(told.get(to(String(run)))?.kind).toBe(wanted);
      }),
      { numRuns: 25, seed: 20261121 },
    );
  });

  it('keeps the ids of two gateways apart', async () => {
    const [one, other] = [open('one'), open('other')];
    await one.parts.save([part('7', 'a')]);
    await other.parts.save([part('7', 'b')]);
    await other.book.keep([receipt('7')]);
    await until(() => told.size === 1);
    expect([...told.keys()]).toEqual([to('b')]);
  });

  it('gives an id that a restarted gateway uses again to the newer text', async () => {
    const { book, parts } = open();
    await parts.save([part('1', 'old')]);
    await parts.save([part('1', 'new')]);
    await book.keep([receipt('1')]);
    await until(() => told.size === 1);
    expect([...told.keys()]).toEqual([to('new')]);
  });

  it('tells of the newer text also where the older one of that id was delivered already', async () => {
    const { book, parts } = open();
    await parts.save([part('1', 'old')]);
    await book.keep([receipt('1')]);
    await until(async () => told.size === 1 && (await uncounted()) === 0n);
    await parts.save([part('1', 'new')]);
    await book.keep([receipt('1', 'expired')]);
    await until(() => told.size === 2);
    expect([told.get(to('old'))?.kind, told.get(to('new'))?.kind]).toEqual(['delivered', 'undelivered']);
  });

  it('keeps what it knows of a text whose answer is kept twice', async () => {
    const { book, parts } = open();
    await parts.save([part('1', 'a')]);
    await book.keep([receipt('1')]);
    await until(async () => told.size === 1 && (await uncounted()) === 0n);
    await parts.save([part('1', 'a')]);
    await book.keep([receipt('1', 'expired')]);
    await until(async () => (await uncounted()) === 0n);
    expect(told.get(to('a'))?.kind).toBe('delivered');
  });

  it('tells again what the rest of the channel could not take', async () => {
    const { book, parts } = open();
    failing = true;
    await parts.save([part('1', 'a')]);
    await book.keep([receipt('1')]);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(told.size).toBe(0);
    failing = false;
    book.match(); // as the tidying does every few seconds
    await until(() => told.size === 1);
  });

  it('keeps receipts after it was stopped, for the next start', async () => {
    const before = open();
    await before.parts.save([part('1', 'a')]);
    await before.book.stop();
    await before.book.keep([receipt('1')]);
    expect(told.size).toBe(0);
    open().book.match();
    await until(() => told.size === 1);
  });

  it('works through a swarm: five thousand texts of two parts, receipts shuffled and doubled', async () => {
    const { book, parts } = open();
    const ids = Array.from({ length: 5_000 }, (_, n) => [`${n}a`, `${n}b`]).flat();
    await parts.save(ids.map((id) => part(id, id.slice(0, -1), 2)));
    const shuffled = [...ids, ...ids]
      .map((id, n) => ({ id, key: (n * 7_919) % 20_011 }))
      .toSorted((a, b) => a.key - b.key);
    for (let at = 0; at < shuffled.length; at += 500)
      await book.keep(shuffled.slice(at, at + 500).map(({ id }) => receipt(id)));
    await until(async () => (await uncounted()) === 0n);
    expect(told.size).toBe(5_000);
    expect([...told.values()].every(({ kind }) => kind === 'delivered')).toBe(true);
  }, 60_000);
});
