import { type Database, quoted } from '../database/database.js';

/** This database belongs to the other world. Nothing was written; the operator names the right database, or the right mode. */
export class OtherWorld extends Error {
  override readonly name = 'OtherWorld';
  readonly forOperator = true;
}

/**
 * Writes down which world this database belongs to at the first start, and refuses the other one ever after (DESIGN §5).
 * Throws `OtherWorld`. `schema` holds the note; it is made if need be.
 */
export async function rememberMode(db: Database, mode: 'live' | 'exercise', schema = 'larum'): Promise<void> {
  const table = `${quoted(schema)}.world`;
  const remembered = await db.tx(async (tx) => {
    // One after another: `create … if not exists` of two processes at once can fail on the catalogue's own key.
    await tx.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [`${schema} world`]);
    await tx.execute(`create schema if not exists ${quoted(schema)}`);
    await tx.execute(
      `create table if not exists ${table} (one boolean primary key default true check (one), mode text not null)`,
    );
    await tx.execute(`insert into ${table} (mode) values ($1) on conflict do nothing`, [mode]);
    const [row] = await tx.query<{ mode: string }>(`select mode from ${table}`);
    return row?.mode;
  });
  if (remembered !== mode) {
    throw new OtherWorld(
      `this database belongs to the world ${remembered}, and this process runs in ${mode}: use another database, or the right MODE`,
    );
  }
}
