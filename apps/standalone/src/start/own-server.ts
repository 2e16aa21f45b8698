import { databaseAway } from '#postgres';
import { BackOff } from '#runtime';

/** Our own server is there, so it answers; after a kill, on a machine that has much to do, it takes its time. */
const ANSWERS_WITHIN_MS = 20_000;
const LONGEST_PAUSE_MS = 1_000;

/**
 * What `open` opens on the server that we have just started ourselves: tried again while it cuts us off or does not answer, for at
 * most `withinMs`. Throws the last reason then, and at once what waiting cannot mend.
 */
export async function onOwnServer<Opened>(
  open: () => Promise<Opened>,
  withinMs = ANSWERS_WITHIN_MS,
): Promise<Opened> {
  const until = performance.now() + withinMs;
  const pauses = new BackOff(100, LONGEST_PAUSE_MS);
  for (;;) {
    try {
      return await open();
    } catch (error) {
      if (databaseAway(error) === undefined || performance.now() >= until) throw error;
      await pauses.wait();
    }
  }
}
