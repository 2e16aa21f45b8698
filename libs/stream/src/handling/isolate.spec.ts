import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { StreamMessage } from '../event-stream.js';
import { NeverWorks } from '../never-works.js';
import { isolate, orderKey, type Isolating } from './isolate.js';

const messages = (keys: string): StreamMessage[] =>
  [...keys].map((key, n) => ({
    topic: 'exercise.warnings.v1',
    partition: 0,
    offset: BigInt(n),
    key: key === '-' ? '' : key,
    value: new Uint8Array(),
    headers: {},
    eventId: `/larum/test ${n}`,
  }));

/** Whoever keeps the messages: what was called, what is done, parked or failed alone. */
function keeper(
  all: readonly StreamMessage[],
  handle: (messages: readonly StreamMessage[], done: (message: StreamMessage) => void) => unknown,
  { parkFails = false, endsAfter = Infinity } = {},
) {
  const open = new Set(all.map(({ offset }) => offset));
  const calls: number[][] = [];
  const parked: [number, string][] = [];
  const alone = new Map<number, unknown>();
  const on: Isolating = {
    call: async (piece) => {
      calls.push(piece.map(({ offset }) => Number(offset)));
      return handle(piece, ({ offset }) => void open.delete(offset));
    },
    isOpen: ({ offset }) => open.has(offset),
    park: async ({ offset }, why) => {
      if (parkFails) throw new Error('the stream is away');
      parked.push([Number(offset), why]);
      open.delete(offset);
    },
    failedAlone: ({ offset }, error) => {
      const first = !alone.has(Number(offset));
      alone.set(Number(offset), error);
      return first;
    },
    over: () => calls.length >= endsAfter,
  };
  return { on, calls, parked, alone, open: () => [...open].map(Number) };
}

const locked = new Error('a row is locked');
/** All or nothing: fails as a whole when one of `bad` is in it. */
const whole =
  (...bad: number[]) =>
  (piece: readonly StreamMessage[], done: (message: StreamMessage) => void): unknown => {
    if (piece.some(({ offset }) => bad.includes(Number(offset)))) return locked;
    piece.forEach(done);
    return undefined;
  };

describe('a batch that fails', () => {
  it('is called once when nothing is wrong with it', async () => {
    const all = messages('abcd');
    const { on, calls, open } = keeper(all, whole());
    expect(await isolate(all, on)).toBe('tried');
    expect(calls).toEqual([[0, 1, 2, 3]]);
    expect(open()).toEqual([]);
  });

  it('is tried in halves until the bad one has failed alone', async () => {
    const all = messages('abcdefgh');
    const { on, calls, alone, open } = keeper(all, whole(5));
    expect(await isolate(all, on)).toBe('tried');
    expect(calls).toEqual([[0, 1, 2, 3, 4, 5, 6, 7], [0, 1, 2, 3], [4, 5, 6, 7], [4, 5], [4], [5], [6, 7]]);
    expect([...alone]).toEqual([[5, locked]]);
    expect(open()).toEqual([5]);
  });

  it.each([1, 2, 3, 5, 8, 100, 500])('of %i finds one bad message in few calls', async (count) => {
    const all = messages(Array.from({ length: count }, (_, n) => String.fromCodePoint(0x4e00 + n)).join(''));
    const { on, calls, open } = keeper(all, whole(count - 1));
    await isolate(all, on);
    expect(open()).toEqual([count - 1]);
    expect(calls.length).toBeLessThanOrEqual(2 * Math.ceil(Math.log2(count)) + 1);
  });

  it('leaves what stands behind the bad one of the same key, untouched and in order', async () => {
    const all = messages('abaca');
    const { on, alone, open } = keeper(all, whole(0));
    await isolate(all, on);
    expect([...alone.keys()]).toEqual([0]);
    expect(open()).toEqual([0, 2, 4]);
  });

  it('holds nothing back behind one without a key', async () => {
    const all = messages('---');
    const { on, open } = keeper(all, whole(0));
    await isolate(all, on);
    expect(open()).toEqual([0]);
  });

  it('goes on behind what its handler did before it threw', async () => {
    const all = messages('abcd');
    const { on, calls, open } = keeper(all, (piece, done) => {
      for (const message of piece) {
        if (message.offset === 2n) return locked;
        done(message);
      }
      return undefined;
    });
    await isolate(all, on);
    expect(calls).toEqual([[0, 1, 2, 3], [2], [3]]);
    expect(open()).toEqual([2]);
  });

  it('whose last one is left alone tries that one once more by itself before it blames it', async () => {
    const all = messages('ab');
    let calls = 0;
    const { on, alone, open } = keeper(all, (piece, done) => {
      done(piece[0]!);
      return (calls += 1) === 1 ? locked : undefined; // it threw for the batch, not for the message that was left
    });
    await isolate(all, on);
    expect([...alone]).toEqual([]);
    expect(open()).toEqual([]);
  });

  it('although all of it was done is no failure of any message', async () => {
    const all = messages('ab');
    const { on, alone } = keeper(all, (piece, done) => (piece.forEach(done), locked));
    expect(await isolate(all, on)).toBe('tried');
    expect(alone.size).toBe(0);
  });

  it('stops at once when the partition is not ours any more', async () => {
    const all = messages('abcdefgh');
    const { on, calls, alone } = keeper(all, whole(0, 1, 2, 3, 4, 5, 6, 7), { endsAfter: 2 });
    await isolate(all, on);
    expect(calls).toHaveLength(2);
    expect(alone.size).toBe(0);
  });
});

