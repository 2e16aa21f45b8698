import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { runTool } from './processes.mjs';
import { root, say } from './root.mjs';

const stamp = path.join(root, 'dist', '.sources');
const FOLDERS = ['apps', 'libs', 'test'];
const FILES = ['tsconfig.json', 'tsconfig.build.json', 'nest-cli.json', 'package.json', 'package-lock.json'];

/** Whether `dist` was built, without an error, from the sources as they are: names, sizes and times. A few milliseconds. */
export function isBuilt() {
  try {
    return readFileSync(stamp, 'utf8') === fingerprint();
  } catch {
    return false;
  }
}

/** Compiles everything, unless that was done. A later start tries again after an error. */
export async function buildIfStale() {
  if (isBuilt()) return;
  say('building');
  const sources = fingerprint(); // before, so that an edit in the meantime is noticed
  const began = performance.now();
  // One app is enough: all projects share tsconfig.build.json, which compiles everything.
  const code = await runTool(process.execPath, [
    'node_modules/@nestjs/cli/bin/nest.js',
    'build',
    'standalone',
  ]);
  if (code !== 0) throw new Error('the build failed: correct what the compiler names above, then try again');
  mkdirSync(path.dirname(stamp), { recursive: true });
  writeFileSync(stamp, sources);
  say(`built in ${((performance.now() - began) / 1_000).toFixed(1)} s`);
}

function fingerprint() {
  const hash = createHash('sha256');
  const add = (file) => {
    const { mtimeMs, size } = statSync(path.join(root, file));
    hash.update(`${file}\n${mtimeMs} ${size}\n`);
  };
  FILES.forEach(add);
  for (const folder of FOLDERS) for (const file of sourcesIn(folder)) add(file);
  return hash.digest('hex');
}

function* sourcesIn(folder) {
  const entries = readdirSync(path.join(root, folder), { withFileTypes: true });
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const file = path.join(folder, entry.name);
    if (entry.isDirectory() && entry.name !== 'node_modules') yield* sourcesIn(file);
    else if (/\.(ts|tsx|json)$/.test(entry.name) && !entry.name.endsWith('.spec.ts')) yield file;
  }
}
