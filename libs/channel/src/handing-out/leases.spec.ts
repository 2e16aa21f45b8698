import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { silentLog } from '#runtime';
import { warning } from '../testing/index.js';
import { LEASE_MS, type ChunkStore, type TakenChunk } from '../chunks/chunk-store.js';
import { Leases } from './leases.js';

const chunk = (number: number): TakenChunk =>
  ({ key: { warningId: warning(1), version: 1, act: 'issue', chunk: number }, fence: 3 }) as TakenChunk;

/** A store of leases that says what a test wants, and remembers which it was asked to keep. */
class Store {
  readonly kept: number[] = [];
  answer: () => Promise<boolean> = () => Promise.resolve(true);

  keep({ key }: Pick<TakenChunk, 'key' | 'fence'>): Promise<boolean> {
    this.kept.push(key.chunk);
    return this.answer();
  }
}

describe('the lease of a chunk', () => {
  let store: Store;
  let leases: Leases;
  beforeEach(() => {
    jest.useFakeTimers();
    store = new Store();
    leases = new Leases(store as unknown as ChunkStore, silentLog);
  });
  afterEach(() => {
    jest.useRealTimers();
  });
  const pass = (ms: number) => jest.advanceTimersByTimeAsync(ms);

  it('is held as long as it is kept up', async () => {
    const lease = leases.hold(chunk(1), performance.now());
    await pass(10 * LEASE_MS);
    expect(lease.held()).toBe(true);
    expect(store.kept.length).toBeGreaterThanOrEqual(40); // four times in its life
    lease.letGo();
  });

  it('is given up a little before the database would let it go, counted from before it was asked for', async () => {
    store.answer = () => new Promise(() => {}); // the database does not answer any more
    const askedAt = performance.now();
    await pass(500); // so long the taking itself took
    const lease = leases.hold(chunk(1), askedAt);
    await pass(LEASE_MS - 500 - 301);
    expect(lease.held()).toBe(true);
    await pass(2);
    expect(lease.held()).toBe(false);
    lease.letGo();
  });

  it('is gone at once when somebody else has it', async () => {
    store.answer = () => Promise.resolve(false);
    const lease = leases.hold(chunk(1), performance.now());
    await pass(LEASE_MS / 4);
    expect(lease.held()).toBe(false);
    lease.letGo();
  });

  it('outlives a database that fails once, and not one that goes on failing', async () => {
    let fails = 1;
    store.answer = () =>
      fails-- > 0 ? Promise.reject(new Error('connection reset')) : Promise.resolve(true);
    const lease = leases.hold(chunk(1), performance.now());
    await pass(2 * LEASE_MS);
    expect(lease.held()).toBe(true);
    fails = 1_000;
    await pass(LEASE_MS);
    expect(lease.held()).toBe(false);
    lease.letGo();
  });

  it('counts from when it was asked to be kept, not from when the answer came', async () => {
    const lease = leases.hold(chunk(1), performance.now());
    store.answer = () => new Promise((resolve) => void setTimeout(() => resolve(true), LEASE_MS));
    await pass(LEASE_MS / 4 + LEASE_MS - 301); // the first answer comes 301 ms later
    expect(lease.held()).toBe(false);
    lease.letGo();
  });

  it('is kept up no longer when it was let go, and the others are', async () => {
    const [one, two] = [leases.hold(chunk(1), performance.now()), leases.hold(chunk(2), performance.now())];
    one.letGo();
    await pass(LEASE_MS / 4);
    expect(store.kept).toEqual([2]);
    two.letGo();
    await pass(LEASE_MS);
    expect(store.kept).toEqual([2]);
    expect(jest.getTimerCount()).toBe(0); // a process can end
  });
});
