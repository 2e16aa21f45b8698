import { afterAll, beforeAll, describe, it } from '@jest/globals';
import type { RunningHouse } from '../support/house/form.js';
import { distributedHouse } from '../support/house/distributed.js';
import { Officers } from '../support/house/officers.js';
import { standaloneHouse, type HouseOptions } from '../support/house/standalone.js';
import { startBroker } from '../support/kafka/broker.js';
import { whyNoOwnBroker } from '../support/kafka/find-broker.js';

const whyNot = await whyNoOwnBroker();
if (whyNot !== undefined) console.warn(`NOT TESTED on Kafka: ${whyNot}`);

/** Starting seven processes, a database and a broker, on two busy cores. */
const UP_WITHIN_MS = 240_000;

/**
 * Runs one suite on both forms of the house: as one process on the embedded stream, and as one process per app on a real Kafka.
 * Each house has a broker to itself: two on one would be replicas of each other, and take each other's warnings.
 * Without a broker the second is skipped with one loud line; with `CI=true` that is an error.
 */
export function inBothForms(
  name: string,
  options: HouseOptions,
  suite: (house: () => RunningHouse, officers: () => Officers) => void,
): void {
  describe(`${name}: in one process`, () => {
    runOn(() => standaloneHouse(options), suite);
  });
  (whyNot === undefined ? describe : describe.skip)(`${name}: one process per app, on Kafka`, () => {
    runOn(() => onOwnBroker(options), suite);
  });
}

async function onOwnBroker(options: HouseOptions): Promise<RunningHouse> {
  const broker = await startBroker();
  try {
    const house = await distributedHouse(broker.brokers, options);
    return {
      ...house,
      stop: async () => {
        await house.stop();
        await broker.stop();
      },
    };
  } catch (error) {
    await broker.stop();
    throw error;
  }
}

function runOn(
  open: () => Promise<RunningHouse>,
  suite: (house: () => RunningHouse, officers: () => Officers) => void,
): void {
  let house: RunningHouse | undefined;
  beforeAll(async () => {
    house = await open();
  }, UP_WITHIN_MS);
  afterAll(async () => house?.stop(), 90_000);
  const opened = () => {
    if (house === undefined) throw new Error('the house did not start');
    return house;
  };
  suite(opened, () => new Officers(opened()));
  it('stops cleanly when it is told to', async () => {
    for (const [app, one] of house?.processes ?? []) {
      const code = await one.stop('SIGTERM');
      if (code !== 0) throw new Error(`${app} ended with ${String(code)}:\n${one.logTail()}`);
    }
  }, 180_000);
}
