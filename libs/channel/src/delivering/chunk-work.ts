import type { Clock, Log } from '#runtime';
import type { ChunkKey } from '../record/channel-record.js';
import type { Arming } from '../chunks/arming.js';
import type { ChunkReports } from '../chunks/chunk-reports.js';
import { REST_MS, type ChunkStore, type NotTaken, type TakenChunk } from '../chunks/chunk-store.js';
import type { DeliveryStore, Settled } from '../chunks/delivery-store.js';
import type { Lane } from '../handing-out/lane.js';
import type { Lease, Leases } from '../handing-out/leases.js';
import type { FirstChunk } from './first-chunk.js';
import { rowsToSend } from './rows-to-send.js';
import { OnRecord } from '../outcomes/on-record.js';
import { notSent, settledOf } from '../outcomes/settled-of.js';
import type { Ready, WindowSender } from './window-sender.js';

export type ChunkWorkParts = {
  chunks: ChunkStore;
  deliveries: DeliveryStore;
  arming: Arming;
  reports: ChunkReports;
  leases: Leases;
  sender: WindowSender;
  /** Grave warnings and cancels have workers of their own: a mild one never takes the turn of a grave one. */
  lanes: Readonly<Record<'urgent' | 'mild', Lane>>;
  /** Recipients that are armed together. */
  windowSize: number;
  clock: Clock;
  log: Log;
};

/** A worker that takes longer tells in between how far it is. */
const REPORT_EVERY_MS = 1_000;

/** How many rows were handed to the sender, and how many nobody has begun: this process stops, or the chunk is no longer its own. */
type Went = { handed: number; left: number };

/** Works on one chunk: arm a window, send it, record what became of it, until nothing of it is due. */
export class ChunkWork {
  private readonly onRecord: OnRecord;

  constructor(private readonly parts: ChunkWorkParts) {
    this.onRecord = new OnRecord(parts.log);
  }

  /** Works on the chunk until nothing of it is due. Safe to call for any chunk at any time, from any process. */
  async run(key: ChunkKey, stop: AbortSignal): Promise<'worked' | NotTaken> {
    const { chunks, reports, sender } = this.parts;
    await this.onRecord.told(key);
    const askedAt = performance.now();
    const chunk = await chunks.take(key);
    if (chunk === 'done') await reports.report(key, null);
    if (typeof chunk === 'string') return chunk;
    await this.send(chunk, askedAt, async (lease) => {
      const rows = await rowsToSend(chunk, this.parts);
      return this.windows(chunk, await sender.prepare(chunk, rows), lease, stop);
    });
    return 'worked';
  }

  /** Goes on with a chunk that its planner took: nobody can have touched its rows before. */
  async goOn({ chunk, rows, people, askedAt }: FirstChunk, stop: AbortSignal): Promise<void> {
    await this.send(chunk, askedAt, async (lease) =>
      this.windows(chunk, await this.parts.sender.prepare(chunk, rows, people), lease, stop),
    );
  }

  /** Sends under the chunk's lease, and reports what became of it. */
  private async send(
    chunk: TakenChunk,
    askedAt: number,
    windows: (lease: Lease) => Promise<Went>,
  ): Promise<void> {
    const { chunks, reports, leases, log } = this.parts;
    const { key } = chunk;
    const lease = leases.hold(chunk, askedAt);
    try {
      const { handed, left } = await windows(lease);
      const pending = await reports.report(key, left > 0 ? null : chunk.fence);
      if (left > 0) await chunks.release(chunk);
      log.info({ ...key, handed, left, pending }, 'chunk worked on');
    } catch (error) {
      await chunks.release(chunk, REST_MS).catch(() => {}); // the lease runs out by itself
      throw error;
    } finally {
      lease.letGo();
    }
  }

  /** One window after the other, each in its turn. */
  private async windows(
    chunk: TakenChunk,
    { ready, settled }: { ready: readonly Ready[]; settled: readonly Settled[] },
    lease: Lease,
    stop: AbortSignal,
  ): Promise<Went> {
    const { deliveries, windowSize, reports, lanes } = this.parts;
    const lane = lanes[chunk.urgent ? 'urgent' : 'mild'];
    if (settled.length > 0) await deliveries.settle(chunk, null, settled);
    let reportedAt = performance.now();
    for (let from = 0; from < ready.length; from += windowSize) {
      const giveBack = await lane.turn(chunk.key.chunk === 0 && from === 0);
      try {
        if (!lease.held() || stop.aborted) return { handed: from, left: ready.length - from };
        const went = await this.window(chunk, ready, from, lease, stop);
        if (went !== 'on') return { handed: from, left: went === 'ended' ? 0 : ready.length - from };
      } finally {
        giveBack();
      }
      if (performance.now() - reportedAt < REPORT_EVERY_MS || from + windowSize >= ready.length) continue;
      await reports.report(chunk.key, null);
      reportedAt = performance.now();
    }
    return { handed: ready.length, left: 0 };
  }

  /**
   * Arms the window that begins at `from`, sends it and records what became of it. `ended`: the rest may not be sent now, and says so.
   * `left`: another's, or the gate opened before it could say why it was shut; whoever holds the chunk goes on.
   */
  private async window(
    chunk: TakenChunk,
    ready: readonly Ready[],
    from: number,
    lease: Lease,
    stop: AbortSignal,
  ): Promise<'on' | 'ended' | 'left'> {
    const { deliveries, arming, sender, windowSize, clock } = this.parts;
    const window = ready.slice(from, from + windowSize);
    const ids = window.map(({ row }) => row.deliveryId);
    const askedAt = performance.now();
    const arm = this.onRecord.arm(chunk, ids, arming, stop);
    sender.announce(chunk, window);
    const armed = await arm;
    if ('shut' in armed) {
      if (armed.shut === 'fence-lost') return 'left';
      await this.giveUp(chunk, ready.slice(from), armed.shut, armed.inMs);
      return 'ended';
    }
    const mayGoOn = (): boolean => lease.held() && performance.now() < askedAt + armed.leftMs;
    const outcomes = await sender.send(chunk, window, mayGoOn, stop);
    const now = clock.now();
    const became = window.map(({ row }) => settledOf(row, outcomes.get(row.deliveryId), chunk.sending, now));
    await this.onRecord.put(chunk.key, () => deliveries.settle(chunk, armed.armed, became), stop);
    return 'on';
  }

  private async giveUp(
    chunk: TakenChunk,
    rows: readonly Ready[],
    shut: Parameters<typeof notSent>[1],
    inMs: Parameters<typeof notSent>[2],
  ): Promise<void> {
    const now = this.parts.clock.now();
    const settled: Settled[] = rows.map(({ row }) => notSent(row, shut, inMs, now));
    await this.parts.deliveries.settle(chunk, null, settled);
    this.parts.log.info({ ...chunk.key, rows: rows.length, shut }, 'not sent: the gate is shut');
  }
}
