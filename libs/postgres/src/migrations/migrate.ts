import pg from 'pg';
import { DataSource, type DataSourceOptions, type EntitySchema, type MigrationInterface } from 'typeorm';
import { sleep } from '#runtime';
import { asDatabaseError } from '../database/database-away.js';
import { type Database, lockKey, quoted } from '../database/database.js';

type Class<T> = new (...args: never[]) => T;

export type SchemaOptions = {
  /** The schema that is this app's own. Made if need be; migrations run with it as their search path. */
  schema: string;
  /**
   * Each class's name ends in its own time stamp, and TypeORM runs them in the order of the stamps, whatever their order here. What has
   * run is known by its whole name: one that was renamed would run again, and one with an older stamp than the last still runs.
   */
  migrations: readonly Class<MigrationInterface>[];
};

/** How often one of several starting processes asks whether it is its turn. */
const TURN_EVERY_MS = 50;
const CONNECT_TIMEOUT_MS = 5_000;
/** Whose turn it is takes no time to tell: a server that is silent for so long has gone without a word. */
const TURN_WITHIN_MS = 30_000;

/**
 * Brings a schema up to date. Any number of processes may start at once: one runs the migrations, the others wait
 * for it by asking again and again, never inside a statement, because `create index concurrently` would wait for
 * that statement for ever (RELIABILITY §4). Throws `DatabaseAway` when the database goes meanwhile: a later start goes on from there.
 */
export async function migrate(db: Database, { schema, migrations }: SchemaOptions): Promise<void> {
  const key = lockKey(schema, 'migrate');
  const turn = new pg.Client({
    connectionString: db.url,
    keepAlive: true,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    query_timeout: TURN_WITHIN_MS,
  });
  turn.on('error', () => {}); // the next statement tells
  try {
    await turn.connect();
    while (!(await isOurTurn(turn, key))) await sleep(TURN_EVERY_MS);
    await turn.query(`create schema if not exists ${quoted(schema)}`);
    const source = new DataSource(migrating(db.url, schema, migrations));
    await source.initialize();
    try {
      await source.runMigrations();
    } finally {
      await source.destroy();
    }
  } catch (error) {
    throw asDatabaseError(error);
  } finally {
    await turn.end().catch(() => {}); // ends the session, and with it the lock
  }
}

async function isOurTurn(turn: pg.Client, key: bigint): Promise<boolean> {
  const { rows } = await turn.query<{ ours: boolean }>('select pg_try_advisory_lock($1) as ours', [key]);
  return rows[0]?.ours === true;
}

function migrating(
  url: string,
  schema: string,
  migrations: readonly Class<MigrationInterface>[],
): DataSourceOptions {
  return {
    type: 'postgres',
    driver: pg,
    url,
    schema,
    migrations: [...migrations],
    migrationsTableName: 'migration',
    migrationsTransactionMode: 'each',
    poolSize: 2,
    connectTimeoutMS: CONNECT_TIMEOUT_MS,
    logging: false,
    extra: { options: `-c search_path=${schema} -c client_min_messages=warning` },
  };
}

/**
 * TypeORM's data source for the ordinary tables of one schema, on the database's own pool: it opens no connection of
 * its own, and `destroy` closes none. Migrations are not its business (`migrate`).
 */
export async function openDataSource(
  db: Database,
  { schema, entities }: { schema: string; entities: readonly (Class<unknown> | EntitySchema)[] },
): Promise<DataSource> {
  const { pool } = db;
  const shared = {
    connect: pool.connect.bind(pool),
    on: () => shared, // the database's own handlers are there already
    end: (done: () => void) => done(),
  };
  const driver = {
    ...pg,
    Pool: function SharedPool() {
      return shared;
    },
  };
  const source = new DataSource({
    type: 'postgres',
    driver,
    url: db.url,
    schema,
    entities: [...entities],
    synchronize: false,
    logging: false,
  });
  return source.initialize();
}
