import { join } from 'node:path';
import type { Mode } from '#contracts';
import { Database, EmbeddedPostgres, rememberMode } from '#postgres';
import type { Log } from '#runtime';
import { onOwnServer } from './own-server.js';

/** One pool for all apps of the process (DESIGN §5). */
const POOL = 20;

/** The database of this start: the operator's own, or the embedded one of the data folder. It must belong to this world. */
export async function openDatabase(
  { DATA_DIR, DATABASE_URL, MODE }: { DATA_DIR: string; DATABASE_URL?: string | undefined; MODE: Mode },
  log: Log,
): Promise<{ db: Database; url: string; close(): Promise<void> }> {
  const embedded =
    DATABASE_URL === undefined
      ? await EmbeddedPostgres.start({ dataDir: join(DATA_DIR, 'postgres'), log })
      : undefined;
  const url = embedded?.url ?? DATABASE_URL ?? '';
  try {
    const open = (): Promise<Database> => Database.open({ url, max: POOL, log, name: 'larum' });
    const db = await (embedded === undefined ? open() : onOwnServer(open));
    const close = async () => {
      await db.close();
      await embedded?.stop();
    };
    try {
      await rememberMode(db, MODE);
    } catch (error) {
      await db.close();
      throw error;
    }
    return { db, url, close };
  } catch (error) {
    await embedded?.stop();
    throw error;
  }
}
