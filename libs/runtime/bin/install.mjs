import { existsSync, readFileSync, statSync, utimesSync } from 'node:fs';
import path from 'node:path';
import { runTool } from './processes.mjs';
import { root, say } from './root.mjs';
import { whoRunsHere } from './running-here.mjs';

const wanted = path.join(root, 'package-lock.json');
/** npm's own note of what it installed. */
const installed = path.join(root, 'node_modules', '.package-lock.json');

/** Whether everything of the lock file is installed. By time first; when the lock file is newer, by what both say. */
export function isInstalled() {
  if (!existsSync(installed)) return false;
  if (statSync(wanted).mtimeMs <= statSync(installed).mtimeMs) return true;
  return sameVersions() && remember();
}

function sameVersions() {
  const want = JSON.parse(readFileSync(wanted, 'utf8')).packages;
  const have = JSON.parse(readFileSync(installed, 'utf8')).packages;
  return Object.entries(want).every(
    ([place, { version, optional, peer, link }]) =>
      place === '' ||
      link ||
      have[place]?.version === version ||
      (have[place] === undefined && (optional || peer)),
  );
}

/** So that the next start need not compare again. */
function remember() {
  try {
    utimesSync(installed, new Date(), new Date());
  } catch {
    // not ours to touch; comparing again costs a few milliseconds
  }
  return true;
}

/** Installs exactly what the lock file says, without running any package's script. Never under a running system. */
export async function installIfMissing() {
  if (isInstalled()) return;
  const running = whoRunsHere();
  if (running.length > 0) {
    const who = running.map(({ name, pid }) => `${name} (process ${pid})`).join(', ');
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
  ];
  if ((await npm('ci', ...flags)) === 0) return;
  // npm 11 refuses a lock file made where a registry lacked packages of other systems; the same versions can still be had.
  say('npm ci did not work; trying npm install by the same lock file');
  const code = await npm('install', '--no-save', ...flags);
  if (code !== 0)
    throw new Error(`npm failed with code ${code}: see its words above. Is the registry reachable?`);
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
