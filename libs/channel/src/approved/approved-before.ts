import { readWarningEvent, topics, type Channel, type Mode, type WarningId } from '#contracts';
import { quoted, type Database } from '#postgres';
import type { Log } from '#runtime';
import type { EventStream, StreamMessage } from '#stream';
import { notWhatWasApproved } from './check-approved.js';
import type { Gates } from '../gate/gates.js';

export type ApprovedBeforeParts = {
  db: Database;
  stream: Pick<EventStream, 'endOffsets' | 'read'>;
  gates: Pick<Gates, 'raise'>;
  at: { schema: string; mode: Mode; channel: Channel };
  log: Log;
};

type Stored = { warningId: WarningId; version: number };
const nameOf = ({ warningId, version }: Stored): string => `${warningId} v${version}`;
/** Events that are read at a time. */
const AT_ONCE = 200;

/**
 * Versions that a build without the table `approved` has stored have nothing that they could be held against, and would all be
 * refused: an upgrade in the middle of a warning would end it, and no cancel would reach those who have it. Each is looked for on
 * the stream, and what was approved is taken from the event itself, once its hashes are found to be right.
 */
export class ApprovedBefore {
  constructor(private readonly parts: ApprovedBeforeParts) {}

  /** Reads the topic of warnings once from its beginning, and only when something is missing. May be repeated, also by several processes. */
  async find(stop: AbortSignal): Promise<void> {
    const { stream, at, log } = this.parts;
    const missing = new Set((await this.missing()).map(nameOf));
    if (missing.size === 0) return;
    const stored = missing.size;
    const topic = topics(at.mode).warnings;
    for (const [partition, end] of await stream.endOffsets(topic)) {
      let offset = 0n;
      while (offset < end && missing.size > 0 && !stop.aborted) {
        const messages = await stream.read({ topic, partition, offset, limit: AT_ONCE });
        for (const message of messages) await this.look(message, missing);
        offset = (messages.at(-1)?.offset ?? end) + 1n;
      }
    }
    if (stop.aborted) return;
    log.info(
      { found: stored - missing.size },
      'versions stored by an earlier build are held against their events',
    );
    if (missing.size > 0)
      log.error(
        { versions: [...missing] },
        'versions stored by an earlier build are not on the stream any more: nothing of them is sent, issue them anew',
      );
  }

  private async look(message: StreamMessage, missing: Set<string>): Promise<void> {
    const found = readWarningEvent(message.value);
    if (found.read !== 'event' || found.event.type !== 'WarningIssued') return;
    const { event, raw } = found;
    if (!missing.has(nameOf(event))) return;
    if (notWhatWasApproved(raw, event, this.parts.at) !== undefined) return; // the genuine one may stand behind a forged one
    await this.parts.gates.raise(event, 'here'); // it is stored and planned already: of all this, only the hashes are new
    missing.delete(nameOf(event));
  }

  private async missing(): Promise<Stored[]> {
    const { db, at } = this.parts;
    const [sending, approved] = ['sending', 'approved'].map((name) => `${quoted(at.schema)}.${name}`);
    return db.query<Stored>(
      `select s.warning_id as "warningId", s.version from ${sending} s left join ${approved} a using (warning_id, version)
       where s.act = 'issue' and a.warning_id is null`,
    );
  }
}
