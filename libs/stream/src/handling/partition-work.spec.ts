import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { setTimeout as sleep } from 'node:timers/promises';
import { silentLog } from '#runtime';
import type { Batch, Handler, StreamMessage } from '../event-stream.js';
import { NeverWorks } from '../never-works.js';
import { until } from '../testing/consumer.js';
import { PartitionWork } from './partition-work.js';

/** Messages of `exercise.warnings.v1/0`: one letter each is a key, and its offset is its place. */
function messages(keys: string, from = 0): StreamMessage[] {
  return [...keys].map((key, n) => ({
    topic: 'exercise.warnings.v1',
    partition: 0,
    offset: BigInt(from + n),
    key: key === '-' ? '' : key,
    value: new Uint8Array(),
    headers: {},
    eventId: `/larum/test ${key}@${from + n}`,
  }));
}

/** A partition in the hands of `handle`, and what became of its messages. */
function workedOnBy(handle: Handler, { maxBatch = 500, from = 0n, lingerMs = 0 } = {}) {
  const commits: bigint[] = [];
  const parked: { offset: bigint; why: string }[] = [];
  const faults = { commit: false, park: false };
  let room = 0;
  const work = new PartitionWork(
    {
      handle,
      maxBatch,
      lingerMs,
      park: async ({ offset }, why) => {
        if (faults.park) throw new Error('the stream is away');
        parked.push({ offset, why });
      },
      commit: async (next) => {
        if (faults.commit) throw new Error('the stream is away');
        commits.push(next);
      },
      roomAgain: () => (room += 1),
      log: silentLog,
    },
    from,
  );
  return { work, commits, parked, faults, room: () => room };
}

/** A handler that works on one message after another; `fails` tells what it throws for one. */
function oneByOne(
  met: bigint[],
  fails: (message: StreamMessage) => Error | undefined = () => undefined,
): Handler {
  return async (batch) => {
    for (const message of batch.messages) {
      const error = fails(message);
      if (error) throw error;
      met.push(message.offset);
      await batch.done(message);
    }
  };
}

/** A handler that works on a whole batch at once, or fails as a whole. */
function allAtOnce(met: bigint[], fails: (message: StreamMessage) => Error | undefined): Handler {
  return async (batch) => {
    for (const message of batch.messages) {
      const error = fails(message);
      if (error) throw error;
    }
    for (const message of batch.messages) {
      met.push(message.offset);
      await batch.done(message);
    }
  };
}

describe('a partition', () => {
  it('is handled in order and committed behind the last message', async () => {
    const met: bigint[] = [];
    const { work, commits } = workedOnBy(oneByOne(met));
    work.offer(messages('abcab'));
    await until('all are done', () => met.length === 5);
    await work.close();
    expect(met).toEqual([0n, 1n, 2n, 3n, 4n]);
    expect(commits.at(-1)).toBe(5n);
  });

  it('is never handled twice at a time, and never in larger batches than asked for', async () => {
    let now = 0;
    const sizes: number[] = [];
    const { work } = workedOnBy(
      async (batch) => {
        now += 1;
        expect(now).toBe(1);
        sizes.push(batch.messages.length);
        await sleep(2);
        for (const message of batch.messages) await batch.done(message);
        now -= 1;
      },
      { maxBatch: 3 },
    );
    work.offer(messages('abcdefg'));
    work.offer(messages('hi', 7));
    await until('all are done', () => sizes.reduce((sum, size) => sum + size, 0) === 9);
    expect(Math.max(...sizes)).toBe(3);
    await work.close();
  });

  it('waits for company when nobody waits for it, and no longer than it may', async () => {
    const batches: number[] = [];
    const began = performance.now();
    const { work } = workedOnBy(
      async (batch) => {
        batches.push(batch.messages.length);
        for (const message of batch.messages) await batch.done(message);
      },
      { lingerMs: 1_000 },
    );
    work.offer(messages('a'));
    await sleep(30);
    work.offer(messages('bc', 1));
    await until('all are done', () => batches.reduce((sum, size) => sum + size, 0) === 3);
    expect(batches).toEqual([3]);
    expect(performance.now() - began).toBeGreaterThanOrEqual(999);
    await work.close();
  });

  it('does not wait for company when a whole batch is there', async () => {
    const batches: number[] = [];
    const { work } = workedOnBy(
      async (batch) => {
        batches.push(batch.messages.length);
        for (const message of batch.messages) await batch.done(message);
      },
      { lingerMs: 60_000, maxBatch: 3 },
    );
    work.offer(messages('abc'));
    await until('the batch is done', () => batches.length === 1);
    work.offer(messages('d', 3));
    await work.close();
    expect(batches).toEqual([3]); // the single one comes again to whoever has the partition next
  });

  it('commits once for what is done in a moment, not once for each', async () => {
    const met: bigint[] = [];
    const { work, commits } = workedOnBy(oneByOne(met), { maxBatch: 1 });
    for (let n = 0; n < 20; n += 1) work.offer(messages('a', n));
    await until('it is committed', () => commits.at(-1) === 20n);
    expect(commits.length).toBeLessThanOrEqual(2);
    await work.close();
  });

  it('ignores what it has already, when the broker hands a range over once more', async () => {
    const met: bigint[] = [];
    const { work } = workedOnBy(oneByOne(met));
    work.offer(messages('abc'));
    work.offer(messages('bcd', 1));
    await until('all are done', () => met.length >= 4);
    await work.close();
    expect(met).toEqual([0n, 1n, 2n, 3n]);
  });

  it('says when it has no room, and when it has room again', async () => {
    let letGo = (): void => undefined;
    const held = new Promise<void>((resolve) => (letGo = resolve));
    const { work, room } = workedOnBy(
      async (batch) => {
        await held;
        for (const message of batch.messages) await batch.done(message);
      },
      { maxBatch: 2 },
    );
    work.offer(messages('abcdefgh'));
    await until('the first batch is in hand', () => work.busy);
    expect(work.hasRoom).toBe(false);
    expect(room()).toBe(0);
    letGo();
    await until('there is room again', () => room() === 1);
    expect(work.hasRoom).toBe(true);
    await work.close();
  });

  it('begins where the group stands', async () => {
    const { work } = workedOnBy(oneByOne([]), { from: 42n });
    expect(work.next).toBe(42n);
    work.offer(messages('a', 50)); // a gap, as retention leaves it
    expect(work.next).toBe(51n);
    await work.close();
  });
});

