import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { commandOf, isAlive, readPostmaster, stopServer } from './server-process.js';

let cluster: string;
const children: ChildProcess[] = [];
beforeEach(() => {
  cluster = mkdtempSync(path.join(os.tmpdir(), 'larum-cluster-'));
});
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  rmSync(cluster, { recursive: true, force: true });
});

/** A process that answers signals as `script` says, once it is ready to. */
async function ready(script: string): Promise<{ pid: number; said: string[]; ended: Promise<unknown> }> {
  const child = spawn('/bin/sh', ['-c', `${script}\necho ready; while :; do sleep 0.02; done`]);
  children.push(child);
  const said: string[] = [];
  const ended = new Promise((resolve) => child.once('exit', (code, signal) => resolve(signal ?? code)));
  await new Promise<void>((resolve) =>
    createInterface({ input: child.stdout }).on('line', (line) => {
      said.push(line);
      if (line === 'ready') resolve();
    }),
  );
  return { pid: child.pid ?? 0, said, ended };
}

describe('the lock file of a cluster', () => {
  // PostgreSQL 18, "Database File Layout": process, data folder, start, port, socket folder, address, shared memory, status.
  const lines = ['4711', '/data', '1795255200', '20432', '', '127.0.0.1', '  1 2', 'ready   '];

  it('tells the process, its port and whether it takes connections', () => {
    writeFileSync(path.join(cluster, 'postmaster.pid'), `${lines.join('\n')}\n`);
    expect(readPostmaster(cluster)).toEqual({ pid: 4711, port: 20432, status: 'ready' });
  });

  it.each([
    ['is not written to its end', lines.slice(0, 4).join('\n'), { pid: 4711, port: 20432, status: '' }],
    [
      'says that the server is starting',
      lines.with(7, 'starting').join('\n'),
      { pid: 4711, port: 20432, status: 'starting' },
    ],
    ['is empty', '', undefined],
    ['is no lock file at all', 'hello\nworld\n', undefined],
    [
      'names a group of processes, as that of a single-user server does',
      lines.with(0, '-4711').join('\n'),
      undefined,
    ],
  ])('that %s is read for what it is worth', (_, text, found) => {
    writeFileSync(path.join(cluster, 'postmaster.pid'), text);
    expect(readPostmaster(cluster)).toEqual(found);
  });

  it('may be missing, and the whole cluster with it', () => {
    expect(readPostmaster(cluster)).toBeUndefined();
    expect(readPostmaster(path.join(cluster, 'nowhere'))).toBeUndefined();
  });
});

describe('a process', () => {
  it('is known by its number while it runs, and not after it', async () => {
    const { pid, ended } = await ready('');
    expect(isAlive(pid)).toBe(true);
    expect(commandOf(pid)).toContain('echo ready');
    process.kill(pid, 'SIGKILL');
    await ended;
    expect(isAlive(pid)).toBe(false);
    expect(commandOf(pid)).toBe('');
  });

  it('runs also when it belongs to somebody else', () => expect(isAlive(1)).toBe(true));

  it('that has ended and waits to be asked for its end does not run', async () => {
    // The shell starts one that ends at once, and becomes a program that never asks.
    const { pid, said } = await ready('sh -c "exit 0" & echo $!; exec sh -c "echo ready; exec sleep 20"');
    expect(pid).toBeGreaterThan(0);
    const zombie = Number(said[0]);
    const deadline = performance.now() + 20_000;
    while (isAlive(zombie) && performance.now() < deadline)
      await new Promise((resolve) => setTimeout(resolve, 10));
    expect(isAlive(zombie)).toBe(false);
  });
});

describe('a server that is stopped', () => {
  it('is asked politely first, and waited for', async () => {
    const { pid, said, ended } = await ready(`trap 'echo polite; sleep 0.1; exit 7' INT`);
    await stopServer(pid, 3_000);
    expect(isAlive(pid)).toBe(false);
    expect(await ended).toBe(7);
    expect(said).toContain('polite');
  });

  it('is told to leave at once when it has not gone in time', async () => {
    const { pid, ended } = await ready(`trap '' INT; trap 'exit 9' QUIT`);
    await stopServer(pid, 50);
    expect(await ended).toBe(9);
  });

  it('may have gone by itself', async () => {
    const { pid, ended } = await ready('');
    process.kill(pid, 'SIGKILL');
    await ended;
    const began = performance.now();
    await stopServer(pid, 5_000);
    expect(performance.now() - began).toBeLessThan(4_000);
  });
});
