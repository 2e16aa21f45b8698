import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { spawnSync } from 'node:child_process';
import { afterAll, afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Database, DatabaseAway, DataInUse, DataMoved, EmbeddedPostgres } from '#postgres';
import { silentLog, sleep } from '#runtime';
import { isAlive, readPostmaster } from '../server/server-process.js';
import { runChild } from '../testing/child.js';
import { findBinaries, installedBinaries, makeWhole } from './binaries.js';
import { chooseUser } from './run-as.js';

const isRoot = process.getuid?.() === 0;
const asRoot = isRoot ? describe : describe.skip;
if (!isRoot)
  console.warn('SKIPPED: what the embedded database does as root, because these tests do not run as root');

/** An ordinary user, who owns nothing here. */
const nobody = { uid: 65_534, gid: 65_534 };
const canReach = (file: string) =>
  spawnSync('test', ['-r', path.resolve(file)], { ...nobody, cwd: '/' }).status === 0;
// Where the checkout lies is the machine's affair; that he can use what was installed into one which he can read is ours.
const itAsNobody = isRoot && canReach('package.json') ? it : it.skip;
if (isRoot && itAsNobody !== it)
  console.warn(
    `SKIPPED: the embedded database as an ordinary user, who cannot read ${path.resolve()}: open it to others, and this is tried too`,
  );

const main = new URL('../testing/embedded-main.ts', import.meta.url);
let folder: string;
let dataDir: string;
let running: EmbeddedPostgres[] = [];

// Who calls us may keep every file to himself; then the data lies elsewhere, and so do these tests.
const umask = process.umask(0o022);
afterAll(() => void process.umask(umask));
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'larum-embedded-'));
  chmodSync(folder, 0o755);
  dataDir = path.join(folder, 'postgres');
});
afterEach(async () => {
  for (const one of running) await one.stop();
  running = [];
  for (const note of ['postgres', 'other'].map((name) => path.join(folder, name, 'moved-to'))) {
    if (existsSync(note)) rmSync(readFileSync(note, 'utf8').trim(), { recursive: true, force: true });
  }
  rmSync(folder, { recursive: true, force: true });
});

const start = async (where = dataDir): Promise<EmbeddedPostgres> => {
  const server = await EmbeddedPostgres.start({ dataDir: where, log: silentLog });
  running.push(server);
  return server;
};

async function ask<T extends Record<string, unknown>>(url: string, sql: string): Promise<T[]> {
  const db = await Database.open({ url, max: 1, log: silentLog });
  try {
    return await db.query<T>(sql);
  } finally {
    await db.close();
  }
}

type Started = { pid: number; url: string };
const startedBy = async (child: ReturnType<typeof runChild>): Promise<Started> =>
  JSON.parse(await child.line('"pid"')) as Started;

