import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { whyNoOwnBroker } from '../support/kafka/find-broker.js';
import { cancelledMeanwhile } from './cancelled-meanwhile.js';
import { doomedDistributed, doomedStandalone, KILLED_IN_TURN, type DoomedHouse } from './houses.js';
import { momentOf, tellWith, type Told } from './tale.js';

const whyNot = await whyNoOwnBroker();
if (whyNot !== undefined) console.warn(`NOT KILLED on Kafka: ${whyNot}`);

/** `npm run crash` has the long form, with a fresh seed each time. */
const SEED = process.env['CRASH_SEED'] ?? 'llanrwst';
const PEOPLE = 200;
const UP_WITHIN_MS = 240_000;
const TOLD_WITHIN_MS = 240_000;

function isWhole(told: Told): void {
  expect({ seed: SEED, victim: told.victim, moment: told.moment, broken: told.broken }).toEqual({
    seed: SEED,
    victim: told.victim,
    moment: told.moment,
    broken: [],
  });
  // 200 people and 4 posts, three steps each: a tally of nothing would have nothing broken either.
  expect(told.deliveries).toBeGreaterThan(2 * PEOPLE);
  expect(told.arrived).toBeGreaterThan(2 * PEOPLE);
}

async function kill({ house, victims, people }: DoomedHouse, name: string, n: number): Promise<Told> {
  const victim = victims.find((one) => one.name === name);
  if (victim === undefined) throw new Error(`there is no ${name} here`);
  return tellWith(house, victim, momentOf(SEED, n), people);
}

describe(`a standalone that is killed while a warning goes out (seed ${SEED})`, () => {
  let doomed: DoomedHouse;
  beforeAll(async () => {
    doomed = await doomedStandalone(SEED, PEOPLE);
  }, UP_WITHIN_MS);
  afterAll(() => doomed?.close(), 90_000);

  it.each([0, 1])(
    'loses nobody, and warns nobody twice without the mark: moment %i',
    async (n) => isWhole(await kill(doomed, 'standalone', n)),
    TOLD_WITHIN_MS,
  );
});

(whyNot === undefined ? describe : describe.skip)(
  `one process per app, on Kafka, killed in turn (seed ${SEED})`,
  () => {
    let doomed: DoomedHouse;
    beforeAll(async () => {
      doomed = await doomedDistributed(SEED, PEOPLE);
    }, UP_WITHIN_MS);
    afterAll(() => doomed?.close(), 90_000);

    it.each(KILLED_IN_TURN.map((name, n) => [name, n] as const))(
      '%s: nobody is lost, and nobody is warned twice without the mark',
      async (name, n) => isWhole(await kill(doomed, name, n + 2)),
      TOLD_WITHIN_MS,
    );

    it.each([
      ['before it was issued', 0],
      ['when some had been warned', 0.3],
    ])(
      'a channel that went down %s sends nothing of it when it comes back to a cancel',
      async (_, share) => {
        const { before, after, cancels, broken } = await cancelledMeanwhile(doomed, share);
        expect({ after, broken }).toEqual({ after: 0, broken: [] });
        // Whoever got it is told that it is withdrawn, and nobody who cannot have got it.
        if (share === 0) expect([before, cancels]).toEqual([0, 0]);
        else expect(cancels).toBeGreaterThanOrEqual(before * 0.9); // some opt out in between
      },
      TOLD_WITHIN_MS,
    );
  },
);
