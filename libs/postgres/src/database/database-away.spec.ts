import { describe, expect, it } from '@jest/globals';
import {
  asDatabaseError,
  codeOf,
  databaseAway,
  DatabaseAway,
  DatabaseNotOpened,
  isStalePlan,
} from './database-away.js';

const failed = (message: string, code?: string): Error => Object.assign(new Error(message), { code });

describe('an error of the database', () => {
  it.each([
    ['nobody listens', 'ECONNREFUSED'],
    ['the line was cut', 'ECONNRESET'],
    ['the line was given up', 'ECONNABORTED'],
    ['the name is unknown at the moment', 'ENOTFOUND'],
    ['names cannot be looked up', 'EAI_AGAIN'],
    ['there is no way to the host', 'EHOSTUNREACH'],
    ['there is no way to the net', 'ENETUNREACH'],
    ['it took too long', 'ETIMEDOUT'],
    ['the other end has closed', 'EPIPE'],
    ['connection_exception', '08000'],
    ['connection_failure', '08006'],
    ['protocol_violation', '08P01'],
    ['insufficient_resources', '53000'],
    ['disk_full', '53100'],
    ['out_of_memory', '53200'],
    ['too_many_connections', '53300'],
    ['read_only_sql_transaction, as on a standby', '25006'],
    ['idle_in_transaction_session_timeout', '25P03'],
    ['query_canceled, as by statement_timeout', '57014'],
    ['admin_shutdown', '57P01'],
    ['crash_shutdown', '57P02'],
    ['cannot_connect_now', '57P03'],
    ['idle_session_timeout', '57P05'],
  ])('can pass: %s (%s)', (_, code) => {
    const error = failed('something', code);
    const away = asDatabaseError(error);
    expect(away).toBeInstanceOf(DatabaseAway);
    expect(away).toMatchObject({ name: 'DatabaseAway', cause: error });
  });

  it.each([
    'Connection terminated',
    'Connection terminated unexpectedly',
    'Connection terminated due to connection timeout',
    'timeout exceeded when trying to connect',
    'timeout expired',
    'Client was closed and is not queryable',
    'Client has encountered a connection error and is not queryable',
    'Query read timeout',
    'Cannot use a pool after calling end on the pool',
  ])('can pass, though the driver gives it no code: %s', (message) =>
    expect(asDatabaseError(failed(message))).toBeInstanceOf(DatabaseAway),
  );

  it.each([
    ['unique_violation', '23505'],
    ['not_null_violation', '23502'],
    ['check_violation', '23514'],
    ['undefined_table', '42P01'],
    ['syntax_error', '42601'],
    ['invalid_text_representation', '22P02'],
    ['untranslatable_character', '22P05'],
    ['raise_exception', 'P0001'],
    ['invalid_password', '28P01'],
    ['feature_not_supported, other than a stale plan', '0A000'],
    ['a class that only begins alike', '0800'],
    ['a file that is not there', 'ENOENT'],
  ])('does not pass by waiting: %s (%s)', (_, code) => {
    const error = failed('something', code);
    expect(asDatabaseError(error)).toBe(error);
  });

  it('is not one only because somebody quotes the driver in the middle of a sentence', () => {
    const error = failed('the officer wrote: Connection terminated');
    expect(asDatabaseError(error)).toBe(error);
  });

  it.each([undefined, null, 'a text', 7, { code: '57P01' }])(
    'stays what it is when it is none: %p',
    (thrown) => expect(asDatabaseError(thrown)).toBe(thrown),
  );

  it('is wrapped once, however many hands it goes through', () => {
    const away = new DatabaseAway(failed('cut', 'ECONNRESET'));
    expect(asDatabaseError(asDatabaseError(away))).toBe(away);
  });

  it('says what happened, by its code where it has no sentence', () => {
    expect(new DatabaseAway(failed('connect ECONNREFUSED 127.0.0.1:5432', 'ECONNREFUSED')).message).toBe(
      'the database does not answer: connect ECONNREFUSED 127.0.0.1:5432',
    );
    expect(new DatabaseAway(failed('', 'ECONNREFUSED')).message).toBe(
      'the database does not answer: ECONNREFUSED',
    );
  });

  it('has a code only where it is a text', () => {
    expect(codeOf(failed('x', '23505'))).toBe('23505');
    expect(codeOf(Object.assign(new Error('x'), { code: 7 }))).toBe('');
    expect(codeOf(new Error('x'))).toBe('');
    expect(codeOf({ code: '23505' })).toBe('');
    expect(codeOf(undefined)).toBe('');
  });
});

