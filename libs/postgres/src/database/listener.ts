import pg from 'pg';
import { BackOff, type Log } from '#runtime';
import { columnTypes } from '../values/column-types.js';
import { asDatabaseError, DatabaseAway } from './database-away.js';

/** A lock that a process holds until it lets go or loses its connection. */
export type HeldLock = {
  /**
   * A short statement on the very connection that holds the lock, so that it happens while the lock is ours or not at all: nobody
   * who has lost it, or was frozen, writes late. Throws `DatabaseAway` when it is lost.
   */
  execute(sql: string, params?: readonly unknown[]): Promise<number>;
  release(): Promise<void>;
};

/** Asks the server whether it is still there, so that a connection that died silently is noticed. */
const BEAT_MS = 3_000;
/** No answer to a beat for this long: the connection is given up. */
const BEAT_TIMEOUT_MS = 5_000;
/** The server ends the session of a frozen process after this, and with it the locks that it holds. */
const IDLE_SESSION_MS = 15_000;

/**
 * The one connection of a process that listens and holds session locks. It comes back by itself; then every listener is
 * called once, because notifications sent meanwhile are lost, and every lock's holder is told that it lost it.
 */
export class Listener {
  private client: pg.Client | undefined;
  private readonly listeners = new Map<string, Set<(payload: string) => void>>();
  private readonly held = new Map<bigint, () => void>();
  private readonly stopping = new AbortController();
  private beat: NodeJS.Timeout | undefined;
  private turn: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly settings: pg.ClientConfig,
    private readonly log: Log,
  ) {}

  async start(): Promise<void> {
    await this.connect();
    this.beat = setInterval(() => this.tell('select 1'), BEAT_MS);
    this.beat.unref();
  }

  listen(channel: string, onNotify: (payload: string) => void): () => void {
    const calls = this.listeners.get(channel) ?? new Set();
    if (calls.size === 0) this.tell(`listen ${pg.escapeIdentifier(channel)}`);
    calls.add(onNotify);
    this.listeners.set(channel, calls);
    return () => {
      if (!calls.delete(onNotify) || calls.size > 0) return;
      this.listeners.delete(channel);
      this.tell(`unlisten ${pg.escapeIdentifier(channel)}`);
    };
  }

  async tryHold(key: bigint, lost: () => void): Promise<HeldLock | undefined> {
    const { client } = this;
    if (client === undefined || this.held.has(key)) return undefined; // the server would let one session lock twice
    this.held.set(key, lost);
    try {
      const { rows } = await this.inTurn<{ got: boolean }>(client, 'select pg_try_advisory_lock($1) as got', [
        key,
      ]);
      if (rows[0]?.got === true && this.client === client) {
        return {
          execute: (sql, params) => this.execute(key, lost, sql, params),
          release: () => this.release(key, lost),
        };
      }
      this.forget(key, lost);
      return undefined;
    } catch (error) {
      this.forget(key, lost);
      this.drop(client); // its answer may still come: a lock that nobody knows of would keep everybody out
      throw asDatabaseError(error);
    }
  }

  async close(): Promise<void> {
    this.stopping.abort();
    clearInterval(this.beat);
    const { client } = this;
    this.client = undefined;
    await client?.end().catch(() => {});
  }

  private async execute(
    key: bigint,
    lost: () => void,
    sql: string,
    params: readonly unknown[] = [],
  ): Promise<number> {
    const { client } = this;
    if (client === undefined || this.held.get(key) !== lost)
      throw new DatabaseAway(new Error('the lock went with its connection'));
    try {
      return (await this.inTurn(client, sql, params)).rowCount ?? 0;
    } catch (error) {
      throw asDatabaseError(error);
    }
  }

  private async release(key: bigint, lost: () => void): Promise<void> {
    if (this.held.get(key) !== lost) return;
    const { client } = this;
    if (client !== undefined) {
      await this.inTurn(client, 'select pg_advisory_unlock($1)', [key]).catch(() => this.drop(client));
    }
    this.forget(key, lost);
  }

  private forget(key: bigint, lost: () => void): void {
    if (this.held.get(key) === lost) this.held.delete(key);
  }

  private async connect(): Promise<void> {
    const client = new pg.Client({ ...this.settings, query_timeout: BEAT_TIMEOUT_MS, types: columnTypes });
    client.on('notification', ({ channel, payload }) => this.call(channel, payload ?? ''));
    client.on('error', () => this.drop(client));
    client.on('end', () => this.drop(client));
    try {
      await client.connect();
      await client.query(`set idle_session_timeout = ${IDLE_SESSION_MS}`);
      for (const channel of this.listeners.keys())
        await client.query(`listen ${pg.escapeIdentifier(channel)}`);
      this.stopping.signal.throwIfAborted(); // closed meanwhile: nobody would ever end this one
    } catch (error) {
      client.end().catch(() => {});
      throw error;
    }
    this.client = client;
  }

  private drop(client: pg.Client | undefined): void {
    if (client === undefined || client !== this.client) return;
    this.client = undefined;
    client.end().catch(() => {});
    const lost = [...this.held.values()];
    this.held.clear();
    for (const tell of lost) tell();
    if (this.stopping.signal.aborted) return;
    this.log.warn({ locks: lost.length }, 'the listening database connection was lost');
    void this.reconnect();
  }

  private async reconnect(): Promise<void> {
    const pauses = new BackOff(50, 1_000);
    while (!this.stopping.signal.aborted) {
      try {
        await this.connect();
        this.log.info({ attempts: pauses.attempts }, 'the listening database connection is back');
        for (const channel of this.listeners.keys()) this.call(channel, '');
        return;
      } catch {
        await pauses.wait(this.stopping.signal);
      }
    }
  }

  private call(channel: string, payload: string): void {
    for (const onNotify of this.listeners.get(channel) ?? []) {
      try {
        onNotify(payload);
      } catch (error) {
        this.log.error({ error, channel }, 'a listener failed');
      }
    }
  }

  private tell(statement: string): void {
    const { client } = this;
    if (client !== undefined) void this.inTurn(client, statement).catch(() => this.drop(client));
  }

  /** One statement at a time: `pg` 9 will refuse a second one while the first is running. */
  private async inTurn<Row extends pg.QueryResultRow>(
    client: pg.Client,
    statement: string,
    params: readonly unknown[] = [],
  ): Promise<pg.QueryResult<Row>> {
    const asked = this.turn.then(() => client.query<Row>(statement, [...params]));
    this.turn = asked.catch(() => {});
    return asked;
  }
}
