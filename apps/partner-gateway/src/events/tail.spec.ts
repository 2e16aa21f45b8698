import { afterEach, describe, expect, it } from '@jest/globals';
import { FakeArchive, tailOn } from '../testing/archived.js';
import type { Tail } from './tail.js';

let open: Tail | undefined;
afterEach(() => open?.onApplicationShutdown());

async function on(archive: FakeArchive) {
  const made = await tailOn(archive);
  open = made.tail;
  return made;
}
const positions = async (tail: Tail, after: bigint) =>
  (await tail.after(after)).map(({ event }) => event.position);
const until = async (holds: () => boolean | Promise<boolean>) => {
  for (let tries = 0; tries < 4_000 && !(await holds()); tries += 1)
    await new Promise((resolve) => setTimeout(resolve, 5));
  expect(await holds()).toBe(true);
};

describe('the newest events, as all readers share them', () => {
  it('begin at the archive’s end: what was there before is read from the archive by those who ask for it', async () => {
    const archive = new FakeArchive();
    archive.add(3);
    const { tail } = await on(archive);
    expect(await positions(tail, 3n)).toEqual([]);
    expect(await positions(tail, 1n)).toEqual([2n, 3n]);
  });

  it('are read once when something was added, and then given from memory to everybody', async () => {
    const archive = new FakeArchive();
    const { tail, notify } = await on(archive);
    let news = 0;
    tail.onNews(() => (news += 1));
    archive.add(2);
    notify();
    await until(() => news > 0);
    archive.reads.length = 0;
    for (let reader = 0; reader < 50; reader += 1) expect(await positions(tail, 0n)).toEqual([1n, 2n]);
    expect(archive.reads).toEqual([]);
  });

  it('are noticed without a notification as well: one may be lost with its connection', async () => {
    const archive = new FakeArchive();
    const { tail } = await on(archive);
    let news = 0;
    tail.onNews(() => (news += 1));
    archive.add(1);
    await until(() => news > 0);
    expect(await positions(tail, 0n)).toEqual([1n]);
  });

  it('come in pages, in order and without a hole, however many were added at once', async () => {
    const archive = new FakeArchive();
    const { tail, notify } = await on(archive);
    archive.add(5_200);
    notify();
    await until(async () => (await tail.after(5_199n)).length === 1);
    let at = 0n;
    const seen: bigint[] = [];
    for (;;) {
      const page = await positions(tail, at);
      if (page.length === 0) break;
      expect(page.length).toBeLessThanOrEqual(500);
      seen.push(...page);
      at = page.at(-1) ?? at;
    }
    expect(seen).toEqual(Array.from({ length: 5_200 }, (_, n) => BigInt(n + 1)));
  });

  it('take no more memory than 2,000 of them: who is further behind reads the archive', async () => {
    const archive = new FakeArchive();
    const { tail, notify } = await on(archive);
    archive.add(4_000);
    notify();
    await until(async () => (await tail.after(3_999n)).length === 1);
    archive.reads.length = 0;
    await tail.after(3_000n);
    expect(archive.reads).toEqual([]);
    await tail.after(1_000n);
    expect(archive.reads).toEqual([{ position: 1_000n, limit: 500 }]);
  });

  it('take no more memory than 16 MB of what was published, however large the areas of the drafts are', async () => {
    const archive = new FakeArchive();
    const { tail, notify } = await on(archive);
    archive.add(100, { body: { content: { area: 'x'.repeat(400_000) } } });
    notify();
    await until(async () => (await tail.after(99n)).length === 1);
    archive.reads.length = 0;
    await tail.after(61n);
    expect(archive.reads).toEqual([]);
    await tail.after(1n);
    expect(archive.reads).toEqual([{ position: 1n, limit: 500 }]);
  });

  it('are encoded once for each audience, whoever asks', async () => {
    const archive = new FakeArchive();
    const { tail, notify } = await on(archive);
    archive.add(1);
    notify();
    await until(async () => (await tail.after(0n)).length === 1);
    const [one] = await tail.after(0n);
    const [same] = await tail.after(0n);
    expect(one?.for('partner')).toBe(same?.for('partner'));
    expect(one?.for('partner')).not.toEqual(one?.for('reviewer'));
  });

  it('go on when the database was away for a while', async () => {
    const archive = new FakeArchive();
    const { tail, notify } = await on(archive);
    archive.isAway = true;
    archive.add(2);
    notify();
    await until(() => archive.reads.length > 0);
    archive.isAway = false;
    await until(async () => (await tail.after(0n)).length === 2);
  });

  it('stop with the process, which every reader is told', async () => {
    const archive = new FakeArchive();
    const { tail } = await on(archive);
    let told = 0;
    const forget = tail.onNews(() => (told += 1));
    tail.onNews(() => (told += 10));
    forget();
    tail.onApplicationShutdown();
    expect([tail.hasStopped, told]).toEqual([true, 10]);
  });
});
