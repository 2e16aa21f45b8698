import { beforeEach, describe, expect, it } from '@jest/globals';
import { DatabaseAway, DatabaseNotOpened } from '#postgres';
import { silentLog, type Log } from '#runtime';
import { untilDatabase } from './until-database.js';

const URL = 'postgres://larum:s3cret@127.0.0.1:5432/log';
const failed = (message: string, code: string): Error => Object.assign(new Error(message), { code });
const refused = new DatabaseNotOpened(URL, failed('connect ECONNREFUSED 127.0.0.1:5432', 'ECONNREFUSED'));
const booting = new DatabaseNotOpened(URL, failed('the database system is starting up', '57P03'));
const cut = new DatabaseAway(failed('Connection terminated unexpectedly', ''));

let told: string[];
let said: string[];
let stop: AbortController;
beforeEach(() => {
  told = [];
  said = [];
  stop = new AbortController();
});

/** Opens after these failures, and counts how often it was tried. */
function opens(...failures: unknown[]) {
  const opening = {
    tries: 0,
    result: () =>
      untilDatabase(
        async () => {
          const failure = failures[opening.tries];
          opening.tries += 1;
          if (failure !== undefined) throw failure;
          return 'open';
        },
        { board: { waitsFor: (name, why) => void told.push(`${name}: ${why}`) }, log },
        stop.signal,
      ),
  };
  return opening;
}
const log: Log = {
  ...silentLog,
  info: (fields, sentence) => void said.push(`info ${sentence} ${JSON.stringify(fields)}`),
  warn: (fields, sentence) => void said.push(`warn ${sentence} ${JSON.stringify(fields)}`),
};

describe('a service whose database does not answer yet', () => {
  it('opens at once when it does, without a word', async () => {
    expect(await opens().result()).toBe('open');
    expect([told, said]).toEqual([[], []]);
  });

  it('tries again until it answers, and tells the board why it waits', async () => {
    const opening = opens(refused, booting, cut);
    expect(await opening.result()).toBe('open');
    expect(opening.tries).toBe(4);
    expect(told).toEqual([
      'database: the database does not answer: connect ECONNREFUSED 127.0.0.1:5432',
      'database: the database does not answer: the database system is starting up',
      'database: the database does not answer: Connection terminated unexpectedly',
    ]);
  });

  it('logs that it waits, not each try of it, and that the wait is over', async () => {
    await opens(refused, refused, refused).result();
    expect(said).toEqual([
      'warn PostgreSQL does not answer and is tried again {"why":"the database does not answer: connect ECONNREFUSED 127.0.0.1:5432","attempt":1}',
      'info PostgreSQL answers {"attempts":3}',
    ]);
  });

  it('says nothing of the password', async () => {
    await opens(refused, booting).result();
    expect(`${told.join()} ${said.join()}`).not.toContain('s3cret');
  });

  it.each([
    ['the password is wrong', new DatabaseNotOpened(URL, failed('password authentication failed', '28P01'))],
    ['there is no such database', new DatabaseNotOpened(URL, failed('does not exist', '3D000'))],
    ['the database belongs to the other world', Object.assign(new Error('other'), { name: 'OtherWorld' })],
    ['a migration is wrong', failed('syntax error', '42601')],
    ['somebody else’s server refuses', failed('connect ECONNREFUSED 127.0.0.1:25', 'ECONNREFUSED')],
  ])('does not wait where waiting cannot help: %s', async (_, error) => {
    const opening = opens(error);
    await expect(opening.result()).rejects.toBe(error);
    expect(opening.tries).toBe(1);
  });

  it('finds such a mistake also when the database answers at last', async () => {
    const wrong = new DatabaseNotOpened(URL, failed('password authentication failed', '28P01'));
    await expect(opens(refused, wrong).result()).rejects.toBe(wrong);
  });

  it('ends its wait when it is told to stop', async () => {
    const opening = opens(...Array.from({ length: 1_000 }, () => refused));
    const waiting = opening.result();
    while (opening.tries < 3) await new Promise((resolve) => setTimeout(resolve, 5));
    stop.abort();
    expect(await waiting).toBeUndefined();
    expect(opening.tries).toBeLessThan(1_000);
  });

  it('does not even begin once it was told to stop', async () => {
    stop.abort();
    const opening = opens();
    expect(await opening.result()).toBeUndefined();
    expect(opening.tries).toBe(0);
  });
});
