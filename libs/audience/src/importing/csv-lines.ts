import { Readable } from 'node:stream';
import { parse } from 'csv-parse';
import type { ListChannel } from '#contracts';
import { ADDRESS_COLUMN, type Fields } from './read-line.js';

/** The file as a whole cannot be read: nothing was imported, and somebody must correct it. */
export class FileRefused extends Error {
  override readonly name = 'FileRefused';
}

const NOT_UTF8 =
  'the file is not UTF-8: save it again as "CSV UTF-8" (in Excel a file type of Save As), or with the encoding UTF-8';
/** Of one line; what is longer is no line of a list but a quote that was never closed. */
const MOST_CHARACTERS = 65_536;

/**
 * The lines of a CSV file (RFC 4180, UTF-8, a header line; separated by commas, or by semicolons when its header is), each with the
 * number of the line where it begins; a text in place of fields says why they cannot be told apart. Throws `FileRefused`.
 */
export async function* csvLines(
  channel: ListChannel,
  csv: Readable,
): AsyncGenerator<{ line: number; fields: Fields | string }> {
  if (csv.errored !== null) throw csv.errored;
  const { separator, text } = await begunText(csv);
  const source = Readable.from(text);
  const parser = source.pipe(
    parse({
      delimiter: separator,
      info: true,
      relax_column_count: true,
      skip_empty_lines: true,
      max_record_size: MOST_CHARACTERS,
    }),
  );
  source.once('error', (error) => parser.destroy(error));
  let header: string[] | undefined;
  let countedTwice = 0; // csv-parse counts CR and LF for a line each when they stand inside quotes
  try {
    for await (const { record, info } of parser as AsyncIterable<{
      record: string[];
      info: { lines: number };
    }>) {
      const within = linesWithin(record);
      countedTwice += record.join('\0').split('\r\n').length - 1;
      if (header === undefined) {
        header = headerOf(channel, record);
        continue;
      }
      const fields = Object.fromEntries(header.map((name, at) => [name, record[at] ?? '']));
      const whole = record.length === header.length;
      yield {
        line: info.lines - countedTwice - within,
        fields: whole ? fields : `has ${record.length} fields, the first line has ${header.length}`,
      };
    }
  } catch (error) {
    if (error instanceof Error && 'code' in error && String(error.code).startsWith('CSV_'))
      throw new FileRefused(`the file is not CSV: ${error.message}`, { cause: error });
    throw error;
  } finally {
    source.destroy(); // closes the file also when it was not read to its end
  }
  if (header === undefined) throw new FileRefused('the file is empty: its first line must name the columns');
}

/**
 * The text of a file, and what its first line separates the columns with: a spreadsheet that writes decimal commas separates with
 * semicolons. The first line is read to its end, and given with the rest.
 */
async function begunText(csv: Readable): Promise<{ separator: ',' | ';'; text: AsyncGenerator<string> }> {
  const parts = utf8(csv);
  let begun = '';
  while (!/[\r\n]/.test(begun) && begun.length < MOST_CHARACTERS) {
    const part = await parts.next();
    if (part.done === true) break;
    begun += part.value;
  }
  const header = begun.split(/[\r\n]/, 1)[0] ?? '';
  const separator = header.split(';').length > header.split(',').length ? ';' : ',';
  return { separator, text: joined(begun, parts) };
}

async function* joined(begun: string, rest: AsyncGenerator<string>): AsyncGenerator<string> {
  yield begun;
  yield* rest;
}

/** Throws `FileRefused` at the first byte that is not UTF-8: in another encoding names and addresses would be kept wrongly. */
async function* utf8(csv: Readable): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true }); // leaves out a byte order mark
  const decoded = (bytes?: Uint8Array): string => {
    try {
      return decoder.decode(bytes, { stream: bytes !== undefined });
    } catch (error) {
      throw new FileRefused(NOT_UTF8, { cause: error });
    }
  };
  for await (const part of csv as AsyncIterable<string | Uint8Array>)
    yield decoded(typeof part === 'string' ? Buffer.from(part) : part);
  yield decoded();
}

/** A quoted field may go over several lines; a person looks for the first of them. */
const linesWithin = (record: readonly string[]): number =>
  record.reduce((sum, field) => sum + (field.match(/\r\n?|\n/g)?.length ?? 0), 0);

function headerOf(channel: ListChannel, record: readonly string[]): string[] {
  const header = record.map((name) => name.trim().toLowerCase());
  const missing = [ADDRESS_COLUMN[channel], 'language', 'lat', 'lon', 'consent'].filter(
    (column) => !header.includes(column),
  );
  if (missing.length > 0)
    throw new FileRefused(`the first line does not name these columns: ${missing.join(', ')}`);
  const twice = header.find((name, at) => name !== '' && header.indexOf(name) < at);
  if (twice !== undefined) throw new FileRefused(`the first line names the column ${twice} twice`);
  return header;
}
