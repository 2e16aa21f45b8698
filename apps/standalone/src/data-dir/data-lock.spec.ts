import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { sleep } from '#runtime';
import { takeDataDir } from './data-dir.js';
import { takeLock } from './data-lock.js';

let dataDir: string;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'larum-data-'));
});
afterEach(() => rmSync(dataDir, { recursive: true }));

describe('a data folder that two machines or containers share', () => {
  it('is refused while another machine or container on the same folder keeps its lock alive, and taken when that is silent', () => {
    const lock = join(dataDir, 'standalone.lock');
    writeFileSync(lock, JSON.stringify({ pid: 1, began: 'x', host: 'elsewhere' }));
    expect(() => takeDataDir(dataDir, 'exercise')).toThrow(/container elsewhere.*try again in 15 seconds$/);
    expect(readdirSync(dataDir)).toEqual(['standalone.lock']);
    expect(readFileSync(lock, 'utf8')).toContain('elsewhere');
    utimesSync(lock, 1_764_000_000, 1_764_000_000);
    takeDataDir(dataDir, 'exercise').release();
  });

  it('is left to whoever took it over while this machine slept, and this one is told', async () => {
    const lock = join(dataDir, 'standalone.lock');
    let letGo = (): void => {};
    const lost = new Promise<void>((resolve) => (letGo = takeLock(dataDir, resolve)));
    writeFileSync(lock, JSON.stringify({ pid: 1, began: 'x', host: 'elsewhere' }));
    await lost;
    letGo();
    expect(readFileSync(lock, 'utf8')).toContain('elsewhere');
  });

  it('is seen to be in use for as long as it is', async () => {
    const held = takeDataDir(dataDir, 'exercise');
    const lock = join(dataDir, 'standalone.lock');
    utimesSync(lock, 1_764_000_000, 1_764_000_000);
    while (statSync(lock).mtimeMs < 1_765_000_000_000) await sleep(50);
    held.release();
    expect(existsSync(lock)).toBe(false);
  });
});
