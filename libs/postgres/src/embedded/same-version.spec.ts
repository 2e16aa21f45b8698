import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { silentLog } from '#runtime';
import { installedBinaries } from './binaries.js';
import { EmbeddedPostgres } from './embedded-postgres.js';
import { expectSameVersion } from './same-version.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'larum-version-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));
const madeBy = (version: string) => writeFileSync(join(folder, 'PG_VERSION'), `${version}\n`);

describe('data of PostgreSQL', () => {
  it('is read by the version that made it', () => {
    madeBy('18');
    expect(() => expectSameVersion(folder, installedBinaries())).not.toThrow();
  });

  it.each(['9.6', '15', '17', '19'])(
    'of version %s is refused with both versions and three ways on, untouched',
    (version) => {
      madeBy(version);
      expect(() => expectSameVersion(folder, installedBinaries())).toThrow(
        new RegExp(
          `made by PostgreSQL ${version.replace('.', '\\.')}, and this Larum brings PostgreSQL 18: .*pg_dump.*new data folder`,
        ),
      );
      expect(readdirSync(folder)).toEqual(['PG_VERSION']);
      expect(readFileSync(join(folder, 'PG_VERSION'), 'utf8')).toBe(`${version}\n`);
    },
  );

  it('is left to the server itself where the programs do not say which version they are', () => {
    madeBy('15');
    expect(() => expectSameVersion(folder, join(folder, 'nowhere'))).not.toThrow();
  });

  it('of another version stops a start before a server is started, and frees the folder', async () => {
    const { mkdirSync, chmodSync } = await import('node:fs');
    chmodSync(folder, 0o755);
    const cluster = join(folder, 'cluster');
    mkdirSync(cluster);
    writeFileSync(join(cluster, 'PG_VERSION'), '15\n');
    await expect(EmbeddedPostgres.start({ dataDir: folder, log: silentLog })).rejects.toMatchObject({
      name: 'OtherVersion',
      forOperator: true,
    });
    expect(readdirSync(cluster)).toEqual(['PG_VERSION']);
    expect(readdirSync(folder)).not.toContain('owner.json');
  });
});
