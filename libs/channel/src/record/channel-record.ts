import type { Act, Channel, Instant, NewEvent, WarningId } from '#contracts';
import { EventRecord, type AlsoWrite, type Database } from '#postgres';
import type { Clock } from '#runtime';

/** A fact of a channel before it has a place in its stream. */
export type Fact = { type: string; at: Instant; [field: string]: unknown };

/** The record of one channel service: what it planned, sent and heard, and the outbox of its relay. */
export class ChannelRecord {
  readonly record: EventRecord;
  private readonly event: string;

  constructor(
    private readonly db: Database,
    readonly schema: string,
    readonly app: string,
    readonly clock: Clock,
  ) {
    this.record = new EventRecord(db, schema);
    this.event = `"${schema}".event`;
  }

  /** The fact as `revision` of its stream. */
  newEvent(streamId: string, revision: number, fact: Fact): NewEvent {
    const { at, type } = fact;
    return { streamId, revision, type, time: at, actor: `/larum/${this.app}`, traceparent: null, body: fact };
  }

  /** Appends facts at these very revisions. False when somebody else was there first: then nothing was written. */
  async appendAt(events: readonly NewEvent[], also: readonly AlsoWrite[] = []): Promise<boolean> {
    const appended = await this.record.append({ facts: events, also });
    return appended.kind === 'appended';
  }

  /** Appends facts to the end of a stream, wherever that is by now. */
  async appendNext(streamId: string, facts: readonly Fact[], also: readonly AlsoWrite[] = []): Promise<void> {
    for (;;) {
      const [row] = await this.db.query<{ last: number }>(
        `select coalesce(max(revision), 0)::int as last from ${this.event} where stream_id = $1`,
        [streamId],
      );
      const events = facts.map((fact, n) => this.newEvent(streamId, (row?.last ?? 0) + n + 1, fact));
      if (await this.appendAt(events, also)) return;
    }
  }
}

/** `wrn_…/<channel>`: the gate and the plan of one warning on one channel (DESIGN §6). */
export const warningStream = (warningId: WarningId, channel: Channel): string => `${warningId}/${channel}`;

/** One chunk of work: recipients of a list channel, or the posts of one account. */
export type ChunkKey = { warningId: WarningId; version: number; act: Act; chunk: number };

/** `wrn_…/v1/issue/<channel>/<chunk>`: one stream per chunk, so that workers never meet on a revision (DESIGN §6). */
export const chunkStream = (key: ChunkKey, channel: Channel): string =>
  `${key.warningId}/v${key.version}/${key.act}/${channel}/${key.chunk}`;
