import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { programFile } from '../embedded/binaries.js';
import { giveTo } from '../embedded/data-place.js';
import { ROOMY_TEMP } from '../embedded/run-as.js';
import { identity, type Launch } from './launch-server.js';

/**
 * Makes an empty cluster whose superuser `larum` has this password. Made beside its place and moved there whole, so that a kill in the
 * middle leaves nothing half made; in a folder that is new each time, because what a killed start had begun may still be at work in its own.
 */
export function makeCluster({
  native,
  cluster,
  password,
  runAs,
}: Omit<Launch, 'settings'> & { password: string }): void {
  clearAway(cluster);
  const fresh = mkdtempSync(`${cluster}.new-`);
  giveTo(fresh, runAs);
  const secret = mkdtempSync(path.join(runAs === undefined ? os.tmpdir() : ROOMY_TEMP, 'larum-'));
  const passwordFile = path.join(secret, 'password');
  try {
    writeFileSync(passwordFile, password, { mode: 0o600 });
    giveTo(passwordFile, runAs);
    giveTo(secret, runAs);
    const made = spawnSync(
      path.join(native, 'bin', programFile('initdb')),
      [
        '-D',
        fresh,
        '-U',
        'larum',
        '-A',
        'scram-sha-256',
        `--pwfile=${passwordFile}`,
        '-E',
        'UTF8',
        '--locale-provider=builtin',
        '--builtin-locale=C.UTF-8',
        '--no-locale',
        '--no-sync',
      ],
      { ...identity(runAs), encoding: 'utf8' },
    );
    if (made.status !== 0)
      throw new Error(`the embedded database could not be made: ${made.stderr || String(made.error)}`);
  } finally {
    rmSync(secret, { recursive: true, force: true });
  }
  renameSync(fresh, cluster);
}

/** What earlier attempts left half made, as far as nobody is at work in it. */
function clearAway(cluster: string): void {
  const folder = path.dirname(cluster);
  for (const name of readdirSync(folder)) {
    if (!name.startsWith(`${path.basename(cluster)}.new`)) continue;
    try {
      rmSync(path.join(folder, name), { recursive: true, force: true });
    } catch {
      // it is being written to: it takes some room, and harms nobody
    }
  }
}

/**
 * Writes a new cluster's files through to the disk, beside the running server: making it waits for no disk, which on a
 * busy one took longer than everything else. Until this is done, a power cut can spoil the cluster; a kill cannot.
 */
export function writeThrough({ native, cluster, runAs }: Omit<Launch, 'settings'>): void {
  const initdb = path.join(native, 'bin', programFile('initdb'));
  spawn(initdb, ['-D', cluster, '--sync-only'], { ...identity(runAs), stdio: 'ignore' })
    .on('error', () => {}) // it was there a moment ago
    .unref();
}
