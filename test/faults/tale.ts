import { setTimeout as sleep } from 'node:timers/promises';
import { floodContent } from '../../apps/standalone/src/exercise/flood-content.js';
import type { RunningHouse } from '../support/house/form.js';
import { Officers } from '../support/house/officers.js';
import { arrivedSoFar, CHANNELS, differences, evidenceOf } from './evidence.js';
import type { Moment, Step } from './moment.js';
import { due, slowed } from './pace.js';
import { tally, type TalliedChannel, type Tally } from './tally.js';

/** What can be killed and brought back. */
export type Victim = {
  name: string;
  /** The channels that stand still without it, and go on with it. */
  sends: readonly TalliedChannel[];
  kill(): Promise<void>;
  bringBack(): Promise<void>;
};

/** One line of the table. */
export type Told = Tally & {
  victim: string;
  moment: Moment;
  /** How much of the step had arrived by the victim's channels (by all, when it sends by none) when the victim was gone. */
  reached: number;
  /** From the start of the process until it was ready. */
  readyMs: number;
  /** From the same start until something of its channels arrived again; null when nothing was left to arrive. */
  resumedMs: number | null;
  tookMs: number;
};

const SETTLED_WITHIN_MS = 120_000;
/** A step that does not get so far (somebody refuses, somebody is suppressed) is killed after this all the same. */
const LATEST_MS = 20_000;

/**
 * A whole life of one warning with one kill in it: issued, updated, and cancelled or cleared; each step settles before the next.
 * `people` is how many live in the area on each list.
 */
export async function tellWith(
  house: RunningHouse,
  victim: Victim,
  moment: Moment,
  people: number,
): Promise<Told> {
  const officers = new Officers(house);
  const began = performance.now();
  const from = await arrivedSoFar(house);
  const { id, revision } = await officers.draft(
    await officers.incident(`River Conwy flood, ${victim.name} is killed`),
    floodContent('first', Date.now()),
  );
  let reached = -1;
  let readyMs = -1;
  let resumed: Promise<number | null> = Promise.resolve(null);
  const over = new AbortController();
  const broken: string[] = [];
  const watched = victim.sends.length > 0 ? victim.sends : CHANNELS;
  const step = async (name: Step, version: number, act: () => Promise<unknown>) => {
    const before = await arrivedSoFar(house, watched);
    const release = moment.step === name ? await slowed(house, victim.sends, people) : undefined;
    await act();
    if (release !== undefined) {
      // Of a channel its own: else the others' arrivals would let it finish first, and nothing would be interrupted.
      reached = await untilArrived(house, before, Math.floor(moment.share * due(watched, people)), watched);
      await victim.kill();
      await release();
      await sleep(moment.downMs);
      const gone = await arrivedSoFar(house, victim.sends);
      const started = performance.now();
      resumed = arrivesAgain(house, victim.sends, gone, over.signal);
      await victim.bringBack();
      readyMs = Math.round(performance.now() - started);
    }
    const rows = await officers.settled(id, version, CHANNELS, SETTLED_WITHIN_MS);
    if (release !== undefined) over.abort();
    const kept = await evidenceOf(house, id, from);
    const of =
      version === 0 ? ({ version: 0, act: 'cancel' } as const) : ({ version, act: 'issue' } as const);
    broken.push(...differences(kept.rows, of, rows));
  };
  await step('issue', 1, () => officers.issue(id, revision));
  await step('update', 2, () => officers.next(id, floodContent('update', Date.now())));
  if (moment.ending === 'all-clear')
    await step('ending', 3, () => officers.next(id, floodContent('all-clear', Date.now())));
  else
    await step('ending', 0, () =>
      officers.ask(202, 'author', 'POST', `/v1/warnings/${id}/cancel`, { reason: 'the river has dropped' }),
    );
  const steps = ['version 1', 'version 2', moment.ending === 'cancel' ? 'cancel' : 'version 3'] as const;
  const counted = tally(await evidenceOf(house, id, from), steps);
  return {
    ...counted,
    broken: [...broken, ...counted.broken],
    victim: victim.name,
    moment,
    reached,
    readyMs,
    resumedMs: await resumed,
    tookMs: Math.round(performance.now() - began),
  };
}

/** Waits until so many more have arrived by these channels; answers how many there were. */
export async function untilArrived(
  house: RunningHouse,
  before: number,
  wanted: number,
  channels: readonly TalliedChannel[],
): Promise<number> {
  const latest = performance.now() + LATEST_MS;
  for (;;) {
    const now = (await arrivedSoFar(house, channels)) - before;
    if (now >= wanted || performance.now() > latest) return now;
    await sleep(2);
  }
}

/** In how many ms from now something more arrives by these channels; null when it is over before that. */
async function arrivesAgain(
  house: RunningHouse,
  channels: readonly TalliedChannel[],
  before: number,
  over: AbortSignal,
): Promise<number | null> {
  const from = performance.now();
  while (!over.aborted && channels.length > 0) {
    if ((await arrivedSoFar(house, channels)) > before) return Math.round(performance.now() - from);
    await sleep(5);
  }
  return null;
}
