/** One row for COPY, in the order of its columns. */
export type CopyRow = readonly unknown[];

/** Bytes gathered before they go out: large enough that a million rows are few writes. */
const CHUNK_CHARS = 64 * 1024;

/** Rows in PostgreSQL's COPY text format (PostgreSQL, COPY, "Text Format"), in chunks. */
export async function* copyLines(rows: AsyncIterable<CopyRow> | Iterable<CopyRow>): AsyncGenerator<Buffer> {
  let chunk = '';
  for await (const row of rows) {
    chunk += `${row.map(copyValue).join('\t')}\n`;
    if (chunk.length < CHUNK_CHARS) continue;
    yield Buffer.from(chunk);
    chunk = '';
  }
  if (chunk !== '') yield Buffer.from(chunk);
}

function copyValue(value: unknown): string {
  if (value === null || value === undefined) return '\\N';
  if (typeof value === 'string') return escaped(value);
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Uint8Array) return `\\\\x${Buffer.from(value).toString('hex')}`;
  if (typeof value === 'object') return escaped(JSON.stringify(value));
  return String(value);
}

const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };

function escaped(text: string): string {
  return text.replaceAll(/[\\\t\n\r]/g, (found) => ESCAPES[found] ?? found);
}
