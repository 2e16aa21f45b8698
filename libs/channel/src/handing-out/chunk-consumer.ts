import { readChunkPlanned, topics, type ChunkPlanned, type ListChannel, type Mode } from '#contracts';
import type { Log } from '#runtime';
import { eachEvent, type Batch, type EventStream, type Read, type Subscription } from '#stream';
import type { ChunkWork } from '../delivering/chunk-work.js';

/** Chunks that one poll brings: few, so that those of a slow partition do not pile up with one worker. */
const CHUNKS_PER_BATCH = 10;

/**
 * Takes chunks from the channel's two lanes, each with consumers of its own, so that a grave warning never waits behind a
 * long mild one. What it cannot finish now, because somebody holds it or something of it is due later, `DueLoop` finishes.
 */
export class ChunkConsumer {
  private readonly subscriptions: Subscription[] = [];
  private readonly stopping = new AbortController();

  constructor(
    private readonly stream: EventStream,
    private readonly work: ChunkWork,
    private readonly at: { mode: Mode; channel: ListChannel; group: string },
    private readonly log: Log,
  ) {}

  async start(): Promise<void> {
    const { mode, channel, group } = this.at;
    const lanes = [
      { topic: topics(mode).urgentChunks(channel), group: `${group}.urgent` },
      { topic: topics(mode).chunks(channel), group: `${group}.chunks` },
    ];
    for (const lane of lanes.slice(this.subscriptions.length)) {
      const to = { topics: [lane.topic], group: lane.group, maxBatch: CHUNKS_PER_BATCH };
      this.subscriptions.push(await this.stream.subscribe(to, (batch) => this.consume(batch)));
    }
  }

  /** A worker writes to no further recipient; the untouched rest of its window is due at the next start. */
  async close(): Promise<void> {
    this.stopping.abort();
    await Promise.all(this.subscriptions.map((subscription) => subscription.close()));
  }

  private consume(batch: Batch): Promise<void> {
    const stop = AbortSignal.any([batch.signal, this.stopping.signal]);
    const take = async ({ event }: Read<ChunkPlanned>) => {
      const { warningId, version, act, chunk } = event;
      const took = await this.work.run({ warningId, version, act, chunk }, stop);
      return took === 'unheard-of' ? { park: 'this channel never planned that chunk' } : undefined;
    };
    return eachEvent(batch, { read: readChunkPlanned, take, log: this.log }, stop);
  }
}
