import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { readRunFile, removeRunFile, writeRunFile, writeWhole } from './run-file.js';

let dataDir: string;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'larum-run-'));
});
afterEach(() => rmSync(dataDir, { recursive: true }));

const run = {
  pid: process.pid,
  mode: 'exercise' as const,
  url: 'http://127.0.0.1:8080',
  databaseUrl: 'postgres://x',
};

describe('the file through which commands join a running system', () => {
  it('tells where the system is, to its owner alone', () => {
    writeRunFile(dataDir, run);
    expect(readRunFile(dataDir)).toMatchObject(run);
    expect(statSync(join(dataDir, 'run.json')).mode & 0o777).toBe(0o600);
  });

  it('says that nothing runs when the system was stopped, killed, or never started', () => {
    expect(readRunFile(dataDir)).toBeUndefined();
    writeRunFile(dataDir, { ...run, pid: 2 ** 22 + 1 });
    expect(readRunFile(dataDir)).toBeUndefined();
    writeRunFile(dataDir, run);
    removeRunFile(dataDir);
    expect(readRunFile(dataDir)).toBeUndefined();
  });

  it('is not believed about a process that has the number of one that is gone', () => {
    writeRunFile(dataDir, run);
    const file = join(dataDir, 'run.json');
    const written = JSON.parse(readFileSync(file, 'utf8')) as object;
    writeFileSync(file, JSON.stringify({ ...written, began: 'before the machine was started again' }));
    expect(readRunFile(dataDir)).toBeUndefined();
  });

  it('of an earlier version, which did not note when its process began, is still believed', () => {
    writeFileSync(join(dataDir, 'run.json'), JSON.stringify(run));
    expect(readRunFile(dataDir)).toEqual(run);
  });

  it.each(['{"pid":"me"}', '', '{"pid":', 'null', '[]', JSON.stringify({ ...run, mode: 'test' })])(
    'does not believe a file that something else wrote: %p',
    (content) => {
      writeFileSync(join(dataDir, 'run.json'), content);
      expect(readRunFile(dataDir)).toBeUndefined();
    },
  );

  it('is replaced whole, and leaves nothing beside it', () => {
    writeRunFile(dataDir, run);
    writeRunFile(dataDir, { ...run, url: 'http://127.0.0.1:9090' });
    expect(readdirSync(dataDir)).toEqual(['run.json']);
    expect(readRunFile(dataDir)?.url).toBe('http://127.0.0.1:9090');
  });

  it('is gone for good when it was removed, and removing it again is no mistake', () => {
    writeRunFile(dataDir, run);
    removeRunFile(dataDir);
    removeRunFile(dataDir);
    expect(readdirSync(dataDir)).toEqual([]);
  });
});

describe('a file that is written whole', () => {
  it('is replaced at once, and has the rights that were asked for', () => {
    const file = join(dataDir, 'key');
    writeWhole(file, 'old', 0o600);
    writeWhole(file, 'new', 0o600);
    expect([readFileSync(file, 'utf8'), statSync(file).mode & 0o777]).toEqual(['new', 0o600]);
    expect(readdirSync(dataDir)).toEqual(['key']);
  });

  it('stays as it was, or is not there, when it cannot be written: half a key would be taken for one for ever', () => {
    const [file, other] = [join(dataDir, 'key'), join(dataDir, 'other')];
    writeWhole(file, 'old', 0o600);
    for (const one of [file, other]) {
      mkdirSync(`${one}.${process.pid}`); // as a full disk: there is no room for the new one
      expect(() => writeWhole(one, 'new', 0o600)).toThrow();
    }
    expect(readFileSync(file, 'utf8')).toBe('old');
    expect(() => readFileSync(other)).toThrow('ENOENT');
  });
});
