import type { Batch, EventStream, Handler, StreamMessage, SubscribeTo } from '#stream';

/** What became of one message: the three exits of a handler (DESIGN §4). */
export type Exit = { offset: bigint; exit: 'done' } | { offset: bigint; exit: 'parked'; why: string };

/** A message of a topic with this body, or with bytes that are none. */
export function messageOf(
  topic: string,
  offset: number,
  body: Readonly<Record<string, unknown>> | string,
): StreamMessage {
  const value = Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
  const eventId = `event ${offset}`;
  return { topic, partition: 0, offset: BigInt(offset), key: 'k', value, headers: {}, eventId };
}

/** A stream that hands its subscribers what a test gives it, and notes by which exit each message left. */
export class FakeStream {
  readonly subscribed: SubscribeTo[] = [];
  readonly exits: Exit[] = [];
  readonly stopping = new AbortController();
  closed = 0;
  ends = new Map<number, bigint>();
  commits = new Map<number, bigint>();
  private readonly handlers: Handler[] = [];

  /** As the port that consumers know. */
  get port(): EventStream {
    return this as unknown as EventStream;
  }

  ensureTopics(): Promise<void> {
    return Promise.resolve();
  }

  subscribe(to: SubscribeTo, handle: Handler): Promise<{ close(): Promise<void> }> {
    this.subscribed.push(to);
    this.handlers.push(handle);
    return Promise.resolve({
      close: () => {
        this.closed += 1;
        return Promise.resolve();
      },
    });
  }

  endOffsets(): Promise<ReadonlyMap<number, bigint>> {
    return Promise.resolve(this.ends);
  }

  committed(): Promise<ReadonlyMap<number, bigint>> {
    return Promise.resolve(this.commits);
  }

  /** Hands a batch to the n-th subscriber; rejects with what the handler throws. */
  async deliver(messages: readonly StreamMessage[], subscriber = 0): Promise<void> {
    const batch: Batch = {
      messages,
      done: ({ offset }) => Promise.resolve(void this.exits.push({ offset, exit: 'done' })),
      park: ({ offset }, why) => Promise.resolve(void this.exits.push({ offset, exit: 'parked', why })),
      beat: () => Promise.resolve(),
      signal: this.stopping.signal,
    };
    await this.handlers[subscriber]?.(batch);
  }
}
