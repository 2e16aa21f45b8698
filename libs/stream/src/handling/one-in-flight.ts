import type { OutgoingRecord, Placed } from '../event-stream.js';

/** A record with its value as bytes. */
export type ReadyRecord = Omit<OutgoingRecord, 'value'> & { value: Uint8Array };

/** Most records and bytes of one send. Kafka's own limit of a batch is 1,048,588 bytes (`message.max.bytes`). */
const MOST_RECORDS = 1_000;
const MOST_BYTES = 900_000;
/** Longest key and value together, headers counted in. The same on both adapters, so that a move between them refuses nothing. */
export const MOST_RECORD_BYTES = 900_000;
/** What parking adds, some kilobytes, is not counted: whatever could be published can be parked as well. */
const NOT_COUNTED: readonly string[] = ['parked_why', 'parked_by', 'parked_from'];

type Call = { placed: Placed[]; open: number; resolve(placed: Placed[]): void; reject(error: unknown): void };
type Item = { record: ReadyRecord; bytes: number; call: Call; place: number };

/**
 * Sends records one batch at a time, so that records of one key cannot overtake each other, and whatever was handed in
 * while a send was on its way goes out together with the next. When a send fails, everything behind it is refused as well:
 * nothing may overtake what its publisher will hand in again.
 */
export class OneInFlight {
  private waiting: Item[] = [];
  private sending: Promise<void> | undefined;

  constructor(private readonly send: (records: readonly ReadyRecord[]) => Promise<readonly Placed[]>) {}

  publish(records: readonly OutgoingRecord[]): Promise<Placed[]> {
    if (records.length === 0) return Promise.resolve([]);
    const ready = records.map(weigh);
    return new Promise((resolve, reject) => {
      const call: Call = { placed: [], open: records.length, resolve, reject };
      for (const [place, { record, bytes }] of ready.entries())
        this.waiting.push({ record, bytes, call, place });
      this.sending ??= this.sendAll();
    });
  }

  /** Resolves when nothing is on its way. */
  async idle(): Promise<void> {
    await this.sending;
  }

  private async sendAll(): Promise<void> {
    await Promise.resolve(); // whatever is published in the same turn goes out together
    while (this.waiting.length > 0) {
      const batch = this.waiting.splice(0, fitting(this.waiting));
      try {
        const placed = await this.send(batch.map((item) => item.record));
        for (const [n, item] of batch.entries()) settle(item, placed[n]);
      } catch (error) {
        const refused = new Set([...batch, ...this.waiting].map((item) => item.call));
        this.waiting = [];
        for (const call of refused) call.reject(error);
      }
    }
    this.sending = undefined;
  }
}

function settle({ call, place }: Item, placed: Placed | undefined): void {
  if (!placed)
    return call.reject(new Error('the stream did not say where a record came to lie: publish it again'));
  call.placed[place] = placed;
  call.open -= 1;
  if (call.open === 0) call.resolve(call.placed);
}

function fitting(items: readonly Item[]): number {
  let bytes = 0;
  let count = 0;
  for (const item of items.slice(0, MOST_RECORDS)) {
    bytes += item.bytes;
    if (count > 0 && bytes > MOST_BYTES) break;
    count += 1;
  }
  return count;
}

function weigh(outgoing: OutgoingRecord): { record: ReadyRecord; bytes: number } {
  const { topic, key, value, headers } = outgoing;
  const bytes = bytesOf(outgoing);
  if (bytes > MOST_RECORD_BYTES)
    throw new RangeError(
      `a record for ${topic} has ${bytes} bytes; at most ${MOST_RECORD_BYTES} travel: send a reference`,
    );
  return {
    record: { topic, key, value: typeof value === 'string' ? Buffer.from(value) : value, headers },
    bytes,
  };
}

/** How large a record counts as. */
export function bytesOf({ key, value, headers }: Pick<OutgoingRecord, 'key' | 'value' | 'headers'>): number {
  let bytes = Buffer.byteLength(value) + Buffer.byteLength(key);
  for (const [name, text] of Object.entries(headers))
    if (!NOT_COUNTED.includes(name)) bytes += Buffer.byteLength(name) + Buffer.byteLength(text);
  return bytes;
}
