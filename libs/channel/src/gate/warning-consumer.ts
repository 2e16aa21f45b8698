import { readWarningEvent, topics, type Mode, type WarningEvent } from '#contracts';
import { sleep, type Log } from '#runtime';
import { eachEvent, type Batch, type EventStream, type Read, type Subscription } from '#stream';
import type { Intake } from './intake.js';

/** How often a starting service asks how far it has come. */
const ASK_EVERY_MS = 25;

/** Listens to `<mode>.warnings.v1` and keeps the gates. */
export class WarningConsumer {
  private subscription: Subscription | undefined;

  constructor(
    private readonly stream: EventStream,
    private readonly intake: Intake,
    private readonly at: { mode: Mode; group: string },
    private readonly log: Log,
  ) {}

  /**
   * Starts to listen; resolves when everything that stood in the topic at this moment has been handled. Until then nothing
   * may be armed: a service that was away for an hour must not send what was cancelled meanwhile (DESIGN §2.5).
   */
  async start(signal: AbortSignal): Promise<void> {
    const topic = topics(this.at.mode).warnings;
    const ends = await this.stream.endOffsets(topic);
    this.subscription ??= await this.stream.subscribe({ topics: [topic], group: this.at.group }, (batch) =>
      this.consume(batch),
    );
    while (!signal.aborted && !(await this.caughtUp(topic, ends))) await sleep(ASK_EVERY_MS, signal);
    if (!signal.aborted) this.log.info({ topic }, 'caught up with the warnings');
  }

  async close(): Promise<void> {
    await this.subscription?.close();
  }

  private async caughtUp(topic: string, ends: ReadonlyMap<number, bigint>): Promise<boolean> {
    const wanted = [...ends].filter(([, end]) => end > 0n);
    if (wanted.length === 0) return true;
    const committed = await this.stream.committed(topic, this.at.group);
    return wanted.every(([partition, end]) => (committed.get(partition) ?? 0n) >= end);
  }

  private consume(batch: Batch): Promise<void> {
    const take = ({ event, raw, message }: Read<WarningEvent>) =>
      this.intake.take(event, raw, message.eventId);
    return eachEvent(batch, { read: readWarningEvent, take, log: this.log });
  }
}
