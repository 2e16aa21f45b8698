import { spawn } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { buildSync } from 'esbuild';
import { BackOff, sleep } from '#runtime';

const folder = path.resolve('.cache', `process-spec-${process.pid}`);
const bundle = path.join(folder, 'main.mjs');

beforeAll(() => {
  mkdirSync(folder, { recursive: true });
  const source = path.join(folder, 'main.ts');
  writeFileSync(
    source,
    `import { runUntilSignal } from '${path.resolve('libs/runtime/src/process/run-until-signal.ts')}';
     const log = { debug() {}, info() {}, warn() {}, error(_: unknown, said: string) { console.log(said); }, child: () => log };
     const close = { quick: async () => console.log('closed'), never: () => new Promise(() => {}), badly: async () => { throw new Error('x'); } };
     setInterval(() => {}, 1_000);
     setImmediate(() => console.log('up')); // once it listens for signals
     await runUntilSignal(close[process.argv[2]], log);`,
  );
  buildSync({
    entryPoints: [source],
    outfile: bundle,
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
  });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function stopped(how: string, signals: readonly NodeJS.Signals[]) {
  const child = spawn(process.execPath, [bundle, how]);
  let said = '';
  child.stdout.on('data', (data: Buffer) => (said += data.toString()));
  child.stderr.on('data', (data: Buffer) => (said += data.toString()));
  const ended = new Promise((resolve) => child.once('close', resolve));
  await Promise.race([new Promise((resolve) => child.stdout.once('data', resolve)), ended]);
  const began = performance.now();
  for (const signal of signals) {
    child.kill(signal);
    await sleep(20);
  }
  const code = await ended;
  return { code, said: said.trim().split('\n'), ms: performance.now() - began };
}

describe('a process that is told to stop', () => {
  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('closes once at %s and ends well', async (signal) => {
    expect(await stopped('quick', [signal])).toMatchObject({ code: 0, said: ['up', 'closed'] });
  });

  it('says so when closing failed', async () => {
    expect(await stopped('badly', ['SIGTERM'])).toMatchObject({
      code: 1,
      said: ['up', 'the clean stop failed'],
    });
  });

  it('gives a clean stop three seconds, however often it is asked', async () => {
    const { code, said, ms } = await stopped('never', ['SIGINT', 'SIGHUP', 'SIGTERM']);
    expect({ code, said }).toEqual({
      code: 1,
      said: ['up', 'the clean stop took too long and was given up'],
    });
    expect(ms).toBeGreaterThan(2_900);
    expect(ms).toBeLessThan(8_000);
  });
});

describe('growing pauses', () => {
  it('double up to their cap, each a little off so that replicas spread out, and begin again after success', () => {
    const pauses = new BackOff(100, 1_000);
    for (const whole of [100, 200, 400, 800, 1_000, 1_000]) {
      const pause = pauses.next();
      expect(pause).toBeGreaterThanOrEqual(whole * 0.75);
      expect(pause).toBeLessThanOrEqual(whole * 1.25);
    }
    expect(pauses.attempts).toBe(6);
    pauses.reset();
    expect(pauses.next()).toBeLessThanOrEqual(125);
  });

  it('end at once when the process stops', async () => {
    const stop = new AbortController();
    const began = performance.now();
    const waiting = new BackOff(60_000, 60_000).wait(stop.signal);
    stop.abort();
    await waiting;
    await sleep(60_000, stop.signal); // and one that begins after it does not wait at all
    expect(performance.now() - began).toBeLessThan(30_000);
  });
});
