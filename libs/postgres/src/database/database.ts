import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import type { Log } from '#runtime';
import { columnTypes } from '../values/column-types.js';
import { copyLines, type CopyRow } from '../values/copy-lines.js';
import { asDatabaseError, DatabaseAway, DatabaseNotOpened, isStalePlan } from './database-away.js';
import { type HeldLock, Listener } from './listener.js';
import { preparedName } from './prepared.js';

export type { HeldLock } from './listener.js';

/** Rows of a statement, read as `columnTypes` says. */
export type Row = Record<string, unknown>;

/** Whatever takes statements: the database itself, or one transaction of it. */
export type Queryable = {
  /** The rows of one statement. Throws `DatabaseAway` when trying again can help, else the error of `pg` with its SQLSTATE as `code`. */
  query<T extends Row>(sql: string, params?: readonly unknown[]): Promise<T[]>;
  /** How many rows a statement changed. */
  execute(sql: string, params?: readonly unknown[]): Promise<number>;
};

export type DatabaseOptions = {
  url: string;
  /** Most connections of the pool; the one that listens comes on top. Standalone shares 20 among all apps (DESIGN §5). */
  max?: number;
  log: Log;
  /** A statement that runs longer is ended by the server; one that is not answered soon after is given up with its connection. */
  statementTimeoutMs?: number;
  name?: string;
};

/** How long a frozen process may sit in an open transaction before the server ends it (DESIGN §2). */
const IDLE_IN_TRANSACTION_MS = 2_000;
const STATEMENT_TIMEOUT_MS = 30_000;
/**
 * The server itself ends a statement in time. One that has not said so by then has gone without a word, as a machine does that loses
 * its power or its network; the operating system alone would wait for it a quarter of an hour (tcp(7), `tcp_retries2`).
 */
const ANSWER_GRACE_MS = 2_000;
/** The longest that a timer can be. */
const NO_TIME_LIMIT_MS = 2 ** 31 - 1;
const CONNECT_TIMEOUT_MS = 5_000;

/** One process's door to PostgreSQL: a shared pool, and one connection that listens and holds locks for as long as it lives. */
export class Database implements Queryable {
  private constructor(
    readonly url: string,
    /** The pool, for TypeORM's data source alone (`openDataSource`). */
    readonly pool: pg.Pool,
    private readonly listener: Listener,
  ) {}

  /** Opens the pool and the listening connection. Throws `DatabaseNotOpened` when nobody answers, or refuses us. */
  static async open(options: DatabaseOptions): Promise<Database> {
    const { url, max = 20, log, statementTimeoutMs = STATEMENT_TIMEOUT_MS, name = 'larum' } = options;
    const settings = {
      connectionString: url,
      application_name: name,
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      keepAlive: true,
    };
    const pool = new pg.Pool({
      ...settings,
      max,
      idleTimeoutMillis: 30_000,
      statement_timeout: statementTimeoutMs,
      query_timeout: statementTimeoutMs + ANSWER_GRACE_MS,
      idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_MS,
    });
    pool.on('error', (error) => log.warn({ error }, 'an idle database connection was lost'));
    const listener = new Listener(settings, log);
    try {
      await pool.query('select 1');
      await listener.start();
    } catch (error) {
      await listener.close();
      await pool.end();
      throw new DatabaseNotOpened(url, error);
    }
    return new Database(url, pool, listener);
  }

  async query<T extends Row>(sql: string, params: readonly unknown[] = []): Promise<T[]> {
    return (await this.once(sql, params)).rows as T[];
  }

  async execute(sql: string, params: readonly unknown[] = []): Promise<number> {
    return (await this.once(sql, params)).rowCount ?? 0;
  }

  /**
   * Runs `work` in one transaction on one connection: committed when it returns, rolled back when it throws. Throws as well when a
   * statement had failed and `work` went on: the server has undone the whole.
   * Between two statements at most 2 s may pass, or the server ends the session: no waiting for the outside world inside.
   */
  async tx<T>(work: (tx: Queryable) => Promise<T>): Promise<T> {
    return this.onConnection(async (client) => {
      await client.query('begin');
      const tx: Queryable = {
        query: async <R extends Row>(sql: string, params: readonly unknown[] = []) =>
          (await run(client, sql, params)).rows as R[],
        execute: async (sql, params = []) => (await run(client, sql, params)).rowCount ?? 0,
      };
      const result = await work(tx);
      const { command } = await client.query('commit');
      if (command !== 'COMMIT')
        throw new Error('the transaction was undone, because a statement in it failed');
      return result;
    });
  }

