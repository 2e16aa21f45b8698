import { newLog, runMain, runUntilSignal } from '#runtime';
import { closingNote, closingTable } from './exercise/telling/closing-table.js';
import { LarumClient } from './exercise/larum-client.js';
import { liveAccount } from './exercise/telling/live-account.js';
import { playFlood, type Played } from './exercise/play-flood.js';
import { openHouse, type House } from './house.js';
import { writeNextWarning } from './welcome/next-warning.js';
import { welcome } from './welcome/welcome.js';
import { readTold, unknownWords } from './told.js';

const print = (line: string) => console.log(line);

const tokenOf = ({ held }: House, role: string): string =>
  held.find(({ roles }) => roles.some((one) => one === role))?.token ?? '';

async function exercise(house: House, watchMs: number, until: AbortSignal): Promise<Played> {
  const tell = (line: string) => (until.aborted ? undefined : print(line));
  const as = (role: string) => new LarumClient(house.url, tokenOf(house, role));
  tell('\nEXERCISE: a flood on the River Conwy. Nothing leaves this machine.');
  const account = await liveAccount(as('reviewer'), tell, until);
  try {
    const officers = { author: as('author'), approver: as('approver') };
    return await playFlood(officers, { print: tell, told: account.told, watchMs, now: () => Date.now() });
  } finally {
    account.stop();
  }
}

const unknown = unknownWords(process.argv.slice(2));
if (unknown !== undefined) {
  console.error(unknown);
  process.exit(2); // as every command of this repository that was asked for what it does not know
}

await runMain(async () => {
  const settings = readTold();
  const { config } = settings;
  const opening = openHouse(settings, print);
  // Asked for at once: a Ctrl-C while the database starts must not leave it behind.
  const stopping = new AbortController();
  const stopped = runUntilSignal(
    async () => {
      stopping.abort();
      await (await opening).close();
      print(
        'Larum has stopped. What is not sent yet goes out at the next start, unless it has expired by then.',
      );
    },
    newLog('standalone', 'error'),
  );
  const house = await opening;
  if (stopping.signal.aborted) return stopped;
  let played: Played | undefined;
  try {
    if (config.MODE === 'exercise' && config.PLAY_EXERCISE === 'yes' && house.isNew) {
      played = await exercise(house, config.WATCH_MS, stopping.signal);
      const { versions, cancel } = played.report;
      const table = closingTable(cancel === null ? versions : [...versions, cancel]);
      const report = `${house.url}/v1/warnings/${played.warningId}/report`;
      print(`\n${table}\n${closingNote(report, tokenOf(house, 'reviewer'))}`);
      print('\nThe exercise is over.');
    }
  } catch (error) {
    if (stopping.signal.aborted) return stopped;
    print(`! the exercise stopped: ${error instanceof Error ? error.message : String(error)}`);
  }
  const nextWarningFile = config.MODE === 'live' ? undefined : writeNextWarning(house.dataDir, Date.now());
  print(welcome({ ...house, mode: config.MODE, practice: house.practiceUrl, nextWarningFile, played }));
  house.tokensWereShown();
  return stopped;
});