describe('the embedded database', () => {
  it('starts on an empty folder, keeps what is committed, and carries on at the next start', async () => {
    const first = await start();
    await ask(first.url, 'create table kept as select 42 as answer');
    await first.stop();
    expect(isAlive(first.pid)).toBe(false);
    const second = await start();
    expect(await ask(second.url, 'select * from kept')).toEqual([{ answer: 42 }]);
    expect(await ask(second.url, 'show fsync')).toEqual([{ fsync: 'on' }]);
  });

  it('lets nobody in without the password, and listens on loopback alone', async () => {
    const { url } = await start();
    const wrong = new URL(url);
    wrong.password = 'guessed';
    await expect(ask(wrong.href, 'select 1')).rejects.toThrow('password authentication failed');
    expect(await ask(url, 'show listen_addresses')).toEqual([{ listen_addresses: '127.0.0.1' }]);
    expect(await ask(url, 'select distinct auth_method from pg_hba_file_rules')).toEqual([
      { auth_method: 'scram-sha-256' },
    ]);
    expect(statSync(path.join(dataDir, 'password')).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder)).toEqual(['postgres']);
  });

  it('starts where a full disk had no room for its password the first time', async () => {
    mkdirSync(dataDir);
    writeFileSync(path.join(dataDir, 'password'), '');
    const { url } = await start();
    expect(await ask(url, 'select 1 as one')).toEqual([{ one: 1 }]);
    expect(statSync(path.join(dataDir, 'password')).mode & 0o777).toBe(0o600);
  });

  it('is in a process group of its own, so that Ctrl-C reaches only us', async () => {
    const { pid } = await start();
    const group = (of: number | string) =>
      readFileSync(`/proc/${of}/stat`, 'utf8').split(') ')[1]?.split(' ')[2];
    expect(group(pid)).toBe(String(pid));
    expect(group(pid)).not.toBe(group('self'));
  });

  it('stops a server whose owner was killed, and has everything that was committed', async () => {
    const child = runChild(main, [dataDir]);
    const { pid, url } = await startedBy(child);
    await ask(url, 'create table kept as select 7 as answer');
    child.process.kill('SIGKILL');
    await child.ended;
    expect(isAlive(pid)).toBe(true); // it lives on without its owner
    const server = await start();
    expect(isAlive(pid)).toBe(false);
    expect(await ask(server.url, 'select * from kept')).toEqual([{ answer: 7 }]);
  });

  it('waits for what a killed server left at work, beside which PostgreSQL refuses to start', async () => {
    const child = runChild(main, [dataDir]);
    const { pid, url } = await startedBy(child);
    const db = await Database.open({ url, max: 2, log: silentLog });
    // What never rests does not notice that its server has died.
    const restless = `do $$ declare enough timestamptz := clock_timestamp() + interval '6 s';
      begin while clock_timestamp() < enough loop end loop; end $$`;
    void db.execute(restless).catch(() => undefined);
    const busy = async () => {
      const [row] = await db.query<{ pid: number }>(
        `select pid from pg_stat_activity where state = 'active' and query like 'do $$%'`,
      );
      return row?.pid;
    };
    let left: number | undefined;
    while (left === undefined) left = await busy();
    child.process.kill('SIGKILL');
    process.kill(pid, 'SIGKILL');
    await child.ended;
    const server = await start();
    expect(isAlive(left)).toBe(false);
    expect(await ask(server.url, 'select 1 as one')).toEqual([{ one: 1 }]);
    await db.close();
  }, 60_000);

  it('says who runs on the folder, before it touches anything', async () => {
    const child = runChild(main, [dataDir]);
    const { pid } = await startedBy(child);
    await expect(start()).rejects.toBeInstanceOf(DataInUse);
    await expect(start()).rejects.toThrow(`process ${child.process.pid} is running on the data folder`);
    expect(isAlive(pid)).toBe(true);
    child.process.kill('SIGTERM');
    expect(await child.ended).toBe(0);
    expect(isAlive(pid)).toBe(false);
  });

  it('does not fall for a process number that belongs to somebody else by now', async () => {
    const first = await start();
    await first.stop();
    const cluster = path.join(dataDir, 'cluster');
    writeFileSync(
      path.join(cluster, 'postmaster.pid'),
      `${process.pid}\n${cluster}\n1764000000\n5432\n\n127.0.0.1\n0 0\nready   \n`,
    );
    const second = await start();
    expect(await ask(second.url, 'select 1 as one')).toEqual([{ one: 1 }]);
  });

  it('comes back on the same address when its server was killed', async () => {
    const server = await start();
    const db = await Database.open({ url: server.url, max: 2, log: silentLog });
    await db.execute('create table kept as select 1 as n');
    const killed = server.pid;
    process.kill(killed, 'SIGKILL');
    try {
      const deadline = performance.now() + 60_000;
      let rows: unknown;
      while (rows === undefined && performance.now() < deadline) {
        await sleep(50);
        if (server.pid === killed) continue; // what the dead server's children still answer does not count
        rows = await db.query('select * from kept').catch((error: unknown) => {
          expect(error).toBeInstanceOf(DatabaseAway); // and nothing else, all the while
        });
      }
      expect(rows).toEqual([{ n: 1 }]);
    } finally {
      await db.close();
    }
  });

  it('does what the install script of its package would have done', () => {
    const copy = path.join(folder, 'native');
    cpSync(installedBinaries(), copy, { recursive: true, verbatimSymlinks: true });
    const links = readdirSync(path.join(copy, 'lib')).filter((name) =>
      lstatSync(path.join(copy, 'lib', name)).isSymbolicLink(),
    );
    for (const link of links) rmSync(path.join(copy, 'lib', link));
    for (const program of readdirSync(path.join(copy, 'bin')))
      chmodSync(path.join(copy, 'bin', program), 0o644);
    expect(makeWhole(copy)).toBe(true);
    expect(links.length).toBeGreaterThan(0);
    const made = readdirSync(path.join(copy, 'lib')).filter((name) =>
      lstatSync(path.join(copy, 'lib', name)).isSymbolicLink(),
    );
    expect(made).toEqual(links);
    chmodSync(copy, 0o755);
    expect(
      spawnSync(path.join(copy, 'bin', 'postgres'), ['--version'], { encoding: 'utf8' }).stdout,
    ).toContain('PostgreSQL) 18');
  });
});

