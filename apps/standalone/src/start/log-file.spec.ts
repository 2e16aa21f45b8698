import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { logToFile } from './log-file.js';

let folder: string;
let told: string[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'larum-log-'));
  told = [];
});
afterEach(() => rmSync(folder, { recursive: true }));

const tell = (line: string) => void told.push(line);
async function written(file: string, holds: string): Promise<string> {
  for (let looks = 0; looks < 4_000 && !readFileSync(file, 'utf8').includes(holds); looks += 1)
    await sleep(5);
  return readFileSync(file, 'utf8');
}

describe('the log of a standalone', () => {
  it('goes to its file, for its owner alone, and leaves the terminal to the officer', async () => {
    const file = join(folder, 'larum.log');
    const log = logToFile(file, 'info', tell);
    log.info({ warningId: 'wrn_1' }, 'delivery accepted');
    log.warn({}, 'an idle database connection was lost');
    expect(await written(file, 'was lost')).toContain('delivery accepted');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(told).toEqual([]);
  });

  it('says on the terminal what a person must look at, in one line with its reason', async () => {
    const file = join(folder, 'larum.log');
    const log = logToFile(file, 'info', tell);
    log.error({ error: new Error('550 no such user <ann@people.example>') }, 'delivery refused');
    log.error({ code: 1 }, 'the embedded database ended by itself and is started again');
    expect(told[0]).toMatch(/^! delivery refused: 550 no such user <\[address \w+\]>$/);
    expect(told[1]).toBe('! the embedded database ended by itself and is started again');
    expect(await written(file, 'started again')).not.toContain('ann@');
  });

  it('goes on where an earlier start ended', async () => {
    const file = join(folder, 'larum.log');
    logToFile(file, 'info', tell).info({}, 'the first start');
    await written(file, 'the first start');
    logToFile(file, 'info', tell).info({}, 'the second start');
    expect((await written(file, 'the second start')).trim().split('\n')).toHaveLength(2);
  });

  it('on a disk that is full is told once per failure and stops nobody', async () => {
    if (!existsSync('/dev/full')) return console.warn('NOT TESTED: there is no /dev/full here');
    const log = logToFile('/dev/full', 'info', tell);
    log.info({}, 'lost');
    for (let looks = 0; looks < 4_000 && told.length === 0; looks += 1) await sleep(5);
    expect(told[0]).toMatch(/^the log file cannot be written: ENOSPC/);
    expect(() => log.info({}, 'and on it goes')).not.toThrow();
  });

  it('goes on when the disk has room again, and has said only once that there was none', async () => {
    if (!existsSync('/dev/full')) return console.warn('NOT TESTED: there is no /dev/full here');
    const file = join(folder, 'larum.log');
    symlinkSync('/dev/full', file);
    const log = logToFile(file, 'info', tell);
    log.info({}, 'lost');
    for (let looks = 0; looks < 4_000 && told.length === 0; looks += 1) await sleep(5);
    await sleep(1_200); // it is tried again once a second
    log.info({}, 'lost as well');
    await sleep(100);
    rmSync(file);
    writeFileSync(file, '');
    for (let tries = 0; tries < 200 && readFileSync(file, 'utf8') === ''; tries += 1) {
      log.info({}, 'there is room again');
      await sleep(100);
    }
    expect(readFileSync(file, 'utf8')).toContain('there is room again');
    expect(told).toHaveLength(1);
  });

  it('that cannot be opened at all stops the start, by an error that tells the operator where', () =>
    expect(() => logToFile(join(folder, 'no', 'larum.log'), 'info', tell)).toThrow(/ENOENT.*larum\.log/));
});
