import type { StreamMessage } from '../../event-stream.js';

/** Kept per partition: what a busy minute of one warning publishes, in at most a few hundred kilobytes. */
const MOST_MESSAGES = 256;
const MOST_BYTES = 512 * 1024;

type Run = { messages: StreamMessage[]; bytes: number };

/**
 * The last messages that this process published, so that its own groups need not ask the database for them: where everything
 * runs in one process, that is every message of every group. Only an unbroken run up to the newest is kept for each partition.
 */
export class Recent {
  private readonly runs = new Map<string, Run>();

  /** Keeps messages that are committed, in the order in which they lie. */
  keep(messages: readonly StreamMessage[]): void {
    for (const message of messages) {
      const name = `${message.topic}/${message.partition}`;
      let run = this.runs.get(name);
      const last = run?.messages.at(-1);
      if (!run || last === undefined || last.offset + 1n !== message.offset) run = { messages: [], bytes: 0 };
      this.runs.set(name, run);
      run.messages.push(message);
      run.bytes += message.value.byteLength;
      while (run.messages.length > MOST_MESSAGES || run.bytes > MOST_BYTES)
        run.bytes -= run.messages.shift()?.value.byteLength ?? 0;
    }
  }

  /** Up to `limit` messages from `offset` on, if that one is kept; else none, and the database has to say. */
  from({
    topic,
    partition,
    offset,
    limit,
  }: Pick<StreamMessage, 'topic' | 'partition' | 'offset'> & { limit: number }): StreamMessage[] {
    const messages = this.runs.get(`${topic}/${partition}`)?.messages ?? [];
    const first = messages[0];
    if (!first || offset < first.offset) return [];
    const at = Number(offset - first.offset);
    return messages.slice(at, at + limit);
  }
}
