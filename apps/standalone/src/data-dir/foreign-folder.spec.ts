import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { DataDirRefused } from './data-dir-refused.js';
import { takeDataDir } from './data-dir.js';

let dataDir: string;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'larum-data-'));
});
afterEach(() => rmSync(dataDir, { recursive: true }));

const inside = (): string[] =>
  readdirSync(dataDir)
    .toSorted()
    .map((name) => `${name}: ${readFileSync(join(dataDir, name), 'utf8')}`);

describe('a folder that a start is told to keep its data in', () => {
  it('that is full of somebody else’s things is refused in one sentence, and nothing in it is touched', () => {
    for (const name of ['passwd', 'hosts', 'old.log']) writeFileSync(join(dataDir, name), name);
    const before = inside();
    expect(() => takeDataDir(dataDir, 'exercise')).toThrow(
      `${dataDir} is not empty, and nothing in it is Larum's. Start on an empty or new folder: DATA_DIR=… npm start`,
    );
    expect(() => takeDataDir(dataDir, 'live')).toThrow(DataDirRefused);
    expect(inside()).toEqual(before);
  });

  it.each([
    ['a world', 'world'],
    ['a database alone, as after a crash at the first start', 'postgres'],
    ['the lock of a start that was killed', 'standalone.lock'],
    ['half a lock', 'standalone.lock.4711'],
    ['how to join it', 'run.json'],
    ['tokens', 'tokens.json'],
    ['their holders', 'token-holders.json'],
    ['the content of the next warning', 'next-warning.json'],
    ['its log', 'larum.log'],
    ['its practice world', 'practice-world'],
    ['a practice world that runs apart', 'practice-apart'],
  ])('that an earlier build left with %s is taken, whatever else lies there', (_, mark) => {
    writeFileSync(join(dataDir, 'notes.txt'), 'ours too');
    if (mark === 'postgres' || mark.startsWith('practice-')) mkdirSync(join(dataDir, mark));
    else writeFileSync(join(dataDir, mark), mark === 'world' ? 'exercise\n' : '');
    takeDataDir(dataDir, 'exercise').release();
    expect(readFileSync(join(dataDir, 'notes.txt'), 'utf8')).toBe('ours too');
  });

  it.each(['lost+found', 'terminal.log'])('with nothing but %s in it is as good as empty', (name) => {
    mkdirSync(join(dataDir, name));
    takeDataDir(dataDir, 'exercise').release();
    expect(readdirSync(dataDir)).toEqual([name]);
  });
});
