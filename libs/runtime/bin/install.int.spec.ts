import {
  existsSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { bareCheckout, NPM_CI } from '../src/testing/bare-checkout.js';

const NPM = `
const { appendFileSync, existsSync, mkdirSync, writeFileSync } = require('node:fs');
appendFileSync('calls', 'npm ' + process.argv.slice(2).join(' ') + '\\n');
if (existsSync('npm-fails') || (existsSync('npm-ci-fails') && process.argv[2] === 'ci')) process.exit(1);
mkdirSync('node_modules', { recursive: true });
writeFileSync('node_modules/.package-lock.json', '{"packages":{"node_modules/a":{"version":"1.0.0"}}}');`;

// A checkout that is not installed.
const { make, remove, inside, write, calls, run } = bareCheckout(NPM);
beforeEach(() => {
  make();
  write('test/support/check.mjs', `console.log('checked');`);
  write('package-lock.json', '{"packages":{"node_modules/a":{"version":"1.0.0"}}}');
});
afterEach(remove);

/** The quickest command: it needs what is installed, and no build. */
const check = (environment: Readonly<Record<string, string>> = {}) => run(environment, 'check');

describe('what is missing', () => {
  it('is installed by another way when npm refuses the lock file, and it is said when neither works', async () => {
    write('npm-ci-fails', '');
    expect(await check()).toMatchObject({ code: 0, stdout: 'checked\n' });
    expect(calls()).toEqual([NPM_CI, NPM_CI.replace('npm ci', 'npm install --no-save')]);
    rmSync(inside('node_modules'), { recursive: true });
    write('npm-fails', '');
    expect(await check()).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('Is the registry reachable?'),
    });
  });
});

describe('the cache of npm', () => {
  const ownCache = () => `${NPM_CI} --cache=${path.join(realpathSync(inside()), '.cache', 'npm')}`;

  it.each<[what: string, environment: () => Readonly<Record<string, string>>]>([
    ['the home is a file', () => ({ HOME: inside('package.json') })],
    ['the home has a file in its place', () => (write('.npm', ''), { HOME: inside() })],
    ['npm was told another that is none', () => ({ npm_config_cache: inside('package.json', 'cache') })],
  ])('is one in the checkout when %s', async (_, environment) => {
    expect(await check(environment())).toMatchObject({ code: 0 });
    expect(calls()).toEqual([ownCache()]);
  });

  (process.getuid?.() === 0 ? it.skip : it)(
    'is one in the checkout when nobody may write to the home',
    async () => {
      mkdirSync(inside('home'), { mode: 0o500 });
      expect(await check({ HOME: inside('home') })).toMatchObject({ code: 0 });
      expect(calls()).toEqual([ownCache()]);
    },
  );

  it('stays where it is when it can be written to, or made', async () => {
    for (const cache of ['.npm', path.join('not', 'yet', 'there')]) {
      rmSync(inside('node_modules'), { recursive: true, force: true });
      mkdirSync(inside('.npm', '_cacache'), { recursive: true });
      expect(await check({ npm_config_cache: inside(cache) })).toMatchObject({ code: 0 });
    }
    expect(calls()).toEqual([NPM_CI, NPM_CI]);
  });
});

describe('a note of another host', () => {
  const note = '.cache/running/7.json';
  beforeEach(() => write(note, '{"pid":7,"host":"gone","began":"x","name":"main"}'));

  it('keeps the packages as they are while it is fresh, and the host is named', async () => {
    const { code, stderr } = await check();
    expect({ code, calls: calls() }).toEqual({ code: 1, calls: [] });
    expect(stderr).toContain('in use by main (process 7 on gone): stop that first');
    expect(existsSync(inside(note))).toBe(true);
  });

  it('that nobody has touched for long is one of the dead: it is removed, and the packages are installed', async () => {
    utimesSync(inside(note), 0, 0);
    expect(await check()).toMatchObject({ code: 0, stdout: 'checked\n' });
    expect({ calls: calls(), note: existsSync(inside(note)) }).toEqual({ calls: [NPM_CI], note: false });
  });
});

it('whoever runs here touches its note every ten seconds, and one on another host is believed for a minute', async () => {
  type RunningHere = { runningHere(name: string): void; whoRunsHere(): object[] };
  const file = inside('libs/runtime/bin/running-here.mjs');
  const { runningHere, whoRunsHere } = (await import(file)) as RunningHere;
  const note = inside('.cache/running', `${process.pid}.json`);
  const from = Date.parse('2026-11-22T10:00:00Z');
  jest.useFakeTimers({ now: from });
  try {
    runningHere('main');
    jest.advanceTimersByTime(10_000);
    expect(statSync(note).mtimeMs).toBe(from + 10_000);
    rmSync(note); // somebody took it for dead while it slept
    jest.advanceTimersByTime(50_000);
    const own = JSON.parse(readFileSync(note, 'utf8')) as object;
    writeFileSync(note, JSON.stringify({ ...own, host: 'another' }));
    utimesSync(note, 0, from / 1000); // 60 s ago
    expect(whoRunsHere()).toEqual([{ ...own, host: 'another' }]);
    utimesSync(note, 0, from / 1000 - 1);
    expect(whoRunsHere()).toEqual([]);
  } finally {
    jest.useRealTimers();
  }
});
