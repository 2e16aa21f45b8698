import { writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { Database } from '#postgres';
import { readConfig, readRunFile, silentLog } from '#runtime';
import { Archive } from '#stream';
import { z } from 'zod';
import { asKept } from '../src/replay/kept-archive.js';
import { keptLine, readKeptFile } from '../src/replay/kept-file.js';
import { replay } from '../src/replay/replay.js';
import type { KeptEvent } from '../src/timeline/kept-event.js';

const help = `Replays an incident from the archive: what happened, in order, in plain words. Sends nothing.

  npm run replay -- --incident <id>                 at once
  npm run replay -- --incident <id> --speed 60      a minute in a second; 1 = as it was
  npm run replay -- --incident <id> --format json   one JSON line per event
  npm run replay -- --incident <id> --export FILE   the events themselves, one JSON line each
  npm run replay -- --archive FILE                  from an exported archive, without a database

The events come from the system that runs on DATA_DIR (default .data), or from DATABASE_URL.
The same events always give the same bytes; the last line holds their digest.`;

class WrongUsage extends Error {}

/** The words of the command line. Throws `WrongUsage` with what to do. */
function asked() {
  try {
    const { values } = parseArgs({
      options: {
        incident: { type: 'string' },
        speed: { type: 'string', default: 'max' },
        format: { type: 'string', default: 'text' },
        archive: { type: 'string' },
        export: { type: 'string' },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
    const speed = values.speed === 'max' ? Infinity : Number(values.speed);
    if (!(speed > 0)) throw new WrongUsage('--speed takes a number above 0, or max');
    const format = z.enum(['text', 'json']).safeParse(values.format);
    if (!format.success) throw new WrongUsage('--format takes text or json');
    return { ...values, speed, format: format.data };
  } catch (error) {
    throw new WrongUsage(error instanceof Error ? error.message : String(error));
  }
}

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
  const words = asked();
  if (words.help) return void console.log(help);
  if (words.incident === undefined && words.archive === undefined) {
    throw new WrongUsage('name the incident: --incident inc_…');
  }
  const all =
    words.archive === undefined ? await fromDatabase(words.incident ?? '') : readKeptFile(words.archive);
  const events = all.filter(
    ({ incidentId }) => words.incident === undefined || incidentId === words.incident,
  );
  if (events.length === 0) throw new WrongUsage('no event of that incident is in this archive');
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
