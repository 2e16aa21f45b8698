import pg from 'pg';

// Object identifiers of built-in types: PostgreSQL, src/include/catalog/pg_type.dat.
const INT8 = 20;
const INT8_ARRAY = 1016;
const TIMESTAMPTZ = 1184;

const parseTimestamp = pg.types.getTypeParser(TIMESTAMPTZ) as (text: string) => Date | number;

/**
 * How our own statements read columns: bigint as `bigint`, timestamptz as an `Instant` (UTC, three decimals).
 * Everything else as `pg` does. TypeORM keeps the defaults of `pg`, because its entities expect them.
 */
export const columnTypes: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') => {
    if (oid === INT8) return BigInt;
    if (oid === INT8_ARRAY) return readBigints;
    if (oid === TIMESTAMPTZ) return readInstant;
    return pg.types.getTypeParser(oid, format as 'text');
  }) as typeof pg.types.getTypeParser,
};

function readBigints(text: string): (bigint | null)[] {
  if (text === '{}') return [];
  return text
    .slice(1, -1)
    .split(',')
    .map((one) => (one === 'NULL' ? null : BigInt(one)));
}

function readInstant(text: string): string {
  const at = parseTimestamp(text);
  return at instanceof Date ? at.toISOString() : text;
}
