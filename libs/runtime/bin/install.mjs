import { accessSync, constants, readFileSync, statSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { runTool } from './processes.mjs';
import { root, say } from './root.mjs';
import { whoRunsHere } from './running-here.mjs';

const wanted = path.join(root, 'package-lock.json');
/** npm's own note of what it installed. */
const installed = path.join(root, 'node_modules', '.package-lock.json');

/** Whether everything of the lock file is installed, by what both say: an install without what a build needs is newer than the lock file too. */
export function isInstalled() {
  const want = JSON.parse(readFileSync(wanted, 'utf8')).packages;
  const have = noted();
  return Object.entries(want).every(
    ([place, { version, optional, peer, link }]) =>
      place === '' ||
      link ||
      have[place]?.version === version ||
      (have[place] === undefined && (optional || peer)),
  );
}

/** The packages that are there; none where npm has noted nothing, or only half of it. */
function noted() {
  try {
    return JSON.parse(readFileSync(installed, 'utf8')).packages ?? {};
  } catch {
    return {};
  }
}

/** Installs exactly what the lock file says, without running any package's script. Never under a running system. */
export async function installIfMissing() {
  if (isInstalled()) return;
  const running = whoRunsHere();
  if (running.length > 0) {
    const on = (host) => (host === os.hostname() ? '' : ` on ${host}`);
    const who = running.map(({ name, pid, host }) => `${name} (process ${pid}${on(host)})`).join(', ');
    throw new Error(
      `package-lock.json has changed, but the installed packages are in use by ${who}: stop that first, then try again`,
    );
  }
  say('installing packages (npm ci)');
  // Only errors: what tools of development ask of Node would be forty frightening lines that nobody can act on.
  const flags = [
    '--include=dev',
    '--include=optional',
    '--ignore-scripts',
    '--no-audit',
    '--no-fund',
    '--loglevel=error',
    ...cacheFlag(),
  ];
  if ((await npm('ci', ...flags)) === 0) return;
  // npm 11 refuses a lock file made where a registry lacked packages of other systems; the same versions can still be had.
  say('npm ci did not work; trying npm install by the same lock file');
  const code = await npm('install', '--no-save', ...flags);
  if (code !== 0)
    throw new Error(`npm failed with code ${code}: see its words above. Is the registry reachable?`);
}

/** A cache in the checkout, where that of npm cannot be written to: a home that is read-only, another's, or none. */
function cacheFlag() {
  const own = `--cache=${path.join(root, '.cache', 'npm')}`;
  try {
    const cache = process.env.npm_config_cache || path.join(os.homedir(), '.npm');
    return canWriteTo(path.join(cache, '_cacache')) ? [] : [own]; // what npm keeps in it, and an old `sudo npm` may have made
  } catch {
    return [own]; // a user without a home
  }
}

/** Whether it is a folder that we can write to, or can be made one. */
function canWriteTo(folder) {
  try {
    accessSync(folder, constants.W_OK | constants.X_OK);
    return statSync(folder).isDirectory();
  } catch (error) {
    return error.code === 'ENOENT' && folder !== path.dirname(folder) && canWriteTo(path.dirname(folder));
  }
}

/** The npm that called us, else the one of this machine. Its words go to standard error. */
function npm(...args) {
  const own = process.env.npm_execpath;
  const [program, first] =
    own !== undefined && /npm-cli\.[cm]?js$/.test(own)
      ? [process.execPath, [own]]
      : [process.platform === 'win32' ? 'npm.cmd' : 'npm', []];
  const shell = process.platform === 'win32' && first.length === 0;
  return runTool(program, [...first, ...args], { shell }).catch((error) => {
    throw new Error(`npm could not be started: ${error.message}`);
  });
}