describe('a message that fails', () => {
  const locked = new Error('a row is locked');

  it('holds back its own key only, and nothing behind it is committed', async () => {
    const met: bigint[] = [];
    let broken = true;
    const { work, commits } = workedOnBy(
      oneByOne(met, ({ offset }) => (broken && offset === 1n ? locked : undefined)),
    );
    work.offer(messages('abcb'));
    await until('the others are done', () => met.length === 2);
    work.offer(messages('bd', 4));
    await until('and what came later', () => met.length === 3);
    expect(met).toEqual([0n, 2n, 5n]);
    await until('what is before it is committed', () => commits.at(-1) === 1n);
    expect(work.health()).toEqual({ state: 'retrying', why: 'a row is locked', waiting: 3 });
    broken = false;
    await until('all are done', () => met.length === 6);
    expect(met.slice(3)).toEqual([1n, 3n, 4n]);
    await work.close();
    expect(commits.at(-1)).toBe(6n);
    expect(work.health()).toEqual({ state: 'working', waiting: 0 });
  });

  it('is found in a batch of a handler that does all or nothing', async () => {
    const met: bigint[] = [];
    let broken = true;
    const { work } = workedOnBy(
      allAtOnce(met, ({ offset }) => (broken && offset === 300n ? locked : undefined)),
    );
    const keys = Array.from({ length: 500 }, (_, n) => String.fromCodePoint(0x4e00 + n)).join('');
    work.offer(messages(keys));
    await until('all others are done', () => met.length === 499);
    expect(new Set(met).has(300n)).toBe(false);
    broken = false;
    await until('it is done as well', () => met.length === 500);
    await work.close();
  });

  it('without a key holds back nothing', async () => {
    const met: bigint[] = [];
    const { work } = workedOnBy(oneByOne(met, ({ offset }) => (offset === 0n ? locked : undefined)));
    work.offer(messages('---'));
    await until('the others are done', () => met.length === 2);
    expect(met).toEqual([1n, 2n]);
    await work.close();
  });

  it('is tried with growing pauses, for ever', async () => {
    const tries: number[] = [];
    const { work, parked } = workedOnBy(async () => {
      tries.push(performance.now());
      throw locked;
    });
    work.offer(messages('a'));
    await until('it was tried five times', () => tries.length === 5);
    const pauses = tries.slice(1).map((at, n) => at - (tries[n] ?? 0));
    for (const [n, atLeast] of [100, 200, 400, 800].entries())
      expect(pauses[n]).toBeGreaterThanOrEqual(atLeast - 2);
    expect(parked).toEqual([]);
    await work.close(0);
  });

  it('does not hide that others work again, even when the first keys fail for ever', async () => {
    const met: bigint[] = [];
    let away = true;
    const { work } = workedOnBy(oneByOne(met, ({ offset }) => (away || offset < 3n ? locked : undefined)));
    work.offer(messages('abcdefgh'));
    await sleep(50);
    expect(met).toEqual([]);
    away = false;
    await until('all that can work are done', () => met.length === 5);
    expect(met).toEqual([3n, 4n, 5n, 6n, 7n]);
    work.offer(messages('i', 8));
    await until('and what comes later', () => met.length === 6);
    await work.close();
  });

  it('does not stop what comes later, when the only ones there were fail for ever, each of another key', async () => {
    const met: bigint[] = [];
    const { work } = workedOnBy(oneByOne(met, ({ offset }) => (offset < 4n ? locked : undefined)));
    work.offer(messages('abcd'));
    await until('all of them wait', () => work.health().waiting === 4);
    work.offer(messages('efe', 4));
    await until('what came later is done', () => met.length === 3);
    expect(met).toEqual([4n, 5n, 6n]);
    await work.close();
  });

  it('while everything fails, is waited for and not hammered', async () => {
    let calls = 0;
    const { work, parked } = workedOnBy(async () => {
      calls += 1;
      throw locked;
    });
    work.offer(messages(Array.from({ length: 400 }, (_, n) => String.fromCodePoint(0x4e00 + n)).join('')));
    await sleep(1_000);
    expect(calls).toBeLessThan(25);
    expect(work.health().waiting).toBe(400);
    expect(parked).toEqual([]);
    await work.close(0);
  });
});

