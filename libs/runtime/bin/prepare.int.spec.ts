import { existsSync, readdirSync, readFileSync, rmSync, utimesSync } from 'node:fs';
import os from 'node:os';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { beganAt } from '../src/process/began-at.js';
import { bareCheckout, NPM_CI } from '../src/testing/bare-checkout.js';

const NPM = `
const { appendFileSync, mkdirSync, writeFileSync, readFileSync, existsSync } = require('node:fs');
writeFileSync('npm-pid', String(process.pid));
appendFileSync('calls', 'npm ' + process.argv.slice(2).join(' ') + '\\n');
const install = () => {
  if (existsSync('npm-waits')) return setTimeout(install, 20);
  mkdirSync('node_modules/@nestjs/cli/bin', { recursive: true });
  writeFileSync('node_modules/@nestjs/cli/bin/nest.js', readFileSync('fake-nest.js'));
  writeFileSync('node_modules/.package-lock.json', readFileSync('package-lock.json'));
};
setTimeout(install, 300);`;

const NEST = `
const { appendFileSync, cpSync, existsSync } = require('node:fs');
appendFileSync('calls', 'nest ' + process.argv.slice(2).join(' ') + '\\n');
if (existsSync('type-error')) { console.error('libs/cap/src/x.ts(1,1): error TS2322'); process.exit(1); }
setTimeout(() => cpSync('libs/cap', 'dist/libs/cap', { recursive: true }), 300);`;

const lockFile = (version: string) =>
  JSON.stringify({
    packages: {
      '': {},
      'node_modules/a': { version },
      'node_modules/b': { version: '1.0.0', optional: true },
    },
  });

// With an npm and a compiler that only write down that they were called.
const { make, remove, inside, write, calls, run: prepareWith } = bareCheckout(NPM);
beforeEach(() => {
  make();
  write(
    'libs/cap/bin/cap.js',
    `console.log('cap ' + process.argv.slice(2).join(' ')); process.exitCode = 3;`,
  );
  write('libs/cap/bin/cap.ts', '');
  write('apps/a/src/main.ts', '');
  write(
    'test/support/check.mjs',
    `console.log('checked'); setTimeout(() => {}, Number(process.argv[2] ?? 0));`,
  );
  for (const file of ['tsconfig.json', 'tsconfig.build.json', 'nest-cli.json']) write(file, '{}');
  write('package-lock.json', lockFile('1.0.0'));
  write('fake-nest.js', NEST);
});
afterEach(remove);

const prepare = (...args: string[]) => prepareWith({}, ...args);

const BUILD = 'nest build standalone';

/** A later time than any that was written so far, without waiting for it. */
const touch = (file: string) => utimesSync(inside(file), new Date(), new Date(Date.now() + 5_000));

