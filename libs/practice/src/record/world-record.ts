import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { ArrivalIndex, isArrival, type Counts } from './arrival-index.js';
import { ByteLog, type Span } from './byte-log.js';
import type { Arrival, Channel, Fact } from './facts.js';
import { Journal } from './journal.js';

/** So many lines are read in one piece when everything is asked for. */
const READ_TOGETHER = 500;

/**
 * The memory of the practice world, in two files of its own: `world.jsonl` (every fact) and `mails.eml` (raw mails).
 * In memory stands only where each arrival lies, so a hundred thousand of them cost a few megabytes.
 */
export class WorldRecord {
  private readonly index = new ArrivalIndex();

  private constructor(
    private readonly journal: Journal<Fact>,
    private readonly mails: ByteLog,
  ) {}

  /** Opens the folder. `recall` comes next, before anything is appended. */
  static async open(dataDir: string): Promise<WorldRecord> {
    await mkdir(dataDir, { recursive: true, mode: 0o700 });
    const journal = await Journal.open<Fact>(join(dataDir, 'world.jsonl'));
    return new WorldRecord(journal, await ByteLog.open(join(dataDir, 'mails.eml')));
  }

  /** Hands every fact of earlier runs to `onFact`, oldest first. */
  recall(onFact: (fact: Fact) => void): Promise<void> {
    return this.journal.recall((fact, span) => {
      if (isArrival(fact)) this.index.note(fact, span);
      onFact(fact);
    });
  }

  /** Answers when the fact can no longer be forgotten: only then may the sender get its answer. */
  async append(fact: Fact): Promise<void> {
    const span = await this.journal.append(fact);
    if (isArrival(fact)) this.index.note(fact, span);
  }

  /** Keeps the raw bytes of a mail; the fact that points at them comes after. */
  appendMail(raw: Buffer): Promise<Span> {
    return this.mails.append(raw);
  }

  readMail(span: Span): Promise<Buffer> {
    return this.mails.read(span);
  }

  counts(): Counts {
    return this.index.counts();
  }

  /** The newest arrivals first, with the position by which `arrival` finds them again. */
  newest(
    most: number,
    channel?: Channel,
    before?: number,
  ): Promise<{ position: number; arrival: Arrival }[]> {
    const found = this.index.newest(most, channel, before);
    return Promise.all(found.map(async (position) => ({ position, arrival: await this.at(position) })));
  }

  /** One arrival by its position, or undefined when nothing has arrived there. */
  async arrival(position: number): Promise<Arrival | undefined> {
    return this.index.span(position) === undefined ? undefined : this.at(position);
  }

  /** Everything that has arrived from a position on, in order, up to what was there when the reading began. */
  async *arrivals(channel?: Channel, from = 0): AsyncGenerator<Arrival> {
    const end = this.index.size;
    for (let first = from; first < end; first += READ_TOGETHER) {
      const wanted = this.index.between(first, Math.min(end, first + READ_TOGETHER), channel);
      const spans = wanted.flatMap((position) => this.index.span(position) ?? []);
      yield* (await this.journal.readTogether(spans)) as Arrival[];
    }
  }

  async close(): Promise<void> {
    await this.mails.close();
    await this.journal.close();
  }

  private async at(position: number): Promise<Arrival> {
    const span = this.index.span(position);
    if (span === undefined) throw new RangeError(`nothing has arrived at position ${position}`);
    return (await this.journal.read(span)) as Arrival;
  }
}
