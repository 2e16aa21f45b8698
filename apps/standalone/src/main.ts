import { ConfigurationWrong, newLog, readConfig, runUntilSignal } from '#runtime';
import { Config } from './config.js';
import { closingTable } from './exercise/closing-table.js';
import { LarumClient } from './exercise/larum-client.js';
import { liveAccount } from './exercise/live-account.js';
import { playFlood, type Played } from './exercise/play-flood.js';
import { openHouse, type House } from './house.js';
import { DataDirRefused } from './start/data-dir.js';
import { welcome } from './start/welcome.js';

const print = (line: string) => console.log(line);

async function exercise(house: House, watchMs: number): Promise<Played> {
  const as = (role: string) => {
    const holder = house.held.find(({ roles }) => roles.some((one) => one === role));
    return new LarumClient(house.url, holder?.token ?? '');
  };
  print('\nEXERCISE: a flood on the River Conwy. Nothing leaves this machine.');
  const account = await liveAccount(as('reviewer'), print);
  try {
    const officers = { author: as('author'), approver: as('approver') };
    return await playFlood(officers, { print, watchMs, now: () => Date.now() });
  } finally {
    account.stop();
  }
}

async function main(): Promise<void> {
  const config = readConfig(Config);
  const house = await openHouse(config, print);
  const stopped = runUntilSignal(() => house.close(), newLog('standalone', 'error'));
  let played: Played | undefined;
  try {
    if (config.MODE === 'exercise' && config.PLAY_EXERCISE === 'yes' && house.isNew) {
      played = await exercise(house, config.WATCH_MS);
      const { versions, cancel } = played.report;
      print(`\n${closingTable(cancel === null ? versions : [...versions, cancel])}\n\nThe exercise is over.`);
    }
  } catch (error) {
    print(`! the exercise stopped: ${error instanceof Error ? error.message : String(error)}`);
  }
  print(welcome({ ...house, practice: house.practiceUrl, dataDir: config.DATA_DIR, played }));
  await stopped;
}

try {
  await main();
} catch (error) {
  const isOurs = error instanceof ConfigurationWrong || error instanceof DataDirRefused;
  console.error(isOurs ? error.message : error);
  process.exit(1);
}