describe('a message that can never work', () => {
  it('is parked with the reason, and its key goes on', async () => {
    const met: bigint[] = [];
    const { work, parked, commits } = workedOnBy(
      oneByOne(met, ({ offset }) => (offset === 1n ? new NeverWorks('not JSON') : undefined)),
    );
    work.offer(messages('aaa'));
    await until('the others are done', () => met.length === 2);
    await work.close();
    expect(parked).toEqual([{ offset: 1n, why: 'not JSON' }]);
    expect(commits.at(-1)).toBe(3n);
  });

  it('is found without naming it in a batch that is all or nothing, and nothing else is parked', async () => {
    const met: bigint[] = [];
    const { work, parked } = workedOnBy(
      allAtOnce(met, ({ offset }) => (offset === 7n ? new NeverWorks('version 99 is unknown') : undefined)),
    );
    work.offer(messages('abcdefghij'));
    await until('the others are done', () => met.length === 9);
    expect(parked).toEqual([{ offset: 7n, why: 'version 99 is unknown' }]);
    await work.close();
  });

  it('is parked at once where it is named', async () => {
    const calls: number[] = [];
    const met: bigint[] = [];
    const { work, parked } = workedOnBy(async (batch: Batch) => {
      calls.push(batch.messages.length);
      const bad = batch.messages.find(({ key }) => key === 'x');
      if (bad) throw new NeverWorks('not JSON', bad);
      for (const message of batch.messages) {
        met.push(message.offset);
        await batch.done(message);
      }
    });
    work.offer(messages('abxcx'));
    await until('the others are done', () => met.length === 3);
    expect(calls).toEqual([5, 4, 3]);
    expect(parked.map(({ offset }) => offset)).toEqual([2n, 4n]);
    await work.close();
  });

  it('waits, and is not lost, while the parked topic cannot be reached', async () => {
    const met: bigint[] = [];
    const { work, parked, faults } = workedOnBy(
      oneByOne(met, ({ offset }) => (offset === 0n ? new NeverWorks('not JSON') : undefined)),
    );
    faults.park = true;
    work.offer(messages('ab'));
    await until('the other is done', () => met.length === 1);
    expect(work.health()).toMatchObject({ state: 'retrying', why: 'the stream is away', waiting: 1 });
    faults.park = false;
    await until('it is parked', () => parked.length === 1);
    await work.close();
  });
});

