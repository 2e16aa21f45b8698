import { types } from 'node:util';

/**
 * The database cannot be reached, is starting, stopping, full or too busy. Trying again later can help; whether the
 * statement took effect is not known. HTTP answers 503, a consumer throws it on and gets its messages again.
 */
export class DatabaseAway extends Error {
  override readonly name = 'DatabaseAway';

  constructor(cause: unknown) {
    super(
      `the database does not answer: ${types.isNativeError(cause) && cause.message !== '' ? cause.message : codeOf(cause)}`,
      {
        cause,
      },
    );
  }
}

/**
 * A process could not open its database at the start. The operator starts the server, or corrects `DATABASE_URL`; the message says
 * which. No password stands in it.
 */
export class DatabaseNotOpened extends Error {
  override readonly name = 'DatabaseNotOpened';
  readonly forOperator = true;

  constructor(url: string, cause: unknown) {
    const what = types.isNativeError(cause) ? cause.message || codeOf(cause) : String(cause);
    const todo =
      asDatabaseError(cause) instanceof DatabaseAway ? 'start PostgreSQL there, or correct' : 'correct';
    super(`the database ${addressOf(url)} cannot be opened (${what}): ${todo} DATABASE_URL`, { cause });
  }
}

/** Why the database does not answer, when that is what a start failed of and trying again later can help; else undefined. */
export function databaseAway(error: unknown): DatabaseAway | undefined {
  const read = error instanceof DatabaseNotOpened ? asDatabaseError(error.cause) : error;
  return read instanceof DatabaseAway ? read : undefined;
}

/** Host, port and database of an address, without user and password. */
function addressOf(url: string): string {
  const { hostname, port, pathname } = new URL(url);
  return `${hostname}${port === '' ? '' : `:${port}`}${pathname}`;
}

/** Errors of the socket (Node) that mean: no database at the other end. */
const SOCKET_CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ETIMEDOUT',
  'EPIPE',
]);

/** SQLSTATEs (PostgreSQL, Appendix A) after which the same statement may work later; class 08 and 53 as a whole. */
const PASSING_STATES = new Set([
  '25006', // read_only_sql_transaction: we met a standby during a failover
  '25P03', // idle_in_transaction_session_timeout: we were frozen and the server ended the session
  '57014', // query_canceled: statement_timeout
  '57P01', // admin_shutdown
  '57P02', // crash_shutdown
  '57P03', // cannot_connect_now
  '57P05', // idle_session_timeout
]);

/** What `pg` says, without a code, when the connection is gone or none could be had. */
const CLIENT_SENTENCES =
  /^(Connection terminated|timeout exceeded when trying to connect|timeout expired|Client was closed|Client has encountered a connection error|Query read timeout|Cannot use a pool after calling end)/;

/** The error as `DatabaseAway` when trying again can help, else as it is. */
export function asDatabaseError(error: unknown): unknown {
  if (error instanceof DatabaseAway || !types.isNativeError(error)) return error;
  const code = codeOf(error);
  const away =
    SOCKET_CODES.has(code) ||
    PASSING_STATES.has(code) ||
    /^(08|53)...$/.test(code) ||
    CLIENT_SENTENCES.test(error.message) ||
    isStalePlan(error);
  return away ? new DatabaseAway(error) : error;
}

/**
 * The statement was prepared before a migration changed the columns that it answers with (SQLSTATE 0A000). Nothing was done; a
 * connection that has not prepared it yet does it.
 */
export function isStalePlan(error: unknown): error is Error {
  const cause = error instanceof DatabaseAway ? error.cause : error;
  return (
    types.isNativeError(cause) &&
    codeOf(cause) === '0A000' &&
    cause.message === 'cached plan must not change result type'
  );
}

/** The SQLSTATE or socket code of an error, else an empty text. */
export function codeOf(error: unknown): string {
  return types.isNativeError(error) && 'code' in error && typeof error.code === 'string' ? error.code : '';
}