  /**
   * Writes `rows` by COPY in one transaction, all or none, and returns how many. `table` and `columns` are names of our own
   * code, never input. A value is text, number, bigint, boolean, null, a Date, bytes, or an object that goes in as JSON.
   */
  async copyInto(
    table: string,
    columns: readonly string[],
    rows: AsyncIterable<CopyRow> | Iterable<CopyRow>,
  ): Promise<number> {
    return this.onConnection(async (client) => {
      await client.query('begin');
      await client.query('set local statement_timeout = 0'); // an import of a million rows takes as long as it takes
      const copy = copyFrom(`copy ${table} (${columns.join(', ')}) from stdin`);
      const copying = client.query(Object.assign(copy, { query_timeout: NO_TIME_LIMIT_MS }));
      await pipeline(Readable.from(copyLines(rows)), copying);
      await client.query('commit');
      return copying.rowCount;
    });
  }

  /**
   * Calls `onNotify` with the payload of each NOTIFY on `channel`, and once with an empty payload after every reconnect,
   * since what was sent meanwhile is lost. Notifications are a hint: whoever depends on one also polls. Returns the end of it.
   */
  listen(channel: string, onNotify: (payload: string) => void): () => void {
    return this.listener.listen(channel, onNotify);
  }

  /**
   * Takes the advisory lock `key` for as long as this process lives and is connected, if nobody holds it. `lost` is
   * called once when it went with the connection. Undefined when another process, or another part of this one, holds it.
   */
  async tryHold(key: bigint, lost: () => void): Promise<HeldLock | undefined> {
    return this.listener.tryHold(key, lost);
  }

  /** Ends all connections. Statements under way are waited for. */
  async close(): Promise<void> {
    await this.listener.close();
    await this.pool.end();
  }

  /** One statement on its own; once more, unprepared, when a migration changed what it answers since it was prepared. */
  private async once(sql: string, params: readonly unknown[]): Promise<pg.QueryResult> {
    let broken: Error | undefined;
    const onError = (error: Error): void => void (broken = error);
    const client = await this.connection(onError);
    try {
      return await run(client, sql, params);
    } catch (error) {
      // A statement that is refused leaves its connection as it was: a conflict of two officers costs no new connection.
      if (error instanceof DatabaseAway) broken = error;
      if (isStalePlan(error)) return await run(client, sql, params, 'unprepared');
      throw error;
    } finally {
      client.off('error', onError);
      client.release(broken);
    }
  }

  /**
   * A connection of the pool that tells `onError` when it is lost: from the first moment, because a server that is stopping can end it
   * in the very packet that makes it ready, and an error that nobody listens for ends the process.
   */
  private connection(onError: (error: Error) => void): Promise<pg.PoolClient> {
    return new Promise((resolve, reject) => {
      this.pool.connect((error, client) => {
        if (client === undefined) return reject(asDatabaseError(error));
        client.on('error', onError);
        resolve(client);
      });
    });
  }

  private async onConnection<T>(work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
    let broken: Error | undefined;
    const onError = (error: Error): void => void (broken = error);
    const client = await this.connection(onError);
    try {
      return await work(client);
    } catch (error) {
      const failure = asDatabaseError(error);
      // The server undoes what was done on a connection that goes; and the next try gets one that prepares its statements anew.
      if (failure instanceof DatabaseAway) broken = failure;
      else await client.query('rollback').catch((failed: Error) => void (broken = failed));
      throw failure;
    } finally {
      client.off('error', onError);
      client.release(broken);
    }
  }
}

/**
 * For a statement whose commit need not wait for the disk, because losing it only repeats work: `with ${SOON} update … from soon`. It
 * holds for that one transaction.
 */
export const SOON = "soon as materialized (select set_config('synchronous_commit', 'off', true))";

async function run(
  on: pg.PoolClient,
  sql: string,
  params: readonly unknown[],
  how: 'prepared' | 'unprepared' = 'prepared',
): Promise<pg.QueryResult> {
  try {
    const name = how === 'prepared' ? preparedName(sql) : undefined;
    return await on.query({
      ...(name === undefined ? {} : { name }),
      text: sql,
      values: [...params],
      types: columnTypes,
    });
  } catch (error) {
    throw asDatabaseError(error);
  }
}

/** The advisory lock key of one purpose in one schema (DESIGN §6): the first 64 bits of a SHA-256, signed as PostgreSQL wants it. */
export function lockKey(schema: string, purpose: string): bigint {
  return createHash('sha256').update(`${schema}\n${purpose}`).digest().readBigInt64BE(0);
}

/** A name in double quotes, safe as an identifier. */
export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
