import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ByteLog } from './byte-log.js';

describe('a log of bytes', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'larum-bytes-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('has the bytes in the file when it answers, in the order in which they came', async () => {
    const path = join(folder, 'log');
    const log = await ByteLog.open(path);
    const spans = await Promise.all(
      ['first ', 'second ', 'third'].map((text) => log.append(Buffer.from(text))),
    );
    expect(await readFile(path, 'utf8')).toBe('first second third');
    expect(spans).toEqual([
      { offset: 0, bytes: 6 },
      { offset: 6, bytes: 7 },
      { offset: 13, bytes: 5 },
    ]);
    expect((await log.read(spans[1]!)).toString()).toBe('second ');
    await log.close();
  });

  it('goes on after its last byte when it is opened again', async () => {
    const path = join(folder, 'log');
    const before = await ByteLog.open(path);
    await before.append(Buffer.from('kept '));
    await before.close();
    const after = await ByteLog.open(path);
    expect(await after.append(Buffer.from('and more'))).toEqual({ offset: 5, bytes: 8 });
    expect(await readFile(path, 'utf8')).toBe('kept and more');
    await after.close();
  });

  it('says which file is too short instead of handing back half a message', async () => {
    const log = await ByteLog.open(join(folder, 'log'));
    await log.append(Buffer.from('short'));
    await expect(log.read({ offset: 0, bytes: 50 })).rejects.toThrow(/log ends before byte 50/);
    await log.close();
  });

  it('takes thousands of arrivals in far fewer writes', async () => {
    const log = await ByteLog.open(join(folder, 'log'));
    const line = Buffer.alloc(1_000, 'x');
    await Promise.all(Array.from({ length: 5_000 }, () => log.append(line)));
    expect(log.size).toBe(5_000_000);
    await log.close();
  });

  // A file of Linux on which every write fails as on a full disk.
  (existsSync('/dev/full') ? it : it.skip)(
    'says no to everybody once the disk is full, instead of losing in silence',
    async () => {
      const log = await ByteLog.open('/dev/full');
      const both = await Promise.allSettled([log.append(Buffer.from('one')), log.append(Buffer.from('two'))]);
      expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
      await expect(log.append(Buffer.from('three'))).rejects.toThrow(/cannot write .dev.full/);
      await log.close();
    },
  );
});
