import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { portsInARow } from '../support/house/ports.js';
import { mainOf, toTheEnd, type Ended } from '../support/house/to-the-end.js';

const APPS = readdirSync('apps').filter((app) => app !== 'standalone');
const STANDALONE = mainOf('standalone');
const LONGEST_MS = 120_000;

let folder: string;
let port: number;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'larum-start-'));
  chmodSync(folder, 0o755); // else root's database lies elsewhere, and nobody would look for it there
  port = await portsInARow(5);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** One sentence for an operator: no stack, no object, no path of our code. */
function expectSentence({ code, err }: Ended, sentence: RegExp): void {
  expect(err).toMatch(sentence);
  expect(err.trim().split('\n')).toHaveLength(1);
  expect(err).not.toMatch(/ {4}at |Error:|dist\//);
  expect(code).toBe(1);
}

const taken = (at: number): Promise<Server> =>
  new Promise((resolve) => {
    const server = createServer();
    server.listen(at, '127.0.0.1', () => resolve(server));
  });

/** The server of the embedded database in this folder, if one runs. */
function serverIn(dataDir: string): number | undefined {
  try {
    const note = readFileSync(join(dataDir, 'postgres', 'cluster', 'postmaster.pid'), 'utf8');
    const pid = Number(note.split('\n')[0]);
    if (!(pid > 0)) return undefined; // the server has made its note and not written it yet
    process.kill(pid, 0);
    return pid;
  } catch {
    return undefined; // no note, or no such process
  }
}

describe('a start that cannot be', () => {
  it.each(APPS)(
    'of %s without settings names all that are missing, in one sentence',
    async (app) => {
      expectSentence(await toTheEnd(mainOf(app)), /^configuration is wrong: ✖ is not set → at MODE/);
    },
    LONGEST_MS,
  );

  it(
    'of a service on a port that is taken says so, before it looks at anything else',
    async () => {
      const tokens = join(folder, 'tokens.json');
      writeFileSync(tokens, '[]');
      const other = await taken(port);
      const ended = await toTheEnd(mainOf('incident-log'), {
        MODE: 'exercise',
        DATABASE_URL: `postgres://larum:hunter2@127.0.0.1:${port}/log`,
        KAFKA_BROKERS: '127.0.0.1:9',
        TOKENS_FILE: tokens,
        PORT: String(port),
      });
      await new Promise((resolve) => other.close(resolve));
      expectSentence(ended, new RegExp(`port ${port} .* is taken by another program`));
    },
    LONGEST_MS,
  );

  it(
    'of everything on a port that is taken leaves nothing running, and the next start works on the same folder',
    async () => {
      const dataDir = join(folder, 'port');
      const env = { DATA_DIR: dataDir, PORT: String(port), PLAY_EXERCISE: 'no', PRACTICE_RECIPIENTS: '10' };
      const other = await taken(port);
      expectSentence(
        await toTheEnd(STANDALONE, env),
        new RegExp(`port ${port} .* is taken by another program`),
      );
      await new Promise((resolve) => other.close(resolve));
      expect(serverIn(dataDir)).toBeUndefined();
      expect(existsSync(dataDir)).toBe(false);

      let seen: number | undefined;
      const again = await toTheEnd(STANDALONE, env, {
        during: async (pid) => {
          for (let looks = 0; looks < 900 && !existsSync(join(dataDir, 'run.json')); looks += 1)
            await sleep(100);
          seen = serverIn(dataDir);
          process.kill(pid, 'SIGINT');
        },
      });
      expect(seen).toBeGreaterThan(0);
      expect(again).toMatchObject({ code: 0, err: '' });
      expect(again.out).toContain('Larum runs.');
      expect(serverIn(dataDir)).toBeUndefined();
    },
    2 * LONGEST_MS,
  );

  it(
    'that is given up while the database starts leaves no database behind',
    async () => {
      const dataDir = join(folder, 'given-up');
      let seen: number | undefined;
      const ended = await toTheEnd(
        STANDALONE,
        { DATA_DIR: dataDir, PORT: String(port), PLAY_EXERCISE: 'no' },
        {
          during: async (pid) => {
            for (let looks = 0; looks < 15_000 && serverIn(dataDir) === undefined; looks += 1) await sleep(5);
            seen = serverIn(dataDir);
            process.kill(pid, 'SIGINT');
          },
        },
      );
      expect(seen).toBeGreaterThan(0);
      expect(ended.err).not.toMatch(/ {4}at /);
      for (let looks = 0; looks < 300 && serverIn(dataDir) !== undefined; looks += 1) await sleep(100);
      expect(serverIn(dataDir)).toBeUndefined();
    },
    LONGEST_MS,
  );

  it.each([
    ['with a port that is none', { PORT: 'eighty' }, /→ at PORT$/m],
    ['in a world that is none', { MODE: 'test' }, /→ at MODE$/m],
    ['live without anything', { MODE: 'live' }, /✖ is not set → at DATABASE_URL/],
  ])(
    'of everything %s touches nothing',
    async (_, env, sentence) => {
      const dataDir = join(folder, 'untouched');
      expectSentence(await toTheEnd(STANDALONE, { DATA_DIR: dataDir, ...env }), sentence);
      expect(existsSync(dataDir)).toBe(false);
    },
    LONGEST_MS,
  );

  it(
    'of everything in a folder that is a file says so',
    async () => {
      const file = join(folder, 'file');
      writeFileSync(file, '');
      expectSentence(
        await toTheEnd(STANDALONE, { DATA_DIR: file }),
        /file cannot be used, because it is a file/,
      );
      expectSentence(
        await toTheEnd(STANDALONE, { DATA_DIR: join(file, 'data') }),
        /a part of it is a file and not a folder/,
      );
    },
    LONGEST_MS,
  );

  it(
    'of everything on an address of another machine leaves nothing behind, in a folder within folders either',
    async () => {
      const dataDir = join(folder, 'within', 'folders');
      expectSentence(
        await toTheEnd(STANDALONE, { DATA_DIR: dataDir, HOST: '192.0.2.1' }), // RFC 5737: nobody's
        /^192\.0\.2\.1 is not an address of this machine: correct HOST$/m,
      );
      expect(existsSync(join(folder, 'within'))).toBe(false);
    },
    LONGEST_MS,
  );

  it(
    'of everything with many mistakes tells all of them, in plain words',
    async () => {
      const ended = await toTheEnd(STANDALONE, {
        MODE: 'LIVE',
        PORT: 'x',
        LOG_LEVEL: 'loud',
        WATCH_MS: '-1',
      });
      expectSentence(ended, /✖ must be exercise or live → at MODE ✖ must be a number → at PORT/);
      for (const key of ['MODE', 'PORT', 'LOG_LEVEL', 'WATCH_MS']) expect(ended.err).toContain(`→ at ${key}`);
    },
    LONGEST_MS,
  );

  it(
    'of everything where the kernel lets nobody write says so',
    async () => {
      if (!existsSync('/sys/kernel')) return console.warn('NOT TESTED: there is no /sys here');
      expectSentence(
        await toTheEnd(STANDALONE, { DATA_DIR: '/sys/larum' }),
        /^\/sys\/larum cannot be used, because /,
      );
    },
    LONGEST_MS,
  );

  it(
    'of everything on the database of another version of PostgreSQL leaves it as it is',
    async () => {
      const dataDir = join(folder, 'other-version');
      const cluster = join(dataDir, 'postgres', 'cluster');
      mkdirSync(cluster, { recursive: true });
      writeFileSync(join(cluster, 'PG_VERSION'), '15\n');
      const ended = await toTheEnd(STANDALONE, { DATA_DIR: dataDir, PORT: String(port) });
      expectSentence(ended, /was made by PostgreSQL 15, and this Larum brings PostgreSQL 18: /);
      expect(readFileSync(join(cluster, 'PG_VERSION'), 'utf8')).toBe('15\n');
      expect(existsSync(join(dataDir, 'world'))).toBe(false);
    },
    LONGEST_MS,
  );

  it(
    'of everything on a database that does not answer leaves the folder free for the next',
    async () => {
      const dataDir = join(folder, 'no-database');
      const env = { DATA_DIR: dataDir, DATABASE_URL: `postgres://larum:hunter2@127.0.0.1:${port}/larum` };
      const ended = await toTheEnd(STANDALONE, env);
      expectSentence(ended, /cannot be opened .*: start PostgreSQL there, or correct DATABASE_URL/);
      expect(ended.err).not.toContain('hunter2');
      expect(existsSync(dataDir)).toBe(false); // as it was before: it belongs to no world, and the right start may follow
    },
    LONGEST_MS,
  );
});
