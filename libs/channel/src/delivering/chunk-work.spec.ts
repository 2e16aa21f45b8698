import { beforeEach, describe, expect, it } from '@jest/globals';
import { toInstant, type DeliveryId } from '#contracts';
import { DatabaseAway } from '#postgres';
import { silentLog, sleep } from '#runtime';
import { flood, sender as senderId, warning } from '../testing/index.js';
import type { ChunkReports } from '../chunks/chunk-reports.js';
import type { ChunkStore, NotTaken, TakenChunk } from '../chunks/chunk-store.js';
import { ChunkWork } from './chunk-work.js';
import type { Armed, Arming } from '../chunks/arming.js';
import type { DeliveryStore, DueDelivery, Settled } from '../chunks/delivery-store.js';
import { Lane } from '../handing-out/lane.js';
import type { Leases } from '../handing-out/leases.js';
import type { Ready, WindowSender } from './window-sender.js';

const AT = toInstant('2026-11-21T10:00:00.000Z');
const key = { warningId: warning(1), version: 1, act: 'issue' as const, chunk: 3 };
const id = (number: number) => `dlv_${number.toString(16).padStart(32, '0')}` as DeliveryId;
const row = (number: number): DueDelivery =>
  ({ deliveryId: id(number), ordinal: number, attempt: 0, unknowns: 0 }) as DueDelivery;
const chunk = {
  key,
  fence: 2,
  accountId: senderId,
  incidentId: flood,
  urgent: false,
  sending: { ...key, sendUntil: toInstant('2026-11-21T16:00:00.000Z'), message: 'first', severity: 'Minor' },
} as unknown as TakenChunk;

/** What the work did, in order, with a database and a sender that say what a test wants. */
let did: string[];
let taken: TakenChunk | NotTaken;
let takes: number;
let rows: DueDelivery[];
let doubts: DeliveryId[];
let arm: (window: number) => Armed | Error;
let isHeld: () => boolean;
let settled: Settled[];
let settleFails: Error[];
let onSend: () => void;
let work: ChunkWork;
const stop = () => new AbortController();

beforeEach(() => {
  did = [];
  taken = chunk;
  takes = 0;
  rows = [1, 2, 3, 4, 5].map(row);
  doubts = [];
  arm = (window) => ({ armed: BigInt(window), leftMs: 60_000 });
  isHeld = () => true;
  settled = [];
  settleFails = [];
  onSend = () => {};
  let windows = 0;
  const note = (what: string) => Promise.resolve(void did.push(what));
  const chunks: Partial<ChunkStore> = {
    take: () => Promise.resolve(((takes += 1), taken)),
    release: (_, pauseMs = 0) => note(pauseMs === 0 ? 'given back' : 'given back to rest'),
  };
  const deliveries: Partial<DeliveryStore> = {
    due: () => Promise.resolve(rows),
    inDoubt: () => Promise.resolve(doubts),
    unsettled: (_, ids) => Promise.resolve(ids.map((deliveryId) => ({ deliveryId, unknowns: 0 }))),
    settle: (_, window, all) => {
      const error = settleFails.shift();
      if (error !== undefined) return Promise.reject(error);
      settled.push(...all);
      return note(`settled ${all.length}${window === null ? '' : ` of window ${window}`}`);
    },
  };
  const arming: Partial<Arming> = {
    arm: async (_, ids) => {
      const armed = arm((windows += 1));
      if (armed instanceof Error) throw armed;
      did.push('armed' in armed ? `armed ${ids.length}` : `not armed: ${armed.shut}`);
      return armed;
    },
    disarm: (_, ids) => note(`disarmed ${ids.length}`),
  };
  const reports: Partial<ChunkReports> = {
    report: (_, fence) => note(fence === null ? 'reported' : `reported, fence ${fence} back`).then(() => 0),
  };
  const leases: Partial<Leases> = {
    hold: () => ({ held: () => isHeld(), letGo: () => void did.push('let go') }),
  };
  const sender: Partial<WindowSender> = {
    prepare: (_, all) => Promise.resolve({ ready: all.map((one) => ({ row: one }) as Ready), settled: [] }),
    announce: () => {},
    send: async (_, window, mayGoOn) => {
      did.push(mayGoOn() ? `sent ${window.length}` : 'may not write');
      onSend();
      const ref = { id: 'q' };
      return new Map(
        window.map((one) => [one.row.deliveryId, { outcome: 'accepted', ref, at: AT } as const]),
      );
    },
  };
  work = new ChunkWork({
    chunks: chunks as ChunkStore,
    deliveries: deliveries as DeliveryStore,
    arming: arming as Arming,
    reports: reports as ChunkReports,
    leases: leases as Leases,
    sender: sender as WindowSender,
    lanes: { urgent: new Lane(), mild: new Lane() },
    windowSize: 2,
    clock: { now: () => AT },
    log: silentLog,
  });
});

