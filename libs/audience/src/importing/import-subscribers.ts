import { parse } from 'csv-parse';
import type { Readable } from 'node:stream';
import type { ListChannel } from '#contracts';
import { quoted, type CopyRow, type Database } from '#postgres';
import { newId } from '#runtime';
import { ADDRESS_COLUMN, readLine, type Fields } from './read-line.js';

/** A line that was left out, with its number in the file and the reason. */
export type BadLine = { line: number; why: string };

/** What an import did. `unchanged` were there already, exactly so. */
export type Imported = {
  lines: number;
  added: number;
  changed: number;
  unchanged: number;
  withoutPoint: number;
  bad: number;
  /** The first of the bad lines; `bad` counts them all. */
  badLines: BadLine[];
};

/** The file as a whole cannot be read: nothing was imported, and somebody must correct it. */
export class FileRefused extends Error {
  override readonly name = 'FileRefused';
}

/** Bad lines that are listed; a file in the wrong format would otherwise list every one of a million. */
const MOST_LISTED = 1_000;
/** Lines that one statement moves: some hundred milliseconds, so that nobody waits for an import. */
const LINES_PER_MOVE = 20_000;

/**
 * Takes a CSV file (RFC 4180, UTF-8, a header line) with the columns `address` or `phone`, `language`, `lat`, `lon`, `consent` into the
 * subscribers of a channel. Good lines are kept, bad ones listed with their number and the reason; the first line with an
 * address wins. Importing the same file again changes nothing. A suppression stays, whatever the file says.
 */
export async function importSubscribers(
  db: Database,
  into: { schema: string; channel: ListChannel },
  csv: Readable,
): Promise<Imported> {
  const importId = newId('itm');
  csv.on('error', () => {}); // met when it is read; until then nobody listens
  const staged = `${quoted(into.schema)}.staged_subscriber`;
  const result = {
    lines: 0,
    added: 0,
    changed: 0,
    unchanged: 0,
    withoutPoint: 0,
    bad: 0,
    badLines: [] as BadLine[],
  };
  await db.execute(`delete from ${staged} where staged_at < clock_timestamp() - interval '1 day'`);
  try {
    const columns = ['import_id', 'line', 'subscriber_id', 'address', 'language', 'place', 'consented_at'];
    await db.copyInto(staged, columns, goodLines(importId, into.channel, csv, result));
    await moveIn(db, into.schema, importId, result);
  } finally {
    await db.execute(`delete from ${staged} where import_id = $1`, [importId]);
  }
  await db.execute(`analyze ${quoted(into.schema)}.subscriber`); // a freshly filled table is planned 17 times slower
  return result;
}

async function* goodLines(
  importId: string,
  channel: ListChannel,
  csv: Readable,
  result: Imported,
): AsyncGenerator<CopyRow> {
  const seen = new Map<string, number>();
  const leaveOut = (line: number, why: string): void => {
    result.bad += 1;
    if (result.badLines.length < MOST_LISTED) result.badLines.push({ line, why });
  };
  for await (const { line, fields } of csvLines(channel, csv)) {
    result.lines += 1;
    if (typeof fields === 'string') {
      leaveOut(line, fields);
      continue;
    }
    const read = readLine(channel, fields);
    if (typeof read === 'string') {
      leaveOut(line, read);
      continue;
    }
    const key = read.address.toLowerCase();
    const before = seen.get(key);
    if (before !== undefined) {
      leaveOut(line, `the same recipient stands in line ${before}`);
      continue;
    }
    seen.set(key, line);
    if (read.longitude === null) result.withoutPoint += 1;
    const place = read.longitude === null ? null : `(${read.longitude},${read.latitude})`;
    yield [importId, line, newId('sub'), read.address, read.language, place, read.consentedAt];
  }
}

async function* csvLines(
  channel: ListChannel,
  csv: Readable,
): AsyncGenerator<{ line: number; fields: Fields | string }> {
  if (csv.errored !== null) throw csv.errored;
  const parser = csv.pipe(
    parse({
      bom: true,
      info: true,
      relax_column_count: true,
      skip_empty_lines: true,
      max_record_size: 65_536,
    }),
  );
  csv.once('error', (error) => parser.destroy(error));
  let header: string[] | undefined;
  try {
    for await (const { record, info } of parser as AsyncIterable<{
      record: string[];
      info: { lines: number };
    }>) {
      if (header === undefined) {
        header = headerOf(channel, record);
        continue;
      }
      const fields = Object.fromEntries(header.map((name, at) => [name, record[at] ?? '']));
      const whole = record.length === header.length;
      yield {
        line: info.lines,
        fields: whole ? fields : `has ${record.length} fields, the first line has ${header.length}`,
      };
    }
  } catch (error) {
    if (error instanceof Error && 'code' in error && String(error.code).startsWith('CSV_'))
      throw new FileRefused(`the file is not CSV: ${error.message}`, { cause: error });
    throw error;
  }
  if (header === undefined) throw new FileRefused('the file is empty: its first line must name the columns');
}

function headerOf(channel: ListChannel, record: readonly string[]): string[] {
  const header = record.map((name) => name.trim().toLowerCase());
  const missing = [ADDRESS_COLUMN[channel], 'language', 'lat', 'lon', 'consent'].filter(
    (column) => !header.includes(column),
  );
  if (missing.length > 0)
    throw new FileRefused(`the first line does not name these columns: ${missing.join(', ')}`);
  return header;
}

async function moveIn(db: Database, schema: string, importId: string, result: Imported): Promise<void> {
  const [staged, subscriber] = [`${quoted(schema)}.staged_subscriber`, `${quoted(schema)}.subscriber`];
  let line = 0;
  for (;;) {
    const [moved] = await db.query<{ read: bigint; added: bigint; changed: bigint; last: number | null }>(
      `with page as (
         select * from ${staged} where import_id = $1 and line > $2 order by line limit ${LINES_PER_MOVE}
       ), moved as (
         insert into ${subscriber} as kept (subscriber_id, address, language, place, consented_at)
         select subscriber_id, address, language, place, consented_at from page
         on conflict (lower(address)) do update
           set language = excluded.language, place = excluded.place, consented_at = excluded.consented_at
           where (kept.language, kept.place[0], kept.place[1], kept.consented_at)
             is distinct from (excluded.language, excluded.place[0], excluded.place[1], excluded.consented_at)
         returning (xmax = 0) as added
       )
       select (select count(*) from page) as read, (select max(line) from page) as last,
              count(*) filter (where added) as added, count(*) filter (where not added) as changed from moved`,
      [importId, line],
    );
    if (moved === undefined || moved.last === null) return;
    result.added += Number(moved.added);
    result.changed += Number(moved.changed);
    result.unchanged += Number(moved.read - moved.added - moved.changed);
    line = moved.last;
  }
}
