import { writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { Database } from '#postgres';
import { readConfig, readRunFile, silentLog } from '#runtime';
import { Archive } from '#stream';
import { z } from 'zod';
import { asKept } from '../src/replay/kept-archive.js';
import { keptLine, readKeptFile } from '../src/replay/kept-file.js';
import { replay } from '../src/replay/replay.js';
import type { KeptEvent } from '../src/timeline/kept-event.js';
import { nothingOf, replayWords, WrongUsage } from './replay-words.js';

const help = `Replays an incident from the archive: what happened, in order, in plain words. Sends nothing.

  npm run replay -- --incident <id>                 at once
  npm run replay -- --incident <id> --speed 60      a minute in a second; 1 = as it was
  npm run replay -- --incident <id> --format json   one JSON line per event
  npm run replay -- --incident <id> --export FILE   the events themselves, one JSON line each
  npm run replay -- --archive FILE                  from an exported archive, without a database

The events come from the system that runs on DATA_DIR (default .data), or from DATABASE_URL.
The same events always give the same bytes; the last line holds their digest.`;

async function fromDatabase(incident: string): Promise<KeptEvent[]> {
  const { DATA_DIR, DATABASE_URL } = readConfig(
    z.object({ DATA_DIR: z.string().default('.data'), DATABASE_URL: z.string().optional() }),
  );
  const url = DATABASE_URL ?? readRunFile(DATA_DIR)?.databaseUrl;
  if (url === undefined) {
    throw new WrongUsage(
      `nothing runs on ${DATA_DIR}: start it (npm start), or name DATABASE_URL or --archive FILE`,
    );
  }
  const db = await Database.open({ url, max: 1, log: silentLog });
  try {
    return (await new Archive(db, 'incident_log').ofIncident(incident)).map(asKept);
  } finally {
    await db.close();
  }
}

async function main(): Promise<void> {
  const words = replayWords(process.argv.slice(2));
  if (words.help) return void console.log(help);
  const all =
    words.archive === undefined ? await fromDatabase(words.incident ?? '') : readKeptFile(words.archive);
  const events = all.filter(
    ({ incidentId }) => words.incident === undefined || incidentId === words.incident,
  );
  if (events.length === 0) {
    const inFile = words.archive === undefined ? undefined : all.map(({ incidentId }) => incidentId);
    throw new WrongUsage(nothingOf(words.incident, inFile));
  }
  if (words.export !== undefined) {
    writeFileSync(words.export, `${events.map(keptLine).join('\n')}\n`);
    return void console.log(`${events.length} events written to ${words.export}`);
  }
  for (const line of replay(events, words.format)) {
    if (Number.isFinite(words.speed)) await sleep(line.afterMs / words.speed);
    console.log(line.text);
  }
}

try {
  await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  if (error instanceof WrongUsage) console.error('npm run replay -- --help tells more');
  process.exitCode = error instanceof WrongUsage ? 2 : 1;
}
