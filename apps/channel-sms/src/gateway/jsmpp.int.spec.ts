import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { buildSync } from 'esbuild';
import { ALONE, jsmppJars } from '../testing/jsmpp-jars.js';

type Told = {
  accepted: number;
  ids: number;
  delivered: number;
  joined: Record<string, string[]>;
  heard: { from: string; text: string }[];
  loginRefused: boolean;
  killed: { accepted: number; unknown: number; all: number };
  boundAgain: boolean;
  again: string;
};

const found = await jsmppJars();
if ('missing' in found)
  console.warn(`SKIPPED: the SMPP client is not tried against jsmpp's simulator. ${found.missing}.`);

('jars' in found ? describe : describe.skip)('an SMSC that nobody here wrote (jsmpp)', () => {
  let told: Told;
  let folder: string;

  beforeAll(async () => {
    // Inside the checkout, so that packages are found from it.
    mkdirSync('.cache', { recursive: true });
    folder = mkdtempSync(path.resolve('.cache', 'jsmpp-host-'));
    const host = path.join(folder, 'host.mjs');
    buildSync({
      entryPoints: [fileURLToPath(new URL('../testing/jsmpp-host.ts', import.meta.url))],
      outfile: host,
      bundle: true,
      platform: 'node',
      format: 'esm',
      target: 'node20',
      packages: 'external',
      conditions: ['source'],
    });
    const alone = 'ip link set lo up && exec "$0" "$@"';
    const jars = 'jars' in found ? found.jars : '';
    const { stdout } = await promisify(execFile)('unshare', [...ALONE, alone, process.execPath, host, jars], {
      timeout: 170_000,
      env: { ...process.env, NODE_OPTIONS: '' },
    });
    told = JSON.parse(stdout) as Told;
  }, 180_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('takes every text over two sessions, and gives each an id of its own', () =>
    expect([told.accepted, told.ids]).toEqual([300, 300]));

  it('tells of each in a receipt that finds its text, although answers are in hexadecimal and receipts in decimal', () =>
    expect(told.delivered).toBe(300));

  it.each(['udh8', 'udh16', 'sar', 'payload'])(
    'takes long texts joined by %s, in GSM-7 and in UCS-2',
    (joining) => {
      for (const name of ['gsm', 'welsh']) {
        const parts = told.joined[`${joining} ${name}`] ?? [];
        expect(parts.length).toBeGreaterThan(joining === 'payload' ? 0 : 1);
        expect(new Set(parts)).toEqual(new Set(['accepted']));
      }
    },
  );

  it('is heard when it brings a text of its own', () =>
    expect(told.heard[0]).toMatchObject({ text: expect.stringContaining('Hello World') }));

  it('refuses a wrong password, and a person is called', () => expect(told.loginRefused).toBe(true));

  it('killed with a window in flight leaves no text without an end, and takes the rest when it is back', () => {
    const { accepted, unknown, all } = told.killed;
    expect(accepted + unknown).toBe(all);
    expect(unknown).toBeLessThanOrEqual(20); // two windows of ten
    expect([told.boundAgain, told.again]).toEqual([true, 'accepted']);
  });
});
