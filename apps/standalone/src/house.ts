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
import type { Config } from './config.js';
import { ChannelEmailModule } from '../../channel-email/src/channel-email.module.js';
import { ChannelSocialModule } from '../../channel-social/src/channel-social.module.js';
import { ChannelSmsModule } from '../../channel-sms/src/channel-sms.module.js';
import { fillLists } from './channels/fill-lists.js';
import { openPractice } from './channels/open-practice.js';
import { practiceEmail, practiceSms, practiceSocial, type Doors } from './channels/practice-settings.js';
import { LLANRWST } from './exercise/flood-content.js';
import { takeDataDir } from './start/data-dir.js';
import { logToFile } from './start/log-file.js';
import { openDatabase } from './start/open-database.js';
import { StandaloneModule } from './standalone.module.js';
import { firstTokens, type HeldToken } from './tokens/first-tokens.js';

/** A running standalone. */
export type House = {
  url: string;
  practiceUrl: string | undefined;
  held: readonly HeldToken[];
  logFile: string;
  /** Whether this data folder has ever had an incident. */
  isNew: boolean;
  close(): Promise<void>;
};

/**
 * Starts everything in one process: the data folder is taken first, then database, stream, practice world, all apps, HTTP.
 * What was opened is closed again when a later step fails. Throws `DataDirRefused` and whatever an operator must mend.
 */
export async function openHouse(config: Config, tell: (line: string) => void): Promise<House> {
  const dataDir = resolve(config.DATA_DIR);
  const opened: (() => Promise<void> | void)[] = [];
  const closeAll = async () => {
    for (const close of opened.toReversed()) await close();
    opened.length = 0;
  };
  try {
    const held = takeDataDir(dataDir, config.MODE);
    opened.push(() => held.release());
    const logFile = join(dataDir, 'larum.log');
    const log = logToFile(logFile, config.LOG_LEVEL, tell);
    const { db, url: databaseUrl, close } = await openDatabase({ ...config, DATA_DIR: dataDir }, log);
    opened.push(close);
    const stream = newStream({ db, log, clientId: 'standalone' });
    opened.push(() => stream.close());
    const tokens = firstTokens(dataDir, config.MODE);
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
    const { PRACTICE_ACCOUNTS, practiceRecipients } = await import('#practice');
    const practice = await openPractice(config, dataDir);
    opened.push(() => practice.close());
    const doors: Doors = {
      ...practice.ports,
      bounces: config.PORT + 4,
      url: `http://${config.HOST}:${config.PORT}`,
      mailSink: config.PRACTICE_SMTP_URL,
    };
    const channels = [
      ChannelEmailModule.register(practiceEmail(dataDir, doors), { ...parts, host: config.HOST }),
      ChannelSmsModule.register(practiceSms(doors), parts),
      ChannelSocialModule.register(practiceSocial(practice.url, PRACTICE_ACCOUNTS), parts),
    ];
    const server = await startHttp(StandaloneModule.register(parts, channels), {
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
    await fillLists(db, practiceRecipients(config.PRACTICE_SEED, config.PRACTICE_RECIPIENTS, LLANRWST, 4));
    writeRunFile(dataDir, { pid: process.pid, mode: config.MODE, url: server.url, databaseUrl });
    opened.push(() => removeRunFile(dataDir));
    const [row] = await db.query<{ known: boolean }>(
      'select exists (select from incident_command.event) as known',
    );
    return {
      url: server.url,
      practiceUrl: practice.url,
      held: tokens.held,
      logFile,
      isNew: row?.known !== true,
      close: closeAll,
    };
  } catch (error) {
    await closeAll();
    throw error;
  }
}