describe('work on a chunk', () => {
  it('arms each window before it is sent, and settles it before the next one is armed', async () => {
    expect(await work.run(key, stop().signal)).toBe('worked');
    expect(did).toEqual([
      'armed 2',
      'sent 2',
      'settled 2 of window 1',
      'armed 2',
      'sent 2',
      'settled 2 of window 2',
      'armed 1',
      'sent 1',
      'settled 1 of window 3',
      'reported, fence 2 back',
      'let go',
    ]);
    expect(settled.map(({ state }) => state)).toEqual([
      'accepted',
      'accepted',
      'accepted',
      'accepted',
      'accepted',
    ]);
  });

  it.each(['busy', 'unheard-of'] as const)('that is %s does nothing', async (why) => {
    taken = why;
    expect(await work.run(key, stop().signal)).toBe(why);
    expect(did).toEqual([]);
  });

  it('that is done says its counts once more: the last report may have been lost', async () => {
    taken = 'done';
    expect(await work.run(key, stop().signal)).toBe('done');
    expect(did).toEqual(['reported']);
  });

  it('settles what a dead worker had armed before anything else', async () => {
    doubts = [id(1)];
    rows = [];
    await work.run(key, stop().signal);
    expect(did).toEqual(['settled 1', 'reported, fence 2 back', 'let go']);
    expect(settled).toMatchObject([{ deliveryId: id(1), state: 'unknown', unknown: true }]);
  });

  it.each(['cancelled', 'superseded', 'expired'] as const)(
    'ends whoever is left when it was %s meanwhile',
    async (shut) => {
      arm = (window) => (window === 1 ? { armed: 1n, leftMs: 60_000 } : { shut, inMs: null });
      await work.run(key, stop().signal);
      expect(did.filter((what) => what.startsWith('sent'))).toEqual(['sent 2']);
      expect(settled.slice(2).map(({ state }) => state)).toEqual(
        Array(3).fill(shut === 'expired' ? 'expired' : 'cancelled'),
      );
    },
  );

  it('touches nothing any more when the chunk is another’s, and keeps none that was its own after all', async () => {
    arm = (window) => (window === 1 ? { armed: 1n, leftMs: 60_000 } : { shut: 'fence-lost', inMs: null });
    await work.run(key, stop().signal);
    expect(settled).toHaveLength(2);
    expect(did.filter((what) => what.startsWith('sent'))).toEqual(['sent 2']);
    // A version may take effect between the refusal and the look for its reason: then the chunk is ours, and nothing else brings its rows.
    expect(did.slice(-4)).toEqual(['not armed: fence-lost', 'reported', 'given back', 'let go']);
  });

  it.each<[string, (stopping: AbortController) => void]>([
    ['the process stops', (stopping) => stopping.abort()],
    ['its lease has run out', () => void (isHeld = () => false)],
  ])('arms no further window once %s, and gives the rest back to be handed out again', async (_, happens) => {
    const stopping = stop();
    onSend = () => happens(stopping);
    await work.run(key, stopping.signal);
    expect(did).toEqual(['armed 2', 'sent 2', 'settled 2 of window 1', 'reported', 'given back', 'let go']);
  });

  it('writes to nobody beyond the end of sending, by the clock of the database', async () => {
    arm = (window) => ({ armed: BigInt(window), leftMs: window === 1 ? 60_000 : 0 });
    await work.run(key, stop().signal);
    expect(did.filter((what) => /^sent|write$/.test(what))).toEqual([
      'sent 2',
      'may not write',
      'may not write',
    ]);
  });

  it('that fails is given back for a rest, and fails', async () => {
    arm = () => new Error('the database is away');
    await expect(work.run(key, stop().signal)).rejects.toThrow('the database is away');
    expect(did).toEqual(['given back to rest', 'let go']);
    // The lane is free again: the next chunk of it is worked on.
    arm = (window) => ({ armed: BigInt(window), leftMs: 60_000 });
    expect(await work.run(key, stop().signal)).toBe('worked');
  });

  it('keeps what the other side said while the database restarts, and goes on: nothing is given back or in doubt', async () => {
    settleFails = [away(), away()];
    await work.run(key, stop().signal);
    expect(did.slice(0, 4)).toEqual(['armed 2', 'sent 2', 'settled 2 of window 1', 'armed 2']);
    expect(did.slice(-2)).toEqual(['reported, fence 2 back', 'let go']);
    expect(settled.map(({ state }) => state)).toEqual(Array(5).fill('accepted'));
  });

  it('takes no chunk of which it still knows more than the record', async () => {
    rows = [row(1)];
    settleFails = Array.from({ length: 1_000 }, away); // for as long as this test needs
    const first = work.run(key, stop().signal);
    while (settleFails.length === 1_000) await sleep(1);
    const second = work.run(key, stop().signal);
    await sleep(5);
    expect([takes, did]).toEqual([1, ['armed 1', 'sent 1']]);
    settleFails = [];
    await Promise.all([first, second]);
    expect(takes).toBe(2);
  });

  it('that cannot know whether a window was armed takes it back: nothing has left, so nobody of it is in doubt', async () => {
    arm = () => away();
    await expect(work.run(key, stop().signal)).rejects.toThrow('does not answer');
    expect(did).toEqual(['disarmed 2', 'given back to rest', 'let go']);
  });
});

const away = () => new DatabaseAway(new Error('terminating connection due to administrator command'));
