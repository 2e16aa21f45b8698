import { mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { spawn } from 'node:child_process';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { FolderTaken, holdFolder } from './hold-folder.js';

describe('the hold on a folder', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'larum-hold-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('keeps a second world out until it is let go', async () => {
    const letGo = await holdFolder(folder);
    await expect(holdFolder(folder)).rejects.toThrow(FolderTaken);
    await letGo();
    await (
      await holdFolder(folder)
    )();
  });

  it('is on the folder, by whatever name', async () => {
    const letGo = await holdFolder(folder);
    const other = `${folder}-by-another-name`;
    await symlink(folder, other);
    await expect(holdFolder(other)).rejects.toThrow(/another practice world is running on/);
    await rm(other);
    await letGo();
  });

  it('makes the folder, however deep and long its name is', async () => {
    const deep = join(
      folder,
      ...Array.from({ length: 6 }, () => 'a folder with a rather long name in an exercise'),
    );
    await (
      await holdFolder(deep)
    )();
  });

  it('does not outlive a process that was killed', async () => {
    // A socket file that nobody listens on any more: what kill -9 leaves.
    const script = `const { createServer } = require('node:net'); createServer().listen(process.argv[1], () => console.log('up'));`;
    const child = spawn(process.execPath, ['-e', script, join(folder, 'held.sock')], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await new Promise((resolve) => child.stdout.once('data', resolve));
    await expect(holdFolder(folder)).rejects.toThrow(FolderTaken);
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await ended;
    await (
      await holdFolder(folder)
    )();
  });
});
