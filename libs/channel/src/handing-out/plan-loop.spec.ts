import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { silentLog, sleep } from '#runtime';
import { warning } from '../testing/index.js';
import { PlanLoop } from './plan-loop.js';
import type { OpenPlan, PlanKey } from '../planning/open-plan.js';
import type { PlanStore } from '../planning/plan-store.js';

const plan = (number: number): OpenPlan =>
  ({ warningId: warning(number), version: 1, act: 'issue' }) as OpenPlan;

/** Plans that nobody works on, and which were set free again. */
class Open {
  plans: OpenPlan[] = [];
  readonly released: string[] = [];
  takes = 0;
  fails = 0;

  take(): Promise<OpenPlan | undefined> {
    this.takes += 1;
    if (this.fails-- > 0) return Promise.reject(new Error('the database is away'));
    return Promise.resolve(this.plans.shift());
  }

  release({ warningId }: PlanKey): Promise<void> {
    this.released.push(warningId);
    return Promise.resolve();
  }
}

describe('plans that are open', () => {
  let open: Open;
  let loop: PlanLoop;
  let begun: string[];
  let work: (plan: OpenPlan, stop: AbortSignal) => Promise<void>;
  let letAllEnd: () => void;
  beforeEach(() => {
    open = new Open();
    begun = [];
    const end = new Promise<void>((resolve) => (letAllEnd = resolve));
    work = () => end;
    const planner = {
      work: (one: OpenPlan, stop: AbortSignal) => {
        begun.push(one.warningId);
        return work(one, stop);
      },
    };
    loop = new PlanLoop(open as unknown as PlanStore, planner, silentLog);
  });
  afterEach(async () => {
    letAllEnd();
    await loop.stop();
  });
  const until = async (holds: () => boolean, withinMs = 20_000): Promise<void> => {
    const end = performance.now() + withinMs;
    while (!holds()) {
      if (performance.now() > end) throw new Error('it never came to pass');
      await sleep(5);
    }
  };

  it('are worked on side by side: a long list does not hold up the next warning', async () => {
    open.plans = [plan(1), plan(2), plan(3)];
    loop.start();
    await until(() => begun.length === 3);
    expect(open.released).toEqual([]);
  });

  it('are sixteen at the most, and the next begins when one is done', async () => {
    const ends = new Map<string, () => void>();
    work = ({ warningId }) => new Promise<void>((resolve) => ends.set(warningId, resolve));
    open.plans = Array.from({ length: 20 }, (_, n) => plan(n + 1));
    loop.start();
    await until(() => begun.length === 16);
    await sleep(50);
    expect(begun).toHaveLength(16);
    ends.get(warning(1))?.();
    await until(() => begun.length === 17);
    for (const end of ends.values()) end();
    work = () => Promise.resolve();
    await until(() => begun.length === 20);
    for (const end of ends.values()) end();
  });

  it('are begun at once when they are handed in, and whoever hands one in waits a moment and no longer', async () => {
    loop.start();
    const handed = loop.hand(plan(1)).then(() => 'handed in');
    expect(await Promise.race([handed, sleep(500).then(() => 'too late')])).toBe('handed in');
    expect(begun).toEqual([warning(1)]); // its work goes on all the while
  });

  it('are set free for whoever may when they are handed in before the start, or after the stop', async () => {
    await loop.hand(plan(1));
    expect([begun, open.released]).toEqual([[], [warning(1)]]);
    loop.start();
    letAllEnd();
    await loop.stop();
    await loop.hand(plan(2));
    expect([begun, open.released]).toEqual([[], [warning(1), warning(2)]]);
  });

  it('that fail are set free and tried again', async () => {
    work = () => Promise.reject(new Error('the database is away'));
    open.plans = [plan(1)];
    loop.start();
    await until(() => open.released.length === 1);
    open.plans = [plan(1)];
    work = () => Promise.resolve();
    await until(() => begun.length === 2);
  });

  it('are found although looking for them failed', async () => {
    open.fails = 2;
    open.plans = [plan(1)];
    loop.start();
    await until(() => begun.length === 1);
    expect(open.takes).toBeGreaterThanOrEqual(3);
  });

  it('are looked for at once when something may be open, and rarely else', async () => {
    loop.start();
    await until(() => open.takes === 1);
    await sleep(100);
    expect(open.takes).toBe(1);
    open.plans = [plan(1)];
    loop.wake();
    await Promise.race([until(() => begun.length === 1), sleep(900)]); // its own next look is a second after the last
    expect(begun).toHaveLength(1);
  });

  it('are told to stop, and waited for', async () => {
    let stopped: AbortSignal | undefined;
    const ended = new Promise<void>((resolve) => {
      work = async (_, stop) => {
        stopped = stop;
        await sleep(5_000, stop);
        resolve();
      };
    });
    open.plans = [plan(1)];
    loop.start();
    await until(() => begun.length === 1);
    await loop.stop();
    await ended;
    expect(stopped?.aborted).toBe(true);
    expect(open.released).toEqual([warning(1)]);
  });
});
