import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { whyNoOwnBroker } from '../support/kafka/find-broker.js';
import { cancelledMeanwhile } from './cancelled-meanwhile.js';
import { doomedDistributed, doomedStandalone, KILLED_IN_TURN, type DoomedHouse } from './houses.js';
import { momentOf, STEPS, type Step } from './moment.js';
import { tellWith, type Told } from './tale.js';

const whyNot = await whyNoOwnBroker();
if (whyNot !== undefined) console.warn(`NOT KILLED on Kafka: ${whyNot}`);

/** `npm run crash` has the long form, with a fresh seed each time. */
const SEED = process.env['CRASH_SEED'] ?? 'conwy';
const PEOPLE = 200;
/** Of three in a row, which try each step once, the first issue and the end. */
const MOMENTS = [0, 1, 2]
  .map((n) => ({ n, step: momentOf(SEED, n).step }))
  .filter(({ step }) => step !== 'update');
const UP_WITHIN_MS = 240_000;
const TOLD_WITHIN_MS = 480_000;

/** Of two lists of 200 and three steps each, 1,200: a few are refused, and few let themselves be taken off. */
const FEWEST = 2.5 * 2 * PEOPLE;
/** A later moment may find that everything has left. */
const LATEST_SHARE = 0.8;
const TRIES = 3;

function isWhole(told: Told): void {
  const { victim, moment, broken, deliveries, arrived } = told;
  expect({ seed: SEED, victim, moment, broken }).toEqual({ seed: SEED, victim, moment, broken: [] });
  // A tally of nothing would have nothing broken either.
  expect(deliveries).toBeGreaterThan(FEWEST);
  expect(arrived).toBeGreaterThan(FEWEST);
}

/** A life with the n-th moment in it; the step that was hit. Who sends to a list must have been interrupted at it. */
async function kill({ house, victims, people }: DoomedHouse, name: string, n: number): Promise<Step> {
  const victim = victims.find((one) => one.name === name);
  if (victim === undefined) throw new Error(`there is no ${name} here`);
  const moment = momentOf(SEED, n);
  const isList = victim.sends.some((channel) => channel !== 'social');
  for (let tries = 1; ; tries += 1) {
    const told = await tellWith(
      house,
      victim,
      { ...moment, share: Math.min(moment.share, LATEST_SHARE) },
      people,
    );
    isWhole(told);
    if (!isList || told.resumedMs !== null) return moment.step;
    // This machine had us look so late that everything had left: nothing was interrupted, and nothing was tried.
    if (tries === TRIES) throw new Error(`${name} had nothing left to send at its kill, ${TRIES} times`);
  }
}

describe(`a standalone that is killed while a warning goes out (seed ${SEED})`, () => {
  let doomed: DoomedHouse;
  beforeAll(async () => {
    doomed = await doomedStandalone(SEED, PEOPLE);
  }, UP_WITHIN_MS);
  afterAll(() => doomed?.close(), 90_000);

  it.each(MOMENTS.map(({ n, step }) => [step, n] as const))(
    'loses nobody, and warns nobody twice without the mark: in its %s (moment %i)',
    async (step, n) => expect(await kill(doomed, 'standalone', n)).toBe(step),
    TOLD_WITHIN_MS,
  );
});

(whyNot === undefined ? describe : describe.skip)(
  `one process per app, on Kafka, killed in turn (seed ${SEED})`,
  () => {
    let doomed: DoomedHouse;
    const hit = new Set<Step>();
    beforeAll(async () => {
      doomed = await doomedDistributed(SEED, PEOPLE);
    }, UP_WITHIN_MS);
    afterAll(() => doomed?.close(), 90_000);

    it.each(KILLED_IN_TURN.map((name, n) => [name, n] as const))(
      '%s: nobody is lost, and nobody is warned twice without the mark',
      async (name, n) => void hit.add(await kill(doomed, name, n)),
      TOLD_WITHIN_MS,
    );

    it('every step of a warning’s life was hit', () => expect(hit).toEqual(new Set(STEPS)));

    it.each([
      ['before it was issued', 0],
      ['when some had been warned', 0.3],
    ])(
      'a channel that went down %s sends nothing of it when it comes back to a cancel',
      async (_, share) => {
        const { before, after, cancels, broken } = await cancelledMeanwhile(doomed, share);
        expect({ after, broken }).toEqual({ after: 0, broken: [] });
        // Whoever got it is told that it is withdrawn, and nobody who cannot have got it.
        if (share === 0) return expect([before, cancels]).toEqual([0, 0]);
        expect(before).toBeGreaterThan(0);
        expect(before).toBeLessThan(PEOPLE * 0.9); // not everybody: a few numbers are refused, and never count
        return expect(cancels).toBeGreaterThanOrEqual(before * 0.9); // some opt out in between
      },
      TOLD_WITHIN_MS,
    );
  },
);
