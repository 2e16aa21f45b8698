import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { testDatabase } from '#postgres/testing';
import { silentLog } from '#runtime';
import { openDatabase } from './open-database.js';

// Who calls us may keep every file to himself; then the data lies elsewhere, and so do these tests.
const umask = process.umask(0o022);
afterAll(() => void process.umask(umask));

let dataDir: string;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'larum-open-'));
  chmodSync(dataDir, 0o755); // else root's database lies elsewhere
});
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

const at = (DATABASE_URL?: string, MODE: 'live' | 'exercise' = 'exercise') =>
  openDatabase({ DATA_DIR: dataDir, DATABASE_URL, MODE }, silentLog);

/** The server of the embedded database, if one runs. */
function serverPid(): number | undefined {
  try {
    const pid = Number(
      readFileSync(join(dataDir, 'postgres', 'cluster', 'postmaster.pid'), 'utf8').split('\n')[0],
    );
    process.kill(pid, 0);
    return pid;
  } catch {
    return undefined;
  }
}

describe('the database of a start', () => {
  it('is its own when none is named: it keeps what was written, and ends with the start', async () => {
    const first = await at();
    await first.db.execute('create table note (text text)');
    expect(serverPid()).toBeGreaterThan(0);
    await first.close();
    expect(serverPid()).toBeUndefined();
    const second = await at();
    expect(await second.db.query('select count(*)::int as n from note')).toEqual([{ n: 0 }]);
    await second.close();
  }, 60_000);

  it('of its own is stopped again when it belongs to the other world', async () => {
    await (await at(undefined, 'live')).close();
    await expect(at(undefined, 'exercise')).rejects.toThrow(
      /belongs to the world live, and this process runs in exercise/,
    );
    expect(serverPid()).toBeUndefined();
  }, 60_000);

  it('is the operator’s where one is named, and then no other is made', async () => {
    const own = await testDatabase();
    const opened = await at(own.url);
    expect(opened.url).toBe(own.url);
    await opened.close();
    expect(existsSync(join(dataDir, 'postgres'))).toBe(false);
    await own.close();
  }, 60_000);

  it('that belongs to the other world is refused, and lets its connections go', async () => {
    const own = await testDatabase({ max: 1 });
    const connections = async () => {
      const [row] = await own.db.query<{ n: number }>(
        'select count(*)::int as n from pg_stat_activity where datname = current_database()',
      );
      return row?.n;
    };
    const before = await connections();
    await (await at(own.url, 'live')).close();
    await expect(at(own.url, 'exercise')).rejects.toMatchObject({ forOperator: true, name: 'OtherWorld' });
    for (let looks = 0; looks < 1_000 && (await connections()) !== before; looks += 1) await sleep(20);
    expect(await connections()).toBe(before);
    await own.close();
  }, 60_000);
});
