import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { Database, EmbeddedPostgres } from '#postgres';
import { silentLog } from '#runtime';

let folder: string;
let dataDir: string;
let server: EmbeddedPostgres | undefined;

beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'larum-power-'));
  chmodSync(folder, 0o755);
  dataDir = path.join(folder, 'postgres');
});
afterEach(async () => {
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function kept<T>(work: (db: Database) => Promise<T>): Promise<T> {
  server = await EmbeddedPostgres.start({ dataDir, log: silentLog });
  const db = await Database.open({ url: server.url, max: 1, log: silentLog });
  try {
    return await work(db);
  } finally {
    await db.close();
    await server.stop();
  }
}
const record = () => kept((db) => db.execute('create table kept as select 7 as answer'));
const recorded = () => kept((db) => db.query('select * from kept'));

it.each<[string, (password: string) => void]>([
  ['empty', (password) => truncateSync(password)],
  ['gone', (password) => rmSync(password)],
])(
  'a database whose password is %s after a power cut lets its owner in, with all that was recorded',
  async (_, spoil) => {
    await record();
    const password = path.join(dataDir, 'password');
    spoil(password);
    expect(await recorded()).toEqual([{ answer: 7 }]);
    expect(statSync(password).mode & 0o777).toBe(0o600);
    expect(await recorded()).toEqual([{ answer: 7 }]);
  },
);

it('a database whose password is empty after a power cut lets its owner in also when a first try to mend that came to nothing', async () => {
  await record();
  const version = path.join(dataDir, 'cluster', 'PG_VERSION');
  const its = readFileSync(version, 'utf8');
  truncateSync(path.join(dataDir, 'password'));
  writeFileSync(version, '9.6\n'); // stands for whatever keeps it from being set: a kill, a full disk
  await expect(recorded()).rejects.toThrow();
  writeFileSync(version, its);
  expect(await recorded()).toEqual([{ answer: 7 }]);
});

it.each([
  ['empty', ''],
  ['full of zeros', '\0\0\0'],
])('a database whose lock file is %s after a power cut starts again', async (_, left) => {
  await record();
  writeFileSync(path.join(dataDir, 'cluster', 'postmaster.pid'), left);
  expect(await recorded()).toEqual([{ answer: 7 }]);
});