describe('a statement that was prepared before a migration', () => {
  const stale = failed('cached plan must not change result type', '0A000');

  it('is known, also once it was wrapped, and can be tried again', () => {
    expect(isStalePlan(stale)).toBe(true);
    expect(asDatabaseError(stale)).toBeInstanceOf(DatabaseAway);
    expect(isStalePlan(asDatabaseError(stale))).toBe(true);
  });

  it('is not confused with what is not supported at all, nor with a server that is away', () => {
    expect(isStalePlan(failed('cannot use a window function here', '0A000'))).toBe(false);
    expect(isStalePlan(failed('cached plan must not change result type', 'XX000'))).toBe(false);
    expect(isStalePlan(new DatabaseAway(failed('cut', 'ECONNRESET')))).toBe(false);
    expect(isStalePlan(undefined)).toBe(false);
  });
});

describe('a database that cannot be opened at the start', () => {
  const url = 'postgres://larum:s3cret@db.example:5433/house';

  it.each([
    [
      'to start it, where nobody answers',
      failed('connect ECONNREFUSED', 'ECONNREFUSED'),
      'start PostgreSQL there, or correct DATABASE_URL',
    ],
    [
      'to correct the address, where it refuses us',
      failed('password authentication failed', '28P01'),
      'cannot be opened (password authentication failed): correct DATABASE_URL',
    ],
    [
      'to correct the address, where there is no such database',
      failed('database "house" does not exist', '3D000'),
      'does not exist): correct DATABASE_URL',
    ],
    ['the code, where there is no sentence', failed('', 'ECONNREFUSED'), '(ECONNREFUSED)'],
    ['whatever was thrown', 'a text', '(a text)'],
  ])('tells the operator %s', (_, cause, says) => {
    const error = new DatabaseNotOpened(url, cause);
    expect(error.message).toContain(says);
    expect(error.forOperator).toBe(true);
    expect(error.cause).toBe(cause);
  });

  it('names host, port and database, and neither user nor password', () => {
    const { message } = new DatabaseNotOpened(url, failed('x'));
    expect(message).toContain('the database db.example:5433/house cannot');
    expect(message).not.toMatch(/s3cret|larum/);
    expect(new DatabaseNotOpened('postgres://localhost/house', failed('x')).message).toContain(
      'the database localhost/house cannot',
    );
  });
});

describe('a start that failed', () => {
  const url = 'postgres://larum:s3cret@db.example:5433/house';
  const opening = (message: string, code: string) => new DatabaseNotOpened(url, failed(message, code));

  it.each([
    ['nobody listens yet', opening('connect ECONNREFUSED 10.0.0.7:5433', 'ECONNREFUSED')],
    ['the name is not known yet', opening('getaddrinfo ENOTFOUND db.example', 'ENOTFOUND')],
    ['the server is starting', opening('the database system is starting up', '57P03')],
    ['the server is full', opening('sorry, too many clients already', '53300')],
    ['nobody answers at all', new DatabaseNotOpened(url, failed('timeout expired'))],
    ['it went in the midst of the migrations', new DatabaseAway(failed('cut', 'ECONNRESET'))],
  ])('can be tried again: %s', (_, error) => {
    expect(databaseAway(error)).toBeInstanceOf(DatabaseAway);
    expect(databaseAway(error)?.message).toMatch(/^the database does not answer: ./);
  });

  it.each([
    ['the password is wrong', opening('password authentication failed', '28P01')],
    ['this user may not', opening('no pg_hba.conf entry', '28000')],
    ['there is no such database', opening('database "house" does not exist', '3D000')],
    ['the server has no TLS', new DatabaseNotOpened(url, failed('The server does not support SSL'))],
    ['the mail relay refuses', failed('connect ECONNREFUSED 10.0.0.8:25', 'ECONNREFUSED')],
    ['the port is taken', failed('listen EADDRINUSE', 'EADDRINUSE')],
    ['a fault of ours', new TypeError('x is not a function')],
    ['no error at all', undefined],
  ])('is not mended by waiting for the database: %s', (_, error) =>
    expect(databaseAway(error)).toBeUndefined(),
  );
});
