import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import { silentLog } from '#runtime';
import { Commits } from './commits.js';

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

/** A group's place on a broker that misbehaves on request, and a partition handled up to `handled`. */
function placed(from = 0n) {
  const broker = { place: from, asked: [] as bigint[], says: (): Promise<void> => Promise.resolve() };
  const work = { handled: from };
  const warned: unknown[] = [];
  const commits = new Commits(
    async (next) => {
      broker.asked.push(next);
      await broker.says();
      broker.place = next;
    },
    () => work.handled,
    from,
    { ...silentLog, warn: ({ next }) => void warned.push(next) },
  );
  const handledTo = (next: bigint): void => {
    work.handled = next;
    commits.soon();
  };
  return { broker, commits, handledTo, warned };
}
const pass = (ms: number) => jest.advanceTimersByTimeAsync(ms);
/** An answer that comes when it is told to. */
function held() {
  let letGo = (): void => undefined;
  let refuse = (): void => undefined;
  const answer = new Promise<void>((resolve, reject) => {
    letGo = resolve;
    refuse = () => reject(new Error('the broker is away'));
  });
  return { says: () => answer, letGo, refuse };
}

describe('how far a partition is handled', () => {
  it('is committed a tenth of a second later, not at once', async () => {
    const { broker, handledTo } = placed();
    handledTo(3n);
    await pass(99);
    expect(broker.asked).toEqual([]);
    await pass(1);
    expect(broker.place).toBe(3n);
  });

  it('is committed once for everything that is handled until then', async () => {
    const { broker, handledTo } = placed();
    for (let n = 1n; n <= 50n; n += 1n) {
      handledTo(n);
      await pass(1);
    }
    await pass(100);
    expect(broker.asked).toEqual([50n]);
  });

  it('is committed every tenth of a second while work goes on, so that a kill repeats no more than that', async () => {
    const { broker, handledTo } = placed();
    for (let n = 1n; n <= 100n; n += 1n) {
      handledTo(n);
      await pass(10);
      expect(Number(n) - Number(broker.place)).toBeLessThanOrEqual(11);
    }
    expect(broker.asked.length).toBeGreaterThanOrEqual(9);
    expect(broker.asked.length).toBeLessThanOrEqual(11);
  });

  it('is not committed again while nothing more is handled', async () => {
    const { broker, handledTo } = placed(7n);
    handledTo(7n);
    await pass(1_000);
    expect(broker.asked).toEqual([]);
    handledTo(8n);
    await pass(100);
    handledTo(8n);
    await pass(1_000);
    expect(broker.asked).toEqual([8n]);
  });

  it('is committed one at a time, and what is handled meanwhile follows', async () => {
    const { broker, handledTo } = placed();
    const answer = held();
    broker.says = answer.says;
    handledTo(2n);
    await pass(100);
    handledTo(5n);
    await pass(1_000);
    expect(broker.asked).toEqual([2n]);
    broker.says = () => Promise.resolve();
    answer.letGo();
    await pass(100);
    expect(broker.asked).toEqual([2n, 5n]);
    expect(broker.place).toBe(5n);
  });

  it('is tried again half a second after a commit that failed, with what is handled by then', async () => {
    const { broker, handledTo, warned } = placed();
    broker.says = () => Promise.reject(new Error('the broker is away'));
    handledTo(2n);
    await pass(100);
    expect(warned).toEqual([2n]);
    handledTo(4n);
    broker.says = () => Promise.resolve();
    await pass(499);
    expect(broker.asked).toEqual([2n]);
    await pass(1);
    expect(broker.asked).toEqual([2n, 4n]);
    expect(broker.place).toBe(4n);
  });

  it('is tried for as long as it takes', async () => {
    const { broker, handledTo, warned } = placed();
    broker.says = () => Promise.reject(new Error('the broker is away'));
    handledTo(1n);
    await pass(60_000);
    expect(warned.length).toBeGreaterThan(100);
    expect(warned.length).toBeLessThan(130);
    broker.says = () => Promise.resolve();
    await pass(500);
    expect(broker.place).toBe(1n);
  });
});