describe('a partition that is given up', () => {
  it('has its handler told, and is committed as far as it was done', async () => {
    const met: bigint[] = [];
    const { work, commits } = workedOnBy(async (batch) => {
      for (const message of batch.messages) {
        if (batch.signal.aborted) return;
        await sleep(20);
        met.push(message.offset);
        await batch.done(message);
      }
    });
    work.offer(messages('abcdefgh'));
    await until('it is at work', () => met.length >= 2);
    await work.close();
    expect(met.length).toBeLessThan(8);
    expect(commits.at(-1)).toBe(BigInt(met.length));
  });

  it('is not waited for longer than its grace', async () => {
    let hasEnded = false;
    const { work, commits } = workedOnBy(async (batch) => {
      await batch.done(batch.messages[0]!);
      await sleep(300);
      hasEnded = true;
      await batch.done(batch.messages[1]!);
    });
    work.offer(messages('ab'));
    await until('it is at work', () => commits.length === 1);
    await work.close(50);
    expect(hasEnded).toBe(false);
    await until('it has ended', () => hasEnded);
    await sleep(50);
    expect(commits).toEqual([1n]); // the late one is handled again by the next member
  });

  it('commits nothing more once it is lost', async () => {
    const { work, commits } = workedOnBy(async (batch) => {
      await sleep(50);
      for (const message of batch.messages) await batch.done(message);
    });
    work.offer(messages('ab'));
    await until('it is at work', () => work.busy);
    await sleep(5);
    await work.lose();
    expect(commits).toEqual([]);
  });

  it('keeps its successor waiting until its handler has returned', async () => {
    const order: string[] = [];
    const { work } = workedOnBy(async (batch) => {
      order.push('first begins');
      await sleep(50);
      order.push('first ends');
      for (const message of batch.messages) await batch.done(message);
    });
    work.offer(messages('a'));
    await until('it is at work', () => order.length === 1);
    const on = {
      maxBatch: 10,
      park: async () => undefined,
      commit: async () => undefined,
      roomAgain: () => undefined,
      log: silentLog,
    };
    const handle: Handler = async (batch) => {
      order.push('second begins');
      for (const message of batch.messages) await batch.done(message);
    };
    const next = new PartitionWork({ ...on, handle }, 0n, work.lose());
    next.offer(messages('a'));
    await until('the second was at work', () => order.length === 3);
    expect(order).toEqual(['first begins', 'first ends', 'second begins']);
    await next.close();
  });

  it('commits again what could not be committed', async () => {
    const met: bigint[] = [];
    const { work, commits, faults } = workedOnBy(oneByOne(met));
    faults.commit = true;
    work.offer(messages('ab'));
    await until('both are done', () => met.length === 2);
    expect(commits).toEqual([]);
    faults.commit = false;
    await until('it is committed', () => commits.length > 0);
    expect(commits).toEqual([2n]);
    await work.close();
  });
});

describe('whatever fails, and in whichever batches it comes', () => {
  const plan = fc.record({
    keys: fc.array(fc.constantFrom('a', 'b', 'c', '-'), { minLength: 1, maxLength: 30 }),
    failing: fc.array(fc.nat(29), { maxLength: 6 }), // offsets that fail the first time
    never: fc.array(fc.nat(29), { maxLength: 3 }), // offsets that can never work
    maxBatch: fc.integer({ min: 1, max: 12 }),
    whole: fc.boolean(),
  });

  it('each message is done or parked exactly once, and a key keeps its order', async () => {
    await fc.assert(
      fc.asyncProperty(plan, async ({ keys, failing, never, maxBatch, whole }) => {
        const all = messages(keys.join(''));
        const met: bigint[] = [];
        const failedOnce = new Set<bigint>();
        const fails = ({ offset }: StreamMessage): Error | undefined => {
          if (never.includes(Number(offset))) return new NeverWorks('never');
          if (!failing.includes(Number(offset)) || failedOnce.has(offset)) return undefined;
          failedOnce.add(offset);
          return new Error('once');
        };
        const { work, parked, commits } = workedOnBy((whole ? allAtOnce : oneByOne)(met, fails), {
          maxBatch,
        });
        work.offer(all);
        await until('nothing is open', () => !work.busy);
        await work.close();
        const ended = [...met, ...parked.map(({ offset }) => offset)].sort((a, b) => Number(a - b));
        expect(ended).toEqual(all.map(({ offset }) => offset));
        expect(parked.every(({ offset }) => never.includes(Number(offset)))).toBe(true);
        for (const key of ['a', 'b', 'c']) {
          const ofKey = met.filter((offset) => all[Number(offset)]?.key === key);
          expect(ofKey).toEqual([...ofKey].sort((a, b) => Number(a - b)));
        }
        expect(commits.at(-1)).toBe(BigInt(all.length));
        expect(commits).toEqual([...commits].sort((a, b) => Number(a - b)));
      }),
      { numRuns: 40, seed: 20261121, endOnFailure: true },
    );
  }, 60_000);
});
