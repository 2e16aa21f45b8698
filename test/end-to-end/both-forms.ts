import { afterAll, beforeAll, describe, it } from '@jest/globals';
import type { RunningHouse } from '../support/house/form.js';
import { distributedHouse } from '../support/house/distributed.js';
import { Officers } from '../support/house/officers.js';
import { standaloneHouse, type HouseOptions } from '../support/house/standalone.js';
import { findBroker } from '../support/kafka/find-broker.js';

/** Starting seven processes, a database and perhaps a broker, on two busy cores. */
const UP_WITHIN_MS = 180_000;

/**
 * Runs one suite on both forms of the house: as one process on the embedded stream, and as one process per app on a real Kafka.
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
  describe(`${name}: one process per app, on Kafka`, () => {
    runOn(async () => {
      const broker = await findBroker();
      if ('missing' in broker) {
        console.warn(`NOT TESTED on Kafka: ${broker.missing}`);
        return undefined;
      }
      return distributedHouse(broker.brokers, options);
    }, suite);
  });
}

function runOn(
  open: () => Promise<RunningHouse | undefined>,
  suite: (house: () => RunningHouse, officers: () => Officers) => void,
): void {
  let house: RunningHouse | undefined;
  beforeAll(async () => {
    house = await open();
  }, UP_WITHIN_MS);
  afterAll(async () => house?.stop(), 30_000);
  const opened = () => {
    if (house === undefined) throw new Error('there is no broker to test with');
    return house;
  };
  suite(opened, () => new Officers(opened()));
  it('stops cleanly when it is told to', async () => {
    for (const [app, one] of house?.processes ?? []) {
      const code = await one.stop('SIGTERM');
      if (code !== 0) throw new Error(`${app} ended with ${String(code)}:\n${one.logTail()}`);
    }
  }, 60_000);
}
