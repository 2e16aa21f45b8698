import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { silentLog, sleep } from '#runtime';
import { warning } from '../testing/index.js';
import type { ChunkKey } from '../record/channel-record.js';
import type { ChunkStore } from '../chunks/chunk-store.js';
import { DueLoop } from './due-loop.js';

const key = (chunk: number): ChunkKey => ({ warningId: warning(1), version: 1, act: 'issue', chunk });

/** Chunks that wait, as a database would tell; a chunk that is in hand waits no more. */
class Waiting {
  chunks: number[] = [];
  readonly asked: { urgent: boolean | null; limit: number }[] = [];
  nextMs: number | undefined;
  fails = 0;

  waiting(urgent: boolean | null, limit: number): Promise<ChunkKey[]> {
    this.asked.push({ urgent, limit });
    if (limit < 0) return Promise.reject(new Error('LIMIT must not be negative')); // SQLSTATE 2201W
    if (this.fails-- > 0) return Promise.reject(new Error('the database is away'));
    return Promise.resolve(this.chunks.splice(0, limit).map(key));
  }

  nextDueMs(): Promise<number | undefined> {
    return Promise.resolve(this.nextMs);
  }
}

/** Work that goes on until a test ends it. */
class Works {
  readonly begun: number[] = [];
  readonly stops: AbortSignal[] = [];
  private readonly ends = new Map<number, () => void>();
  private ended = 0;

  readonly run = ({ chunk }: ChunkKey, stop: AbortSignal): Promise<void> => {
    this.begun.push(chunk);
    this.stops.push(stop);
    return new Promise<void>((resolve) => this.ends.set(chunk, resolve)).then(() => void (this.ended += 1));
  };

  end(chunk: number): void {
    this.ends.get(chunk)?.();
  }

  get inHand(): number {
    return this.begun.length - this.ended;
  }
}

describe('what no message of the stream will bring', () => {
  let waiting: Waiting;
  let works: Works;
  let loop: DueLoop;
  const lane = (sideBySide = 2, urgent: boolean | null = true): DueLoop =>
    (loop = new DueLoop(waiting as unknown as ChunkStore, works.run, { urgent, sideBySide }, silentLog));
  const until = async (holds: () => boolean, withinMs = 20_000): Promise<void> => {
    const end = performance.now() + withinMs;
    while (!holds()) {
      if (performance.now() > end) throw new Error('it never came to pass');
      await sleep(5);
    }
  };
  /** Before the half second of the safety net is over: a timer of the test’s own ends first, on a machine that stalls as well. */
  const atOnce = async (holds: () => boolean): Promise<void> => {
    const late = sleep(400).then(() => holds() || Promise.reject(new Error('not before the safety net')));
    await Promise.race([until(holds), late]);
  };
  beforeEach(() => {
    waiting = new Waiting();
    works = new Works();
  });
  afterEach(async () => {
    const stopped = loop.stop();
    for (const chunk of works.begun) works.end(chunk);
    await stopped;
  });

  it('is handed out in its own lane only, as much at a time as the lane takes', async () => {
    waiting.chunks = [1, 2, 3];
    lane(2, false).start();
    await until(() => works.begun.length === 2);
    await sleep(60);
    expect(works.begun).toEqual([1, 2]);
    expect(new Set(waiting.asked.map(({ urgent }) => urgent))).toEqual(new Set([false]));
    works.end(1);
    await until(() => works.begun.length === 3);
  });

  it('is looked for again at once when a chunk is done, although nobody wakes the loop', async () => {
    waiting.chunks = [1];
    lane(1).start();
    await until(() => works.begun.length === 1);
    waiting.chunks = [2];
    works.end(1);
    await atOnce(() => works.begun.length === 2);
  });

  it('is met when it is due', async () => {
    waiting.nextMs = 200;
    const began = performance.now();
    lane().start();
    await until(() => waiting.asked.length >= 1);
    waiting.chunks = [1];
    await atOnce(() => works.begun.length === 1);
    expect(performance.now() - began).toBeGreaterThan(190);
  });

  it('is found by the safety net when nothing is known to be due', async () => {
    lane().start();
    await until(() => waiting.asked.length === 1);
    waiting.chunks = [1];
    await until(() => works.begun.length === 1);
  });

  it('is looked for at once when the loop is woken', async () => {
    waiting.nextMs = 60_000;
    lane().start();
    await until(() => waiting.asked.length === 1);
    waiting.chunks = [1];
    loop.wake();
    await atOnce(() => works.begun.length === 1);
  });

  it('is handed out although the database was away for a moment', async () => {
    waiting.fails = 2;
    waiting.chunks = [1];
    lane().start();
    await until(() => works.begun.length === 1);
  });

  it('and fails does not stop the loop: the next is handed out', async () => {
    waiting.chunks = [1, 2];
    loop = new DueLoop(
      waiting as unknown as ChunkStore,
      (one, stop) => (one.chunk === 1 ? Promise.reject(new Error('a bug')) : works.run(one, stop)),
      { urgent: true, sideBySide: 1 },
      silentLog,
    );
    loop.start();
    await until(() => works.begun.includes(2));
  });

  it('counts a chunk that its planner handed in, so that a lane is never fuller than it may be', async () => {
    lane(1);
    loop.start();
    await loop.hand(key(9), (stop) => works.run(key(9), stop));
    waiting.chunks = [1];
    loop.wake();
    await sleep(80);
    expect(works.begun).toEqual([9]);
    works.end(9);
    await until(() => works.begun.includes(1));
  });

  it('is met at once after more first chunks than the lane takes were handed in, and the first of them is done', async () => {
    lane(1);
    loop.start();
    for (const chunk of [7, 8, 9]) await loop.hand(key(chunk), (stop) => works.run(key(chunk), stop));
    loop.wake();
    await sleep(1_000); // time enough for failed looks to make the pause long
    waiting.chunks = [1];
    for (const chunk of [7, 8, 9]) works.end(chunk);
    await atOnce(() => works.begun.includes(1));
    expect(waiting.asked.filter(({ limit }) => limit < 1)).toEqual([]);
  });

  it('is told to stop, and waited for', async () => {
    waiting.chunks = [1];
    lane().start();
    await until(() => works.begun.length === 1);
    let hasStopped = false;
    const stopping = loop.stop().then(() => (hasStopped = true));
    await sleep(50);
    expect([works.stops[0]?.aborted, hasStopped]).toEqual([true, false]);
    works.end(1);
    await stopping;
    expect(works.inHand).toBe(0);
  });
});