describe('a storm', () => {
  it('is called when three keys fail one after another and nothing works', async () => {
    const all = messages('abcdefghijklmnop');
    const { on, calls, alone } = keeper(all, () => locked);
    expect(await isolate(all, on)).toBe('storm');
    expect(alone.size).toBe(3);
    expect(calls.length).toBeLessThan(12);
  });

  it('is none while something works in between', async () => {
    const all = messages('abcdefgh');
    const { on, alone, open } = keeper(all, whole(0, 1, 3, 4, 6, 7));
    expect(await isolate(all, on)).toBe('tried');
    expect([...alone.keys()]).toEqual([0, 1, 3, 4, 6, 7]);
    expect(open()).toEqual([0, 1, 3, 4, 6, 7]);
  });

  it('is not called for messages that had failed before: they are what is being tried again', async () => {
    const all = messages('abcde');
    const { on, alone } = keeper(all, whole(0, 1, 2, 3, 4));
    for (const { offset } of all) on.failedAlone(all[Number(offset)]!, locked);
    expect(await isolate(all, on)).toBe('tried');
    expect(alone.size).toBe(5);
  });

  it('is waited out, or not, as the caller has patience', async () => {
    const all = messages('abcdefgh');
    const { on, alone } = keeper(all, () => locked);
    await isolate(all, on, Infinity);
    expect(alone.size).toBe(8);
  });
});

describe('a message that can never work', () => {
  const never =
    (...bad: number[]) =>
    (piece: readonly StreamMessage[], done: (message: StreamMessage) => void) => {
      for (const message of piece) {
        if (bad.includes(Number(message.offset))) return new NeverWorks(`no ${message.offset}`, message);
        done(message);
      }
      return undefined;
    };

  it('is parked where it is named, and its own key goes on behind it', async () => {
    const all = messages('aabb');
    const { on, parked, calls, open } = keeper(all, never(0, 3));
    await isolate(all, on);
    expect(parked).toEqual([
      [0, 'no 0'],
      [3, 'no 3'],
    ]);
    expect(calls).toEqual([
      [0, 1, 2, 3],
      [1, 2, 3],
    ]);
    expect(open()).toEqual([]);
  });

  it('stays, with its key behind it, when it cannot be parked, and the others go on', async () => {
    const all = messages('aab');
    const { on, alone, open } = keeper(all, never(0), { parkFails: true });
    await isolate(all, on);
    expect(open()).toEqual([0, 1]);
    expect(alone.get(0)).toEqual(new Error('the stream is away'));
  });

  it('is not believed of a message that was done already: whoever is left is tried', async () => {
    const all = messages('ab');
    const { on, parked, open } = keeper(all, (piece, done) => {
      done(piece[0]!);
      return piece.length > 1 ? new NeverWorks('the first', piece[0]) : undefined;
    });
    await isolate(all, on);
    expect(parked).toEqual([]);
    expect(open()).toEqual([]);
  });

  it('is no storm, however many there are: each was decided', async () => {
    const all = messages('abcdefgh');
    const { on, parked } = keeper(all, never(0, 1, 2, 3, 4, 5, 6, 7));
    expect(await isolate(all, on)).toBe('tried');
    expect(parked).toHaveLength(8);
  });
});

it('whatever fails for whatever key, each message is done, or failed alone, or stands behind one that did', async () => {
  const plan = fc.record({
    keys: fc.array(fc.constantFrom('a', 'b', 'c', 'd', '-'), { minLength: 1, maxLength: 40 }),
    bad: fc.array(fc.nat(39), { maxLength: 8 }),
    allOrNothing: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(plan, async ({ keys, bad, allOrNothing }) => {
      const all = messages(keys.join(''));
      const order: number[] = [];
      const { on, alone, open } = keeper(all, (piece, done) => {
        if (allOrNothing && piece.some(({ offset }) => bad.includes(Number(offset)))) return locked;
        for (const message of piece) {
          if (bad.includes(Number(message.offset))) return locked;
          order.push(Number(message.offset));
          done(message);
        }
        return undefined;
      });
      await isolate(all, on, Infinity);
      for (const left of open()) {
        const blocker = all.find(
          (other) => orderKey(other) === orderKey(all[left]!) && alone.has(Number(other.offset)),
        );
        expect(Number(blocker?.offset)).toBeLessThanOrEqual(left);
      }
      for (const failed of alone.keys()) expect(bad).toContain(failed);
      for (const key of 'abcd') {
        const ofKey = order.filter((offset) => keys[offset] === key);
        expect(ofKey).toEqual([...ofKey].sort((a, b) => a - b));
      }
      expect(new Set(order).size).toBe(order.length);
    }),
    { numRuns: 300, seed: 20_261_121 },
  );
});
