import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { takeDataDir } from './data-dir.js';

let dataDir: string;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'larum-data-'));
});
afterEach(() => rmSync(dataDir, { recursive: true }));

describe('a data folder', () => {
  it('is one process’s own: a second start says who has it, and touches nothing', () => {
    const held = takeDataDir(dataDir, 'exercise');
    const before = readdirSync(dataDir).sort();
    expect(() => takeDataDir(dataDir, 'exercise')).toThrow(`process ${process.pid}`);
    expect(readdirSync(dataDir).sort()).toEqual(before);
    held.release();
    takeDataDir(dataDir, 'exercise').release();
  });

  it.each([
    ['a process that was killed', JSON.stringify({ pid: 4_194_400, began: '1' })],
    ['an earlier process whose id is another’s now', JSON.stringify({ pid: process.pid, began: 'long ago' })],
    ['a crash in the middle of a write', '{"pid":'],
  ])('is taken over from %s', (_, left) => {
    writeFileSync(join(dataDir, 'standalone.lock'), left);
    takeDataDir(dataDir, 'exercise').release();
  });

  it('remembers its world and refuses the other, and is free again afterwards', () => {
    takeDataDir(dataDir, 'exercise').release();
    expect(() => takeDataDir(dataDir, 'live')).toThrow('belongs to the world exercise');
    takeDataDir(dataDir, 'exercise').release();
  });
});
