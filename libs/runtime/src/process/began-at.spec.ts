import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { beganAt, sleep } from '#runtime';

describe('when a process began', () => {
  it('is the same at every look, and another for every process', async () => {
    const own = beganAt(process.pid);
    expect(own).not.toBe('');
    await sleep(20);
    expect(beganAt(process.pid)).toBe(own);
    const child = spawn('sleep', ['5']);
    expect(beganAt(child.pid ?? 0)).not.toBe('');
    expect(beganAt(child.pid ?? 0)).not.toBe(own);
    child.kill('SIGKILL');
    await new Promise((resolve) => child.once('exit', resolve));
  });

  it.each([4_194_400, 2 ** 30])('is nothing for a process that there is not: %i', (pid) =>
    expect(beganAt(pid)).toBe(''),
  );

  it('is asked of ps, where there is no /proc, in words that depend on nobody’s language or time zone', () => {
    const folder = mkdtempSync(path.join(os.tmpdir(), 'larum-ps-'));
    writeFileSync(path.join(folder, 'ps'), '#!/bin/sh\necho "$LC_ALL $TZ"\n', { mode: 0o755 });
    const before = { ...process.env };
    Object.assign(process.env, { PATH: folder, LC_ALL: 'cy_GB.UTF-8', TZ: 'Europe/London' });
    try {
      expect(beganAt(2 ** 30)).toBe('C UTC');
    } finally {
      for (const name of ['PATH', 'LC_ALL', 'TZ'])
        if (before[name] === undefined) delete process.env[name];
        else process.env[name] = before[name];
      rmSync(folder, { recursive: true });
    }
  });

  it('is nothing for one that has ended, and that its parent has not yet looked after', async () => {
    if (!existsSync('/proc/self/stat')) return console.warn('NOT TESTED: there is no /proc here');
    const parent = spawn('sh', ['-c', 'sleep 0.3 & echo $!; exec sleep 60']);
    const pid = Number(await new Promise<Buffer>((resolve) => parent.stdout.once('data', resolve)));
    for (let looks = 0; looks < 2_000 && beganAt(pid) !== ''; looks += 1) await sleep(10);
    expect([existsSync(`/proc/${pid}/stat`), beganAt(pid)]).toEqual([true, '']);
    parent.kill('SIGKILL');
  });
});
