import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { readRunFile, removeRunFile, writeRunFile } from './run-file.js';

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
    expect(readRunFile(dataDir)).toEqual(run);
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

  it('does not believe a file that something else wrote', () => {
    writeFileSync(join(dataDir, 'run.json'), '{"pid":"me"}');
    expect(readRunFile(dataDir)).toBeUndefined();
  });
});
