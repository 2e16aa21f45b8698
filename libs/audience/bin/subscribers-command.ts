import { open } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Readable } from 'node:stream';
import type { ListChannel } from '#contracts';
import { codeOf, Database, migrate } from '#postgres';
import { readConfig, readRunFile, silentLog } from '#runtime';
import { z } from 'zod';
import { FileRefused } from '../src/importing/csv-lines.js';
import { importSubscribers, type Imported } from '../src/importing/import-subscribers.js';
import { ADDRESS_COLUMN } from '../src/importing/read-line.js';
import { subscriberMigrations } from '../src/migrations/subscriber.migration.js';
import { Subscribers } from '../src/subscribers/subscribers.js';
import { help, readWords, WrongUsage, type Asked } from './read-words.js';

/** Where the command reads and writes. */
export type Streams = { stdin: Readable; out: (line: string) => void; err: (line: string) => void };

/** Does what the words say and answers the exit code. `env` is that of the process unless it is given. */
export async function subscribersCommand(
  words: readonly string[],
  io: Streams,
  env?: Readonly<Record<string, string | undefined>>,
): Promise<number> {
  try {
    const asked = readWords(words);
    if (asked.help) {
      io.out(help);
      return 0;
    }
    const config = readConfig(Environment, env);
    return await onDatabase(config, asked.channel, (db, schema) =>
      asked.verb === 'count'
        ? count(db, schema, asked.channel, io)
        : takeIn(db, schema, asked, config.INIT_CWD, io),
    );
  } catch (error) {
    if (!(error instanceof WrongUsage)) throw error;
    io.err(`${error.message}\n\n${help}`);
    return 2;
  }
}

const Environment = z.object({
  DATA_DIR: z.string().default('.data'),
  DATABASE_URL: z.string().optional(),
  /** Where npm was called from; FILE is meant from there. */
  INIT_CWD: z.string().default('.'),
});

async function onDatabase(
  config: z.infer<typeof Environment>,
  channel: ListChannel,
  work: (db: Database, schema: string) => Promise<number>,
): Promise<number> {
  const url = config.DATABASE_URL ?? readRunFile(config.DATA_DIR)?.databaseUrl;
  if (url === undefined)
    throw new WrongUsage(`nothing runs on ${config.DATA_DIR}: start it (npm start), or name DATABASE_URL`);
  const schema = `channel_${channel}`;
  const db = await Database.open({ url, max: 2, log: silentLog, name: 'subscribers' });
  try {
    // The channel may never have been started on this database.
    await migrate(db, { schema, migrations: subscriberMigrations });
    return await work(db, schema);
  } finally {
    await db.close();
  }
}

async function count(db: Database, schema: string, channel: ListChannel, { out }: Streams): Promise<number> {
  const { all, withoutPoint, suppressed } = await new Subscribers(db, schema).count();
  out(`${channel}: ${all} subscribers, ${withoutPoint} without a point, ${suppressed} suppressed`);
  return 0;
}

async function takeIn(
  db: Database,
  schema: string,
  { channel, file }: Asked,
  from: string,
  { stdin, out, err }: Streams,
): Promise<number> {
  try {
    const csv = file === '-' ? stdin : (await open(resolve(from, file))).createReadStream();
    const done = await importSubscribers(db, { schema, channel }, csv);
    for (const { line, why } of done.badLines) err(`line ${line}: ${why}`);
    if (done.bad > done.badLines.length) err(`and ${done.bad - done.badLines.length} more bad lines`);
    for (const { line, why } of done.doubtfulLines) err(`line ${line} was kept, but ${why}`);
    if (done.doubtful > done.doubtfulLines.length)
      err(`and ${done.doubtful - done.doubtfulLines.length} more doubtful lines`);
    out(summary(channel, done));
    return done.lines > 0 && done.bad === done.lines ? 1 : 0;
  } catch (error) {
    if (error instanceof FileRefused) err(error.message);
    else if (codeOf(error) === 'ENOENT') err(`there is no file ${file}`);
    else if (codeOf(error) === 'EISDIR') err(`${file} is a folder: name a file in it`);
    else throw error;
    err(`nothing was imported; the columns are ${ADDRESS_COLUMN[channel]},language,lat,lon,consent`);
    return 1;
  }
}

function summary(channel: ListChannel, done: Imported): string {
  const { lines, added, changed, unchanged, withoutPoint, bad } = done;
  return `${channel}: ${lines} lines read, ${added} added, ${changed} changed, ${unchanged} unchanged, ${bad} left out; ${withoutPoint} of those kept are without a point`;
}
