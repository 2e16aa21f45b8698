import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
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

/** Every file below the folder with its text, so that two looks can be compared. */
const inside = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .map((one) => join(one.parentPath, one.name))
    .map((path) => (statSync(path).isFile() ? `${path}: ${readFileSync(path, 'utf8')}` : path))
    .toSorted();

const keptAs = (mode: 'live' | 'exercise') => {
  const held = takeDataDir(dataDir, mode);
  held.keep();
  held.release();
};

describe('a data folder', () => {
  it('is one process’s own: a second start says who has it, and touches nothing', () => {
    const held = takeDataDir(dataDir, 'exercise');
    const before = inside(dataDir);
    expect(() => takeDataDir(dataDir, 'exercise')).toThrow(`process ${process.pid}`);
    expect(inside(dataDir)).toEqual(before);
    held.release();
    takeDataDir(dataDir, 'exercise').release();
  });

  it.each([
    ['a process that was killed', JSON.stringify({ pid: 4_194_400, began: '1' })],
    ['an earlier process whose id is another’s now', JSON.stringify({ pid: process.pid, began: 'long ago' })],
    ['a crash in the middle of a write', '{"pid":'],
    ['something that is no lock at all', '[]'],
  ])('is taken over from %s', (_, left) => {
    const lock = join(dataDir, 'standalone.lock');
    writeFileSync(lock, left);
    const held = takeDataDir(dataDir, 'exercise');
    expect(JSON.parse(readFileSync(lock, 'utf8'))).toMatchObject({ pid: process.pid });
    held.release();
    expect(existsSync(lock)).toBe(false);
  });

  it('belongs to a world as a whole or not at all: a disk that is full then binds it to none', () => {
    const held = takeDataDir(dataDir, 'exercise');
    mkdirSync(join(dataDir, `world.${process.pid}`)); // as a full disk: the file cannot be written
    expect(() => held.keep()).toThrow();
    rmdirSync(join(dataDir, `world.${process.pid}`));
    held.release();
    takeDataDir(dataDir, 'live').release();
  });

  it('is not taken from a process that runs, whatever world it asks for', () => {
    const held = takeDataDir(dataDir, 'exercise');
    held.keep();
    for (const mode of ['exercise', 'live'] as const)
      expect(() => takeDataDir(dataDir, mode)).toThrow(/already runs on .*Stop it first, or .*DATA_DIR=/);
    held.release();
  });

  it.each([
    ['exercise', 'live'],
    ['live', 'exercise'],
  ] as const)('of the world %s refuses a start in %s, and is free and as it was afterwards', (own, other) => {
    keptAs(own);
    const before = inside(dataDir);
    expect(() => takeDataDir(dataDir, other)).toThrow(
      `belongs to the world ${own}, and this start asks for ${other}`,
    );
    expect(inside(dataDir)).toEqual(before);
    keptAs(own);
  });

  it('tells the operator in one sentence, without a stack', () => {
    keptAs('live');
    let thrown: unknown;
    try {
      takeDataDir(dataDir, 'exercise');
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(DataDirRefused);
    expect(thrown).toMatchObject({ forOperator: true });
  });

  it('of a start that was refused belongs to no world: the right start may follow', () => {
    takeDataDir(dataDir, 'live').release();
    expect(inside(dataDir)).toEqual([]);
    keptAs('exercise');
  });

  it.each(['data', 'data/of/conwy'])('that was made for a refused start is gone again: %s', (path) => {
    const held = takeDataDir(join(dataDir, path), 'exercise');
    writeFileSync(join(dataDir, path, 'larum.log'), 'the start that failed\n');
    held.release();
    expect(inside(dataDir)).toEqual([]);
  });

  it('that was made and then used by somebody else is left to them', () => {
    const held = takeDataDir(join(dataDir, 'data'), 'exercise');
    writeFileSync(join(dataDir, 'data', 'theirs'), '');
    held.release();
    expect(readdirSync(join(dataDir, 'data'))).toEqual(['theirs']);
  });

  it('with something in it loses nothing by a start that was refused', () => {
    writeFileSync(join(dataDir, 'larum.log'), 'an earlier start\n');
    mkdirSync(join(dataDir, 'postgres'));
    const before = inside(dataDir);
    takeDataDir(dataDir, 'exercise').release();
    expect(inside(dataDir)).toEqual(before);
  });

  it('whose note of its world cannot be read is not taken for a new one', () => {
    mkdirSync(join(dataDir, 'world')); // stands for any failure but "there is none"
    expect(() => takeDataDir(dataDir, 'exercise')).toThrow(/EISDIR/);
  });

  it('has a lock that its owner alone can read', () => {
    chmodSync(dataDir, 0o755);
    const held = takeDataDir(dataDir, 'exercise');
    expect(statSync(join(dataDir, 'standalone.lock')).mode & 0o777).toBe(0o600);
    held.release();
  });
});
