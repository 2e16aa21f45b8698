import type { Readable } from 'node:stream';
import type { ListChannel } from '#contracts';
import { quoted, type CopyRow, type Database } from '#postgres';
import { newId } from '#runtime';
import { csvLines } from './csv-lines.js';
import { readLine } from './read-line.js';

/** A line that a person should look at, with the number in the file where it begins, and the reason. */
export type ToldLine = { line: number; why: string };

/** What an import did. `unchanged` were there already, exactly so. */
export type Imported = {
  lines: number;
  added: number;
  changed: number;
  unchanged: number;
  withoutPoint: number;
  bad: number;
  /** The first of the lines that were left out; `bad` counts them all. */
  badLines: ToldLine[];
  /** Lines that were kept although they look like a mistake, and the first of them. */
  doubtful: number;
  doubtfulLines: ToldLine[];
};

/** Bad lines that are listed; a file in the wrong format would otherwise list every one of a million. */
const MOST_LISTED = 1_000;
/** Lines that one statement moves: some hundred milliseconds, so that nobody waits for an import. */
const LINES_PER_MOVE = 20_000;
const NOW_MS = `extract(epoch from clock_timestamp())::float8 * 1000`;

/**
 * Takes a CSV file (`csvLines`) with the columns `address` or `phone`, `language`, `lat`, `lon`, `consent` into the
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
  const result: Imported = {
    lines: 0,
    added: 0,
    changed: 0,
    unchanged: 0,
    withoutPoint: 0,
    bad: 0,
    badLines: [],
    doubtful: 0,
    doubtfulLines: [],
  };
  const [{ now } = { now: 0 }] = await db.query<{ now: number }>(`select ${NOW_MS} as now`);
  await db.execute(`delete from ${staged} where staged_at < clock_timestamp() - interval '1 day'`);
  try {
    const columns = ['import_id', 'line', 'subscriber_id', 'address', 'language', 'place', 'consented_at'];
    await db.copyInto(staged, columns, goodLines({ importId, channel: into.channel, now }, csv, result));
    await leaveOutRepeated(db, staged, importId, result);
    await moveIn(db, into.schema, importId, result);
  } finally {
    await db.execute(`delete from ${staged} where import_id = $1`, [importId]);
  }
  await db.execute(`analyze ${quoted(into.schema)}.subscriber`); // a freshly filled table is planned 17 times slower
  return result;
}

async function* goodLines(
  { importId, channel, now }: { importId: string; channel: ListChannel; now: number },
  csv: Readable,
  result: Imported,
): AsyncGenerator<CopyRow> {
  for await (const { line, fields } of csvLines(channel, csv)) {
    result.lines += 1;
    const read = typeof fields === 'string' ? fields : readLine(channel, fields, now);
    if (typeof read === 'string') {
      result.bad += 1;
      tell(result.badLines, { line, why: read });
      continue;
    }
    if (read.hint !== undefined) {
      result.doubtful += 1;
      tell(result.doubtfulLines, { line, why: read.hint });
    }
    const place = read.longitude === null ? null : `(${read.longitude},${read.latitude})`;
    yield [importId, line, newId('sub'), read.address, read.language, place, read.consentedAt];
  }
}

function tell(lines: ToldLine[], one: ToldLine): void {
  if (lines.length < MOST_LISTED) lines.push(one);
}

/** The first line with an address wins. Found by the database, because a set of millions of addresses would fill our memory. */
async function leaveOutRepeated(
  db: Database,
  staged: string,
  importId: string,
  result: Imported,
): Promise<void> {
  const repeated = await db.query<{ line: number; first: number; all: bigint }>(
    // By the rows' own places: a table that was filled a moment ago has no figures by which a join could be planned.
    `with told as materialized (
       select ctid as at, line, min(line) over (partition by lower(address)) as first from ${staged} where import_id = $1
     ), repeated as materialized (select * from told where line > first
     ), gone as (delete from ${staged} where ctid = any(array(select at from repeated)))
     select line, first, count(*) over () as all from repeated order by line limit ${MOST_LISTED}`,
    [importId],
  );
  result.bad += Number(repeated[0]?.all ?? 0);
  for (const { line, first } of repeated)
    result.badLines.push({ line, why: `the same recipient stands in line ${first}` });
  result.badLines = result.badLines.sort((a, b) => a.line - b.line).slice(0, MOST_LISTED);
  const [kept] = await db.query<{ n: bigint }>(
    `select count(*) as n from ${staged} where import_id = $1 and place is null`,
    [importId],
  );
  result.withoutPoint = Number(kept?.n ?? 0);
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