describe('every npm script', () => {
  it('installs and builds a fresh clone, says so beside its output, and ends as its command does', async () => {
    const { code, stdout, stderr } = await prepare('cap', 'check', 'flood.xml');
    expect(calls()).toEqual([NPM_CI, BUILD]);
    expect({ code, stdout }).toEqual({ code: 3, stdout: 'cap check flood.xml\n' });
    expect(stderr).toContain('larum: installing packages');
    expect(existsSync(inside('.cache/prepare.lock'))).toBe(false);
    expect(readdirSync(inside('.cache/running'))).toEqual([]);
  });

  it('does neither when nothing has changed, nor when only a test has', async () => {
    await prepare('build');
    write('libs/cap/src/cap.spec.ts', '');
    await prepare('build');
    expect(calls()).toEqual([NPM_CI, BUILD]);
  });

  it.each([
    ['a source is edited', () => touch('apps/a/src/main.ts')],
    ['a source is removed', () => rmSync(inside('apps/a/src/main.ts'))],
    ['a setting of the compiler changes', () => write('tsconfig.json', '{"a":1}')],
  ])('builds again when %s', async (_, change) => {
    await prepare('build');
    change();
    await prepare('build');
    expect(calls()).toEqual([NPM_CI, BUILD, BUILD]);
  });

  it('installs again when the lock file asks for something else, and not when it is merely newer', async () => {
    await prepare('check');
    touch('package-lock.json');
    await prepare('check');
    expect(calls()).toEqual([NPM_CI]);
    write('package-lock.json', lockFile('2.0.0'));
    touch('package-lock.json');
    await prepare('check');
    expect(calls()).toEqual([NPM_CI, NPM_CI]);
  });

  it.each([
    ['somebody has installed less than a build needs', '{"packages":{"node_modules/b":{"version":"1.0.0"}}}'],
    ['npm has noted only half of what it did', '{"packages":{"node_mod'],
  ])('installs again where %s', async (_, noted) => {
    await prepare('check');
    write('node_modules/.package-lock.json', noted);
    touch('node_modules/.package-lock.json');
    await prepare('check');
    expect(calls()).toEqual([NPM_CI, NPM_CI]);
  });

  it('never installs under a running system', async () => {
    await prepare('build');
    write('dist/libs/cap/bin/cap.js', `console.log('runs'); setTimeout(() => {}, 60_000);`);
    const running = prepare('cap');
    await new Promise((resolve) => running.child.stdout.once('data', resolve));
    write('package-lock.json', lockFile('2.0.0'));
    touch('package-lock.json');
    const { code, stderr } = await prepare('check');
    expect(code).toBe(1);
    expect(stderr).toContain(`in use by cap (process ${running.child.pid}): stop that first`);
    running.child.kill('SIGKILL');
    await running;
    expect(await prepare('check')).toMatchObject({ code: 0, stdout: 'checked\n' }); // its note outlived it, and is not believed
  });

  it.each([
    ['the usual data folder', '.data', {}],
    ['a folder of its own', 'elsewhere/data', { DATA_DIR: 'elsewhere/data' }],
  ])(
    'neither installs nor builds for a start on %s while Larum runs on it',
    async (_, folder, environment) => {
      const owner = (began: string) => JSON.stringify({ pid: process.pid, began });
      write(`${folder}/standalone.lock`, owner(beganAt(process.pid)));
      const { code, stderr } = await prepareWith(environment, 'start');
      expect({ code, stderr }).toEqual({
        code: 1,
        stderr: `Larum already runs on ${folder} (process ${process.pid}). Stop it first, or start on another folder: DATA_DIR=… npm start\n`,
      });
      expect(calls()).toEqual([]);
      await prepareWith({ DATA_DIR: 'another' }, 'start');
      expect(calls()).toEqual([NPM_CI, BUILD]);
    },
  );

  it('is not kept from a start by what a killed one left behind', async () => {
    for (const left of ['{"pid":1,"began":"another boot"}', '{"pid":', '']) {
      write('.data/standalone.lock', left);
      await prepare('start');
    }
    expect(calls()).toEqual([NPM_CI, BUILD]);
  });

  it('lets one of two that start together do the work, and the other wait', async () => {
    write('npm-waits', ''); // for the slower of the two
    const both = [prepare('cap', 'one'), prepare('cap', 'two')];
    while (!both.some((one) => one.saysSoFar().includes('waiting for it')))
      await new Promise((resolve) => setTimeout(resolve, 20));
    rmSync(inside('npm-waits'));
    expect((await Promise.all(both)).map(({ stdout }) => stdout)).toEqual(['cap one\n', 'cap two\n']);
    expect(calls()).toEqual([NPM_CI, BUILD]);
  });

  it('waits for the npm of one that was killed: two of them would take apart what the other installs', async () => {
    write('npm-waits', '');
    const killed = prepare('check');
    while (!existsSync(inside('npm-pid'))) await new Promise((resolve) => setTimeout(resolve, 5));
    killed.child.kill('SIGKILL');
    const next = prepare('check');
    while (!next.saysSoFar().includes('waiting for it') && calls().length < 2)
      await new Promise((resolve) => setTimeout(resolve, 20));
    rmSync(inside('npm-waits'));
    expect(await next).toMatchObject({ code: 0, stdout: 'checked\n' });
    expect(calls()).toEqual([NPM_CI]);
    await killed;
  });

  it('does not take over from one that was put to sleep: it goes on installing when it wakes', async () => {
    const [host, pid] = [os.hostname(), process.pid];
    write('.cache/prepare.lock', JSON.stringify({ id: 'asleep', host, pid, began: beganAt(pid) }));
    utimesSync(inside('.cache/prepare.lock'), new Date(), new Date(Date.now() - 3_600_000));
    const waiting = prepare('check');
    await Promise.race([
      waiting,
      (async () => {
        while (!waiting.saysSoFar().includes(`process ${pid} is installing or building here`))
          await new Promise((resolve) => setTimeout(resolve, 20));
      })(),
    ]);
    expect(calls()).toEqual([]);
    rmSync(inside('.cache/prepare.lock'));
    expect(await waiting).toMatchObject({ code: 0 });
  });

  it('takes over from one that was killed in the middle', async () => {
    const killed = prepare('build');
    while (!existsSync(inside('.cache/prepare.lock'))) await new Promise((resolve) => setTimeout(resolve, 5));
    killed.child.kill('SIGKILL');
    await killed;
    expect(existsSync(inside('.cache/prepare.lock'))).toBe(true);
    const three = await Promise.all([prepare('cap'), prepare('cap'), prepare('cap')]);
    expect(three.map(({ stdout }) => stdout)).toEqual(['cap \n', 'cap \n', 'cap \n']);
  });

  it.each(['SIGTERM', 'SIGHUP'] as const)(
    'told to end by %s ends npm first: nobody shall install beside what it leaves behind',
    async (signal) => {
      write('npm-waits', '');
      const told = prepare('check');
      while (!existsSync(inside('npm-pid'))) await new Promise((resolve) => setTimeout(resolve, 5));
      const pid = Number(readFileSync(inside('npm-pid'), 'utf8'));
      told.child.kill(signal);
      expect((await told).code).toBe(128 + os.constants.signals[signal]);
      expect(beganAt(pid)).toBe('');
      expect(existsSync(inside('.cache/prepare.lock'))).toBe(false);
    },
  );

  it('shows what the compiler says, starts nothing, and tries again next time', async () => {
    write('type-error', '');
    const { code, stdout, stderr } = await prepare('cap');
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain('libs/cap/src/x.ts(1,1): error TS2322');
    expect(stderr).toContain('the build failed: correct what the compiler names above');
    rmSync(inside('type-error'));
    expect(await prepare('cap')).toMatchObject({ stdout: 'cap \n' });
  });

  it('explains itself without installing anything', async () => {
    const { code, stdout } = await prepare('start', '--help');
    expect(code).toBe(0);
    expect(stdout).toContain('DATA_DIR');
    expect(await prepare('cap', '--help')).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('npm run cap'),
    });
    expect(await prepare('nonsense')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('there is no command nonsense'),
    });
    expect(calls()).toEqual([]);
  });

  it('passes a signal on to what it started, and ends with it', async () => {
    await prepare('build');
    write(
      'test/support/check.mjs',
      `process.on('SIGTERM', () => process.exit(7)); console.log('up'); setTimeout(() => {}, 60_000);`,
    );
    const running = prepare('check');
    await new Promise((resolve) => running.child.stdout.once('data', resolve));
    running.child.kill('SIGTERM');
    expect(await running).toMatchObject({ code: 7 });
  });
});
