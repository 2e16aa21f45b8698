import type { Admin, Kafka } from 'kafkajs';
import { within } from '../handling/within.js';

/** Who waits longer than this while closing asks whether there is anybody to wait for. */
const ASK_AFTER_MS = 150;
/** So long the brokers count as lost without being asked again: a process that stops asks once. */
const LOST_FOR_MS = 3_000;
const LET_GO_WITHIN_MS = 200;

/**
 * Whether any broker answers now, asked without the patience that everything else here has. `kafka` is a client of its own that
 * does not try again.
 */
export class KafkaPulse {
  private admin: Admin | undefined;
  private asking: Promise<void> | undefined;
  private lostUntil = -Infinity;

  constructor(private readonly kafka: Kafka) {}

  /** Resolves when a broker answers; throws, with the reason for an operator, when none does. */
  reach(): Promise<void> {
    this.asking ??= this.ask().finally(() => (this.asking = undefined));
    return this.asking;
  }

  /**
   * Waits until `work` has ended, well or not, for as long as there are brokers that it may be waiting for. When there are none the
   * client would go on for minutes: then the answer is `lost`, and whoever closes goes on without it.
   */
  async unlessLost(work: Promise<unknown>): Promise<'ended' | 'lost'> {
    if ((await within(work, ASK_AFTER_MS)) === 'ended') return 'ended';
    const ended = within(work, Infinity).then(() => 'ended' as const);
    return Promise.race([ended, this.lost()]);
  }

  async close(): Promise<void> {
    if (this.admin) await within(this.admin.disconnect(), LET_GO_WITHIN_MS);
  }

  /** Resolves when the brokers do not answer, else never. */
  private async lost(): Promise<'lost'> {
    if (performance.now() > this.lostUntil) {
      // Twice: an answer that came while this process itself was held up counts as late.
      if ((await this.isThere()) || (await this.isThere())) return new Promise(() => undefined);
      this.lostUntil = performance.now() + LOST_FOR_MS;
    }
    return 'lost';
  }

  private isThere(): Promise<boolean> {
    return this.reach().then(
      () => true,
      () => false,
    );
  }

  private async ask(): Promise<void> {
    this.admin ??= this.kafka.admin();
    try {
      await this.admin.connect(); // nothing to do while it is
      await this.admin.describeCluster();
    } catch (error) {
      throw new Error(`Kafka does not answer: ${error instanceof Error ? error.message : String(error)}`, {
        cause: error,
      });
    }
  }
}
