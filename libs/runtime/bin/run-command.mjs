import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { buildIfStale, isBuilt } from './build.mjs';
import { withCheckoutLock } from './checkout-lock.mjs';
import { commands } from './commands.mjs';
import { installIfMissing, isInstalled } from './install.mjs';
import { root } from './root.mjs';
import { runningHere, whyNotStart } from './running-here.mjs';

/** Prepares what the command needs and hands over to it. */
export async function runCommand(name, given) {
  const args = given[0] === '-h' ? ['--help', ...given.slice(1)] : given;
  const command = Object.hasOwn(commands, name ?? '') ? commands[name] : undefined;
  if (command === undefined)
    return fail(`there is no command ${name ?? ''}. There are: ${Object.keys(commands).join(', ')}`);
  if (args[0] === '--help' && !hasOwnHelp(command)) return console.log(command.help);
  const whyNot = command === commands.start ? whyNotStart() : undefined;
  if (whyNot !== undefined) return fail(whyNot);
  try {
    await prepare(command.needs);
  } catch (error) {
    return fail(error.message);
  }
  if (command.module !== undefined) return handOver(command.module, args);
  if (command.jest) return test(args);
  if (command.script !== undefined) process.exitCode = await spawned([...command.script, ...args]);
}

/** A tool that is ready explains itself better than this table; `start`, `test` and `check` are explained here only. */
function hasOwnHelp({ module, help }) {
  return (
    module !== undefined &&
    !help.startsWith('npm start') &&
    isInstalled() &&
    isBuilt() &&
    existsSync(path.join(root, module))
  );
}

async function prepare(needs) {
  if (isInstalled() && (needs === 'install' || isBuilt())) return;
  await withCheckoutLock(async () => {
    await installIfMissing(); // asked again: whoever held the lock may have done it
    if (needs === 'build') await buildIfStale();
  });
}

/** In this very process: no second one that would have to pass signals on, and nothing left behind by a kill. */
async function handOver(module, args) {
  const file = path.join(root, module);
  if (!existsSync(file))
    return fail(`${module} does not exist after the build: this command is not part of this version`);
  runningHere(path.basename(module, '.js'));
  process.argv = [process.execPath, file, ...args];
  await import(pathToFileURL(file).href);
}

async function test(args) {
  runningHere('test');
  process.exitCode = await spawned([
    '--experimental-vm-modules',
    '--disable-warning=ExperimentalWarning',
    'node_modules/jest/bin/jest.js',
    '--reporters=default',
    `--reporters=${path.join(root, 'libs/runtime/bin/closing-line.mjs')}`,
    '--config', // after the reporters: jest would take a path that follows them for one more
    'test/jest.config.mjs',
    ...(process.env.CI === 'true' ? ['--ci'] : []),
    ...args,
  ]);
}

/** Runs Node on `args` in the checkout, passes signals on, and gives its exit code. */
function spawned(args) {
  const child = spawn(process.execPath, args, { cwd: root, stdio: 'inherit' });
  const pass = (signal) => child.kill(signal);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, pass);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => resolve(code ?? 128 + (os.constants.signals[signal] ?? 0)));
  });
}

function fail(message) {
  console.error(message);
  process.exitCode = 1;
}
