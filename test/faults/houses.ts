import { practiceRecipients } from '#practice';
import { LLANRWST } from '../../apps/standalone/src/exercise/flood-content.js';
import { distributedHouse } from '../support/house/distributed.js';
import type { RunningHouse } from '../support/house/form.js';
import { addPeople } from '../support/house/people.js';
import { standaloneHouse } from '../support/house/standalone.js';
import { startBroker } from '../support/kafka/broker.js';
import { CHANNELS } from './evidence.js';
import type { Victim } from './tale.js';

/** A house to kill things in, its victims by name, and how many people of each list live in the area. */
export type DoomedHouse = {
  house: RunningHouse;
  victims: readonly Victim[];
  people: number;
  close(): Promise<void>;
};

/** So near that everybody lives in the area of the flood. */
const SPREAD_KM = 1;
/** The fewest that a house brings along itself; the others are added. */
const OWN = 10;

/** What is killed in the distributed form, in this order. */
export const KILLED_IN_TURN = [
  'incident-command',
  'channel-social',
  'channel-email',
  'channel-sms',
  'partner-gateway',
  'incident-log',
  'broker',
] as const;

/** One process on its embedded database and stream; the practice world outlives it as a process of its own. */
export async function doomedStandalone(seed: string, people: number): Promise<DoomedHouse> {
  const house = await standaloneHouse({ recipients: OWN, seed, ownPractice: true });
  return fill(house, seed, people, processes(house, ['standalone']), () => house.stop());
}

/** One process per app on a real Kafka of its own. */
export async function doomedDistributed(seed: string, people: number): Promise<DoomedHouse> {
  const broker = await startBroker();
  try {
    const house = await distributedHouse(broker.brokers, { recipients: OWN, seed });
    const victims = [
      ...processes(
        house,
        KILLED_IN_TURN.filter((name) => name !== 'broker'),
      ),
      { name: 'broker', sends: [], kill: () => broker.kill(), bringBack: () => broker.restart() },
    ];
    return await fill(house, seed, people, victims, async () => {
      await house.stop();
      await broker.stop();
    });
  } catch (error) {
    await broker.stop();
    throw error;
  }
}

async function fill(
  house: RunningHouse,
  seed: string,
  people: number,
  victims: readonly Victim[],
  close: () => Promise<void>,
): Promise<DoomedHouse> {
  try {
    await addPeople(house, practiceRecipients(`${seed} crowd`, people, LLANRWST, SPREAD_KM));
  } catch (error) {
    await close();
    throw error;
  }
  return { house, victims, people, close };
}

function processes(house: RunningHouse, names: readonly string[]): Victim[] {
  return names.map((name) => {
    const process = house.processes.get(name);
    if (process === undefined) throw new Error(`there is no process ${name} in this form`);
    return { name, sends: sentBy(name), kill: () => process.kill(), bringBack: () => process.up() };
  });
}

function sentBy(name: string): Victim['sends'] {
  return name === 'standalone' ? CHANNELS : CHANNELS.filter((channel) => name === `channel-${channel}`);
}
