import type { Subscriber } from '#audience';
import type { DeliveryId } from '#contracts';
import type { Clock, Log } from '#runtime';
import type { ChunkKey } from '../record/channel-record.js';
import type { ChunkReports } from './chunk-reports.js';
import type { ChunkStore, NotTaken, TakenChunk } from './chunk-store.js';
import type { DeliveryStore, DueDelivery, Settled } from './delivery-store.js';
import type { Lease, Leases } from './leases.js';
import { inDoubt, notSent, settledOf } from './settled-of.js';
import type { Ready, WindowSender } from './window-sender.js';

export type ChunkWorkParts = {
  chunks: ChunkStore;
  deliveries: DeliveryStore;
  reports: ChunkReports;
  leases: Leases;
  sender: WindowSender;
  /** Recipients that are armed together: what is in doubt when this process is killed. */
  windowSize: number;
  clock: Clock;
  log: Log;
};

/** A chunk that was taken as it was planned, with everything that would else be read again. */
export type FirstChunk = {
  chunk: TakenChunk;
  rows: readonly DueDelivery[];
  people: ReadonlyMap<string, Subscriber>;
  /** `performance.now()` from before it was taken. */
  askedAt: number;
};

/** A worker that takes longer tells in between how far it is. */
const REPORT_EVERY_MS = 1_000;

/** Works on one chunk: arm a window, send it, record what became of it, until nothing of it is due. */
export class ChunkWork {
  constructor(private readonly parts: ChunkWorkParts) {}

  /** Works on the chunk until nothing of it is due. Safe to call for any chunk at any time, from any process. */
  async run(key: ChunkKey, stop: AbortSignal): Promise<'worked' | NotTaken> {
    const { chunks, reports, sender } = this.parts;
    const askedAt = performance.now();
    const chunk = await chunks.take(key);
    if (chunk === 'done') await reports.report(key, null);
    if (typeof chunk === 'string') return chunk;
    await this.send(chunk, askedAt, async (lease) => {
      const rows = await this.rowsOf(chunk);
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
    windows: (lease: Lease) => Promise<number>,
  ): Promise<void> {
    const { chunks, reports, leases, log } = this.parts;
    const { key } = chunk;
    const lease = leases.hold(chunk, askedAt);
    try {
      const sent = await windows(lease);
      const pending = await reports.report(key, chunk.fence);
      log.info({ ...key, sent, pending }, 'chunk worked on');
    } catch (error) {
      await chunks.release(chunk).catch(() => {}); // the lease runs out by itself
      throw error;
    } finally {
      lease.letGo();
    }
  }

  /**
   * What is due, once nothing is in doubt any more. Looked up after the chunk was taken, never in the same statement: its snapshot
   * could be older than what the holder before us wrote last.
   */
  private async rowsOf(chunk: TakenChunk): Promise<DueDelivery[]> {
    const { deliveries } = this.parts;
    const [doubts, rows] = await Promise.all([deliveries.inDoubt(chunk), deliveries.due(chunk)]);
    if (doubts.length === 0) return rows;
    await this.settleDoubts(chunk, doubts);
    return deliveries.due(chunk);
  }

  /** What a dead worker had armed may have left: the policy decides, and the mark stays. */
  private async settleDoubts(chunk: TakenChunk, doubts: readonly DeliveryId[]): Promise<void> {
    const { deliveries, clock, log } = this.parts;
    const now = clock.now();
    const rows = await deliveries.unsettled(chunk, doubts);
    log.warn(
      { ...chunk.key, inDoubt: rows.length },
      'a worker died with a window armed: its recipients are unknown',
    );
    const settled = rows.map((row) => inDoubt(row, 'the worker died before it knew', chunk.sending, now, 0));
    await deliveries.settle(chunk, null, settled);
    await deliveries.closeDoubts(chunk);
  }

  private async windows(
    chunk: TakenChunk,
    { ready, settled }: { ready: readonly Ready[]; settled: readonly Settled[] },
    lease: Lease,
    stop: AbortSignal,
  ): Promise<number> {
    const { deliveries, sender, windowSize, reports } = this.parts;
    if (settled.length > 0) await deliveries.settle(chunk, null, settled);
    let reportedAt = performance.now();
    for (let from = 0; from < ready.length && lease.held() && !stop.aborted; from += windowSize) {
      const window = ready.slice(from, from + windowSize);
      const armed = await deliveries.arm(
        chunk,
        window.map(({ row }) => row.deliveryId),
      );
      if ('shut' in armed) {
        if (armed.shut === 'fence-lost') return from;
        await this.giveUp(
          chunk,
          ready.slice(from).map(({ row }) => row),
          armed.shut,
          armed.until,
        );
        return from;
      }
      const outcomes = await sender.send(chunk, window, lease, stop);
      const now = this.parts.clock.now();
      const became = window.map(({ row }) =>
        settledOf(row, outcomes.get(row.deliveryId), chunk.sending, now),
      );
      await deliveries.settle(chunk, armed.armed, became);
      if (performance.now() - reportedAt < REPORT_EVERY_MS || from + windowSize >= ready.length) continue;
      await reports.report(chunk.key, null);
      reportedAt = performance.now();
    }
    return ready.length;
  }

  private async giveUp(
    chunk: TakenChunk,
    rows: readonly DueDelivery[],
    shut: Parameters<typeof notSent>[1],
    until: Parameters<typeof notSent>[2],
  ): Promise<void> {
    const now = this.parts.clock.now();
    const settled: Settled[] = rows.map((row) => notSent(row, shut, until, now));
    await this.parts.deliveries.settle(chunk, null, settled);
    this.parts.log.info({ ...chunk.key, rows: rows.length, shut }, 'not sent: the gate is shut');
  }
}