describe('the last commit', () => {
  it('does not wait for its tenth of a second', async () => {
    const { broker, commits, handledTo } = placed();
    handledTo(3n);
    await commits.last();
    expect(broker.place).toBe(3n);
    await pass(1_000);
    expect(broker.asked).toEqual([3n]);
  });

  it('is none when everything was committed, or nothing was handled', async () => {
    const { broker, commits, handledTo } = placed(4n);
    handledTo(6n);
    await pass(100);
    await commits.last();
    expect(broker.asked).toEqual([6n]);
    const idle = placed(4n);
    await idle.commits.last();
    expect(idle.broker.asked).toEqual([]);
  });

  it('waits for one that is on its way, and says the rest behind it', async () => {
    const { broker, commits, handledTo } = placed();
    const answer = held();
    broker.says = answer.says;
    handledTo(2n);
    await pass(100);
    handledTo(5n);
    const last = commits.last();
    await pass(50);
    expect(broker.asked).toEqual([2n]);
    broker.says = () => Promise.resolve();
    answer.letGo();
    await last;
    expect(broker.asked).toEqual([2n, 5n]);
  });

  it('makes good for one that was on its way and fails', async () => {
    const { broker, commits, handledTo } = placed();
    const answer = held();
    broker.says = answer.says;
    handledTo(2n);
    await pass(100);
    const last = commits.last();
    broker.says = () => Promise.resolve();
    answer.refuse();
    await last;
    expect(broker.asked).toEqual([2n, 2n]);
    expect(broker.place).toBe(2n);
  });

  it('that fails says so, and leaves no timer behind that would try on', async () => {
    const { broker, commits, handledTo } = placed();
    broker.says = () => Promise.reject(new Error('the broker is away'));
    handledTo(2n);
    await expect(commits.last()).rejects.toThrow('the broker is away');
    await pass(5_000);
    expect(broker.asked).toEqual([2n]);
    expect(jest.getTimerCount()).toBe(0);
  });

  it('counts nothing that a late handler still finishes', async () => {
    const { broker, commits, handledTo } = placed();
    handledTo(2n);
    await commits.last();
    handledTo(3n);
    await pass(5_000);
    expect(broker.place).toBe(2n);
  });
});

describe('a partition that is somebody else’s', () => {
  it('gets no commit of ours any more, waiting, late or last', async () => {
    const { broker, commits, handledTo } = placed();
    handledTo(2n);
    commits.stop();
    await pass(1_000);
    handledTo(3n);
    await pass(1_000);
    await commits.last();
    expect(broker.asked).toEqual([]);
  });

  it('is not asked again when the commit on its way is refused', async () => {
    const { broker, commits, handledTo, warned } = placed();
    const answer = held();
    broker.says = answer.says;
    handledTo(2n);
    await pass(100);
    commits.stop();
    answer.refuse();
    await pass(5_000);
    expect(broker.asked).toEqual([2n]);
    expect(warned).toEqual([]);
  });
});

describe('whatever is handled, fails and takes time', () => {
  const step = fc.oneof(
    fc.record({ does: fc.constant('handle' as const), more: fc.integer({ min: 0, max: 5 }) }),
    fc.record({ does: fc.constant('wait' as const), ms: fc.integer({ min: 0, max: 700 }) }),
    fc.record({ does: fc.constant('answer' as const), well: fc.boolean(), afterMs: fc.nat(300) }),
  );

  it('a commit is never beyond what is handled, never goes back, never doubles up, and in the end nothing is missing', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), fc.boolean(), async (steps, loses) => {
        const { broker, commits, handledTo } = placed();
        let handled = 0n;
        let answer = { well: true, afterMs: 0 };
        let onTheWay = 0;
        broker.says = async () => {
          expect((onTheWay += 1)).toBe(1);
          expect(broker.asked.at(-1)! <= handled).toBe(true);
          const { well, afterMs } = answer;
          await new Promise((resolve) => setTimeout(resolve, afterMs));
          onTheWay -= 1;
          if (!well) throw new Error('the broker is away');
        };
        for (const one of steps) {
          if (one.does === 'handle') handledTo((handled += BigInt(one.more)));
          else if (one.does === 'wait') await pass(one.ms);
          else answer = one;
        }
        answer = { well: true, afterMs: 0 };
        if (loses) commits.stop();
        const before = broker.asked.length;
        const last = commits.last();
        await pass(1_000);
        await last;
        expect(broker.asked).toEqual([...broker.asked].sort((a, b) => Number(a - b)));
        if (loses) expect(broker.asked).toHaveLength(before);
        else expect(broker.place).toBe(handled);
      }),
      { numRuns: 150, seed: 20_261_121 },
    );
  });
});
