import { databaseAway } from '#postgres';
import { BackOff, type Log, type StartingBoard } from '#runtime';

/** A database that comes back is noticed within this; one try in two seconds loads nobody. */
const LONGEST_PAUSE_MS = 2_000;
/** A night without a database must not fill the log. */
const SAY_EVERY_MS = 30_000;

/**
 * What `open` opens, tried again for as long as PostgreSQL does not answer; `board` and log say why it waits. Undefined when `signal`
 * came first. Throws at once what waiting cannot mend: a wrong password or name, the database of the other world, a fault of ours.
 */
export async function untilDatabase<Opened>(
  open: () => Promise<Opened>,
  { board, log }: { board: Pick<StartingBoard, 'waitsFor'>; log: Log },
  signal: AbortSignal,
): Promise<Opened | undefined> {
  const pauses = new BackOff(100, LONGEST_PAUSE_MS);
  for (let sayAt = -Infinity; !signal.aborted; await pauses.wait(signal)) {
    try {
      const opened = await open();
      if (pauses.attempts > 0) log.info({ attempts: pauses.attempts }, 'PostgreSQL answers');
      return opened;
    } catch (error) {
      const away = databaseAway(error);
      if (away === undefined) throw error;
      board.waitsFor('database', away.message);
      if (performance.now() < sayAt) continue;
      log.warn(
        { why: away.message, attempt: pauses.attempts + 1 },
        'PostgreSQL does not answer and is tried again',
      );
      sayAt = performance.now() + SAY_EVERY_MS;
    }
  }
  return undefined;
}
