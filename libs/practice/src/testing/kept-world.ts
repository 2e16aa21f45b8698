import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Faults } from '../platform/faults.js';
import type { World } from '../platform/world.js';
import type { Arrival, Fact } from '../record/facts.js';
import { WorldRecord } from '../record/world-record.js';

/** What one part of the practice world needs, without its doors: a folder, the faults, and a clock that the spec moves. For specs. */
export class KeptWorld implements World {
  readonly faults = new Faults();

  private constructor(
    readonly dataDir: string,
    public record: WorldRecord,
    /** Milliseconds of the epoch. */
    public clock: number,
  ) {}

  /** An empty one, at this moment. */
  static async begin(clock = Date.parse('2026-11-21T14:00:00.000Z')): Promise<KeptWorld> {
    const dataDir = await mkdtemp(join(tmpdir(), 'larum-kept-world-'));
    return new KeptWorld(dataDir, await WorldRecord.open(dataDir), clock);
  }

  readonly now = (): number => this.clock;

  /** As a restart finds it: the parts are told what was kept, oldest first. */
  async again(...parts: readonly { replay(fact: Fact): void }[]): Promise<void> {
    await this.record.close();
    this.record = await WorldRecord.open(this.dataDir);
    await this.record.recall((fact) => parts.forEach((part) => part.replay(fact)));
  }

  /** Everything that has come from outside, oldest first. */
  async arrived<Kind extends Arrival = Arrival>(): Promise<Kind[]> {
    const all: Arrival[] = [];
    for await (const arrival of this.record.arrivals()) all.push(arrival);
    return all as Kind[];
  }

  async end(): Promise<void> {
    await this.record.close();
    await rm(this.dataDir, { recursive: true });
  }
}
