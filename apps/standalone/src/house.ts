import { join, resolve } from 'node:path';
import {
  HealthRegistry,
  Metrics,
  removeRunFile,
  startHttp,
  SystemClock,
  TokenBook,
  writeRunFile,
} from '#runtime';
import { newStream } from '#stream';
import { problemTable } from '../../incident-command/src/problems/problem-table.js';
import { readRefusal } from '../../incident-command/src/problems/read-refusal.js';
import { liveChannels } from './channels/open-live.js';
import { openPractice } from './channels/open-practice.js';
import { LOG_FILE, takeDataDir } from './data-dir/data-dir.js';
import { expectFreePorts } from './start/free-ports.js';
import { logToFile } from './start/log-file.js';
import { openDatabase } from './start/open-database.js';
import { StandaloneModule } from './standalone.module.js';
import type { Told } from './told.js';
import { firstTokens, type HeldToken } from './tokens/first-tokens.js';

/** A running standalone. */
export type House = {
  url: string;
  practiceUrl: string | undefined;
  held: readonly HeldToken[];
  dataDir: string;
  logFile: string;
  /** Channels that are not set up: only in a live start. */
  absent: readonly string[];
  /** Whether this data folder has ever had an incident. */
  isNew: boolean;
  newestIncident: string | undefined;
  /** Until this is said, a stop or a failed start takes back the tokens of a first live start: nobody would ever hold them. */
  tokensWereShown(): void;
  close(): Promise<void>;
};

/**
 * Starts everything in one process: the data folder is taken first, then ports are looked at, database, stream, practice world,
 * all apps, HTTP. What was opened is closed again when a later step fails. Throws `DataDirRefused` and whatever an operator must mend.
 */
export async function openHouse(told: Told, tell: (line: string) => void): Promise<House> {
  const { config } = told;
  const dataDir = resolve(config.DATA_DIR);
  const opened: (() => Promise<void> | void)[] = [];
  let unseen = (): void => {};
  const closeAll = async () => {
    unseen();
    for (const close of opened.toReversed()) await close();
    opened.length = 0;
  };
  try {
    const held = takeDataDir(dataDir, config.MODE);
    opened.push(() => held.release());
    await expectFreePorts(config.HOST, portsOf(told));
    const logFile = join(dataDir, LOG_FILE);
    const log = logToFile(logFile, config.LOG_LEVEL, tell);
    const { db, url: databaseUrl, close } = await openDatabase({ ...config, DATA_DIR: dataDir }, log);
    opened.push(close);
    held.keep(); // the database is of this world, so the folder is too
    const stream = newStream({ db, log, clientId: 'standalone' });
    opened.push(() => stream.close());
    const ownTokens = told.live?.config.TOKENS_FILE;
    const tokens =
      ownTokens === undefined
        ? firstTokens(dataDir, config.MODE)
        : { holdersFile: ownTokens, held: [], forget: () => {} };
    unseen = tokens.forget;
    const health = new HealthRegistry();
    health.add('database', async () => void (await db.query('select 1')));
    const metrics = new Metrics();
    const parts = {
      mode: config.MODE,
      db,
      stream,
      tokens: TokenBook.open(tokens.holdersFile, config.MODE, log),
      health,
      metrics,
      clock: new SystemClock(),
      log,
    };
    const practice = told.live === undefined ? await openPractice(told.config, dataDir, parts) : undefined;
    if (practice !== undefined) opened.push(() => practice.close());
    const channels =
      told.live === undefined
        ? { modules: practice?.modules ?? [], absent: [] }
        : liveChannels(told.live, parts);
    const server = await startHttp(StandaloneModule.register(parts, channels.modules), {
      name: 'standalone',
      port: config.PORT,
      host: config.HOST,
      log,
      health,
      metrics,
      problems: [problemTable],
      readers: [readRefusal],
    });
    opened.push(() => server.close());
    await practice?.fill(db);
    writeRunFile(dataDir, { pid: process.pid, mode: config.MODE, url: server.url, databaseUrl });
    opened.push(() => removeRunFile(dataDir));
    const [row] = await db.query<{ known: boolean; newest: string | null }>(
      `select exists (select from incident_command.event) as known, (
        select stream_id from incident_command.event where type = 'IncidentOpened' order by position desc limit 1
      ) as newest`,
    );
    return {
      url: server.url,
      practiceUrl: practice?.url,
      held: tokens.held,
      dataDir,
      logFile,
      absent: channels.absent,
      isNew: row?.known !== true,
      newestIncident: row?.newest ?? undefined,
      tokensWereShown: () => (unseen = () => {}),
      close: closeAll,
    };
  } catch (error) {
    await closeAll();
    throw error;
  }
}

/** Where this start will listen: the interface, and in an exercise the practice world's doors and our own for bounces. */
function portsOf({ config, live }: Told): number[] {
  const { PORT } = config;
  if (live !== undefined) return [PORT];
  return config.PRACTICE_URL === undefined ? [0, 1, 2, 3, 4].map((n) => PORT + n) : [PORT, PORT + 4];
}
