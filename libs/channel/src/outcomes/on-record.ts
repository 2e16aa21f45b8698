import type { DeliveryId } from '#contracts';
import { codeOf, databaseAway } from '#postgres';
import { BackOff, type Log } from '#runtime';
import type { Armed, Arming } from '../chunks/arming.js';
import type { TakenChunk } from '../chunks/chunk-store.js';
import type { ChunkKey } from '../record/channel-record.js';

/** The server undid the whole statement because of somebody else's: `deadlock_detected`, `serialization_failure` (PostgreSQL, Appendix A). */
const UNDONE = new Set(['40P01', '40001']);

const nameOf = ({ warningId, version, act, chunk }: ChunkKey): string =>
  `${warningId}/${version}/${act}/${chunk}`;

/**
 * Brings onto the record what only this process knows of a chunk: the other side has answered, and a database that restarts must not
 * make a doubt of it. What is put must be safe to repeat.
 */
export class OnRecord {
  private readonly writing = new Map<string, Promise<unknown>>();

  constructor(private readonly log: Log) {}

  /**
   * Repeats `write` until it works, at most a second apart. Throws what trying again cannot help, and when `stop` is aborted the
   * error of one last try, or that it was not answered within a second.
   */
  async put<T>(key: ChunkKey, write: () => Promise<T>, stop: AbortSignal): Promise<T> {
    const name = nameOf(key);
    const end = afterStop(stop);
    const writing = Promise.race([this.keepTrying(key, write, stop), end.late]);
    this.writing.set(name, writing);
    try {
      return await writing;
    } finally {
      end.forget();
      if (this.writing.get(name) === writing) this.writing.delete(name);
    }
  }

  /**
   * Resolves when nothing of this chunk is being written. A lease runs out while a database restarts: then this process must not take
   * its own chunk again, and find in doubt what it knows.
   */
  async told(key: ChunkKey): Promise<void> {
    await this.writing.get(nameOf(key))?.catch(() => {}); // whoever put it is told
  }

  /**
   * Arms a window. When the answer is lost it may be armed all the same, and this process knows that nothing has left under it: it is
   * taken back, so that nobody is in doubt, and the error is thrown on. One that the server commits only after that stays in doubt.
   */
  async arm(
    chunk: TakenChunk,
    ids: readonly DeliveryId[],
    arming: Arming,
    stop: AbortSignal,
  ): Promise<Armed> {
    try {
      return await arming.arm(chunk, ids);
    } catch (error) {
      if (databaseAway(error) !== undefined) await this.put(chunk.key, () => arming.disarm(chunk, ids), stop);
      throw error;
    }
  }

  private async keepTrying<T>(key: ChunkKey, write: () => Promise<T>, stop: AbortSignal): Promise<T> {
    const pauses = new BackOff(50, 1_000);
    for (;;) {
      const isLast = stop.aborted && pauses.attempts > 0;
      try {
        return await write();
      } catch (error) {
        if (isLast || (databaseAway(error) === undefined && !UNDONE.has(codeOf(error)))) throw error;
        this.log.warn(
          { error, ...key, attempt: pauses.attempts + 1 },
          'what became of a window is not on record yet: it is written again',
        );
        await pauses.wait(stop);
      }
    }
  }
}

/** A clean stop has three seconds for everything: a database that does not even refuse is not waited for any longer. */
const LAST_WITHIN_MS = 1_000;

/** Rejects so long after the stop, unless it is forgotten before. */
function afterStop(stop: AbortSignal): { late: Promise<never>; forget: () => void } {
  let timer: NodeJS.Timeout | undefined;
  let begin = (): void => {};
  const late = new Promise<never>((_, reject) => {
    const error = new Error(
      'the database did not answer before the stop: what became of a window is in doubt',
    );
    begin = () => void (timer = setTimeout(() => reject(error), LAST_WITHIN_MS));
  });
  late.catch(() => {});
  stop.addEventListener('abort', begin, { once: true });
  if (stop.aborted) begin();
  const forget = () => {
    stop.removeEventListener('abort', begin);
    clearTimeout(timer);
  };
  return { late, forget };
}