asRoot('the embedded database, started as root', () => {
  it('runs as a user without rights', async () => {
    const { pid } = await start();
    expect(statSync(`/proc/${pid}`).uid).toBe(chooseUser()?.uid);
    expect(statSync(path.join(dataDir, 'cluster')).uid).toBe(chooseUser()?.uid);
  });

  it('keeps the data where that user can reach it when a parent is closed, and finds it again', async () => {
    chmodSync(folder, 0o700);
    const first = await start();
    await ask(first.url, 'create table kept as select 1 as n');
    await first.stop();
    const place = readFileSync(path.join(dataDir, 'moved-to'), 'utf8').trim();
    expect(existsSync(path.join(place, 'cluster', 'PG_VERSION'))).toBe(true);
    const other = await start(path.join(folder, 'other'));
    expect(readFileSync(path.join(folder, 'other', 'moved-to'), 'utf8').trim()).not.toBe(place);
    await expect(ask(other.url, 'select * from kept')).rejects.toMatchObject({ code: '42P01' });
    const second = await start();
    expect(await ask(second.url, 'select * from kept')).toEqual([{ n: 1 }]);
  });

  it('refuses a copy of a data folder, and one whose data is gone, rather than begin anew', async () => {
    chmodSync(folder, 0o700);
    const first = await start();
    await first.stop();
    const copy = path.join(folder, 'copy');
    cpSync(dataDir, copy, { recursive: true });
    await expect(start(copy)).rejects.toThrow('looks like a copy');
    rmSync(readFileSync(path.join(dataDir, 'moved-to'), 'utf8').trim(), { recursive: true });
    await expect(start()).rejects.toBeInstanceOf(DataMoved);
  });

  it('copies its programs to where that user can run them, once, and trusts no folder that others made', () => {
    const runAs = chooseUser();
    const closed = path.join(folder, 'closed');
    mkdirSync(closed, { mode: 0o700 });
    cpSync(installedBinaries(), path.join(closed, 'native'), { recursive: true, verbatimSymlinks: true });
    const copied = findBinaries(runAs, path.join(closed, 'native'), folder);
    expect(copied.startsWith(path.join(folder, 'larum-postgres-'))).toBe(true);
    const version = spawnSync(path.join(copied, 'bin', 'postgres'), ['--version'], {
      ...runAs,
      encoding: 'utf8',
    });
    expect(version.stdout).toContain('PostgreSQL) 18');
    expect(findBinaries(runAs, path.join(closed, 'native'), folder)).toBe(copied);
    chownSync(path.dirname(copied), 65_534, 65_534);
    const again = findBinaries(runAs, path.join(closed, 'native'), folder);
    expect(again).not.toBe(copied);
    expect(statSync(path.dirname(again)).uid).toBe(0);
  }, 60_000);

  it('leaves nothing behind when its programs cannot be copied to their end, as on a full disk', () => {
    const closed = path.join(folder, 'closed');
    mkdirSync(path.join(closed, 'native', 'bin'), { recursive: true, mode: 0o700 });
    for (const program of ['postgres', 'initdb', 'pg_ctl'])
      writeFileSync(path.join(closed, 'native', 'bin', program), '', { mode: 0o755 });
    spawnSync('mkfifo', [path.join(closed, 'native', 'pipe')]); // what no copy can be made of
    expect(() => findBinaries(chooseUser(), path.join(closed, 'native'), folder)).toThrow('pipe');
    expect(readdirSync(folder)).toEqual(['closed']);
  });

  itAsNobody('does the same for an ordinary user, as that user', async () => {
    mkdirSync(dataDir);
    chownSync(dataDir, nobody.uid, nobody.gid);
    const child = runChild(main, [dataDir], { as: nobody, env: { HOME: dataDir } });
    const { pid, url } = await startedBy(child);
    expect(statSync(`/proc/${pid}`).uid).toBe(nobody.uid);
    expect(readPostmaster(path.join(dataDir, 'cluster'))?.pid).toBe(pid);
    expect(await ask(url, 'select 1 as one')).toEqual([{ one: 1 }]);
    child.process.kill('SIGTERM');
    expect(await child.ended).toBe(0);
  });
});
